import LineEditing
import NNLanguage

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

// `save`, `load`, `run`, and the folder they work in.
extension Repl {
  func save(_ words: String) throws(Diagnostic) {
    let path = try self.path(words, wanted: "save takes the name of a file: session.nn or session.nnw")
    if path.hasSuffix(".nnw") {
      let (bytes, omitted) = try interpreter.workspace()
      try write(bytes, to: path)
      if !omitted.isEmpty {
        say("not in the file, which holds data only: \(omitted.joined(separator: ", "))\n")
      }
    } else if path.hasSuffix(".nn") {
      let seed = transcript.texts.contains { $0.contains("seed(") } ? nil : interpreter.drawnSeed
      let folder = Folder.wholePath(Folder.folder(of: path))
      try write(Array(transcript.script(seed: seed, in: folder + "/").utf8), to: path)
    } else {
      throw Diagnostic(.error, "save knows files by their ending").hinting(
        ".nn is a script, .nnw all variables")
    }
  }

  func load(_ words: String) throws(Diagnostic) {
    let path = try self.path(
      words, wanted: "load takes the name of a file that save has written: session.nnw")
    let bytes = try read(path)
    let names = try interpreter.load(workspace: bytes, name: path)
    transcript.add("load \(path)", isRight: false)
    say("\(names.count) variable\(names.count == 1 ? "" : "s"): \(names.prefix(12).joined(separator: " "))")
    say(names.count > 12 ? " …\n" : "\n")
  }

  func runScript(_ words: String) throws(Diagnostic) {
    let path = try self.path(words, wanted: "run takes the name of a script")
    try runFile(path)
    transcript.add(script: Folder.wholePath(path))
  }

  func runFile(_ path: String) throws(Diagnostic) {
    let source = Source(name: path, bytes: try read(path))
    let tree = try Parser.parse(source).tree()
    try interpreter.run(tree, name: path, isInteractive: false)
  }

  // MARK: the folder

  func changeFolder(_ words: String) throws(Diagnostic) {
    let home = getenv("HOME").map { String(cString: $0) } ?? "/"
    let path = words.isEmpty ? home : words.trimmingQuotes().expandingTilde()
    guard chdir(path) == 0 else {
      throw Diagnostic(.error, "cannot go to \(path): \(HostError.reading(errno).reason)")
    }
    try showFolder("")
  }

  func showFolder(_ words: String) throws(Diagnostic) {
    guard let folder = getcwd(nil, 0) else {
      throw Diagnostic(.error, "this folder is not there any more")
    }
    defer { free(folder) }
    say(String(cString: folder).escapingControls() + "\n")
  }

  func listFolder(_ words: String) throws(Diagnostic) {
    let path = words.isEmpty ? "." : words.trimmingQuotes().expandingTilde()
    guard let names = Folder.names(in: path) else {
      throw Diagnostic(.error, "cannot list \(path): \(HostError.reading(errno).reason)")
    }
    let shown = names.filter { !$0.hasPrefix(".") }.map { $0.escapingControls() }
    let width = (shown.map(\.count).max() ?? 0) + 2
    let across = max(1, host.width / max(1, width))
    let rows = (shown.count + across - 1) / across
    for row in 0..<rows {
      let cells = stride(from: row, to: shown.count, by: rows).map { shown[$0] }
      let line = cells.dropLast().map { $0 + String(repeating: " ", count: width - $0.count) }.joined()
      say(line + (cells.last ?? "") + "\n")
    }
  }

  // MARK: files

  private func path(_ words: String, wanted: String) throws(Diagnostic) -> String {
    if words.isEmpty { throw Diagnostic(.error, wanted) }
    return words.trimmingQuotes().expandingTilde()
  }

  func read(_ path: String) throws(Diagnostic) -> [UInt8] {
    do throws(HostError) { return try host.readFile(path) } catch {
      throw Diagnostic(.error, "cannot read \(path): \(error.reason)")
    }
  }

  private func write(_ bytes: [UInt8], to path: String) throws(Diagnostic) {
    do throws(HostError) { try host.writeFile(path, bytes) } catch {
      throw Diagnostic(.error, "cannot write \(path): \(error.reason)")
    }
  }
}

extension String {
  /// `~/x` with the home folder for `~`.
  func expandingTilde() -> String {
    guard self == "~" || hasPrefix("~/"), let home = getenv("HOME") else { return self }
    return String(cString: home) + dropFirst()
  }
}
