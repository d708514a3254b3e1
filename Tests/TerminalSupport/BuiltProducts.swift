#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The path of an executable of this package, built beside the tests that run.
package func builtProduct(_ name: String) -> String {
  var folder = runningFile().split(separator: "/", omittingEmptySubsequences: false).dropLast()
  // On macOS the tests are in a bundle: Tests.xctest/Contents/MacOS/Tests.
  if let bundle = folder.firstIndex(where: { $0.hasSuffix(".xctest") }) { folder = folder[..<bundle] }
  return folder.joined(separator: "/") + "/" + name
}

/// The file this code was loaded from.
private func runningFile() -> String {
  #if os(Linux)
    let path = realpath("/proc/self/exe", nil)
  #else
    var info = Dl_info()
    let path = dladdr(#dsohandle, &info) != 0 ? realpath(info.dli_fname, nil) : nil
  #endif
  guard let path else { return "" }
  defer { free(path) }
  return String(cString: path)
}

/// A folder for one test, removed with everything in it when the last reference goes.
package final class TemporaryFolder {
  package let path: String

  package init() {
    var template = Array("/tmp/terminal-test.XXXXXX".utf8CString)
    path = mkdtemp(&template).map { String(cString: $0) } ?? "/tmp"
  }

  deinit { Self.remove(path) }

  package func write(_ text: String, to name: String) throws {
    guard let file = fopen(path + "/" + name, "w") else {
      throw TerminalSession.Failure(description: "cannot write")
    }
    fputs(text, file)
    fclose(file)
  }

  package func read(_ name: String) -> String? {
    guard let file = fopen(path + "/" + name, "r") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    while case let byte = getc(file), byte != EOF { bytes.append(UInt8(truncatingIfNeeded: byte)) }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func remove(_ path: String) {
    if let folder = opendir(path) {
      while let entry = readdir(folder) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
          $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name != ".", name != ".." { remove(path + "/" + name) }
      }
      closedir(folder)
      rmdir(path)
    } else {
      unlink(path)
    }
  }
}
