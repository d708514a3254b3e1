import NNLanguage

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

// `edit`.
extension Repl {
  /// The last entry in the user's editor; what is saved there is offered at the prompt.
  func edit(_ words: String) throws(Diagnostic) {
    guard reader.isOnTerminal else { throw Diagnostic(.error, "edit needs a terminal") }
    let last = lastCode
    var template = Array(
      ((getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp") + "/nnrepl-XXXXXX.nn").utf8CString)
    let descriptor = mkstemps(&template, 3)
    guard descriptor >= 0 else { throw Diagnostic(.error, "there is no place for a file to edit") }
    close(descriptor)
    let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer { unlink(path) }
    do throws(HostError) { try host.writeFile(path, Array((last + "\n").utf8)) } catch {
      throw Diagnostic(.error, "cannot write \(path): \(error.reason)")
    }
    host.output.flush()
    var status: Int32 = -1
    reader.withOriginalTerminal {
      status = ChildProcess.run(["/bin/sh", "-c", Self.editorCommand, "sh", path])
    }
    guard status == 0 else { throw Diagnostic(.error, "the editor ended with status \(status)") }
    let text = String(decoding: try read(path), as: UTF8.self).trimmingBlanks()
    if text != last || !text.isEmpty { offered = text }
  }

  private static let editorCommand = "${VISUAL:-${EDITOR:-vi}} \"$1\""
}
