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
      let count = interpreter.variableNames.count { $0 != "args" } - omitted.count
      say("wrote \(path), \(Self.counted(count, "variable")), \(ByteCount.text(bytes.count))\n")
      if !omitted.isEmpty {
        say("not in the file, which holds data only: \(omitted.joined(separator: ", "))\n")
      }
      if interpreter.optimisersRemember {
        say("optimisers begin anew after load: what they remember of their steps is not in the file\n")
      }
    } else if path.hasSuffix(".nn") {
      let seed = transcript.texts.contains { $0.contains("seed(") } ? nil : interpreter.drawnSeed
      let folder = Folder.wholePath(Folder.folder(of: path))
      let script = transcript.script(seed: seed, in: folder + "/")
      try write(Array(script.utf8), to: path)
      say("wrote \(path), \(Self.counted(script.count { $0 == "\n" }, "line"))\n")
      let losses = transcript.losses { interpreter[$0] != nil }
      for loss in losses { say("but \(loss)\n") }
    } else {
      throw Diagnostic(.error, "save knows files by their ending").hinting(
        ".nn is a script, .nnw all variables")
    }
  }

  func load(_ words: String) throws(Diagnostic) {
    let path = try self.path(
      words, wanted: "load takes the name of a file that save has written: session.nnw")
    if path.hasSuffix(".nn") { throw Diagnostic(.error, "\(path) is a script").hinting("run \(path)") }
    let bytes = try read(path)
    let names = try interpreter.load(workspace: bytes, name: path)
    record(loaded: names, from: path)
    say("\(Self.counted(names.count, "variable")): \(names.prefix(12).joined(separator: " "))")
    say(names.count > 12 ? " …\n" : "\n")
  }

  /// Keeps what was loaded for a script of the session, as the values themselves: the language reads no such file.
  private func record(loaded names: [String], from path: String) {
    var lines = [Transcript.loading + path]
    var left: [String] = []
    for name in names {
      if let value = interpreter[name].flatMap(Literal.text) {
        lines.append("\(interpreter.role(of: name) == .param ? "param " : "")\(name) = \(value);")
      } else {
        left.append(name)
      }
    }
    lines.append("digits(\(interpreter.digits))")
    let loss =
      left.isEmpty
      ? nil
      : "\(left.joined(separator: ", ")), loaded from \(path), \(left.count == 1 ? "is" : "are") not in the script"
    transcript.add(lines.joined(separator: "\n"), isRight: true, loss: loss)
  }

  private static func counted(_ count: Int, _ what: String) -> String {
    "\(count) \(what)\(count == 1 ? "" : "s")"
  }

  func runScript(_ words: String) throws(Diagnostic) {
    let path = try self.path(words, wanted: "run takes the name of a script")
    if path.hasSuffix(".nnw") { throw Diagnostic(.error, "\(path) holds variables").hinting("load \(path)") }
    try runFile(path)
  }

  /// Runs a script; what it does becomes part of the session's own.
  func runFile(_ path: String) throws(Diagnostic) {
    let source = Source(name: path, bytes: try read(path))
    let tree = try Parser.parse(source).tree()
    do throws(Diagnostic) { try interpreter.run(tree, name: path, isInteractive: false) } catch {
      record(tree, of: source, failedWith: error)
      throw error
    }
    transcript.add(script: Folder.wholePath(path))
  }

  /// Keeps for a script of the session what a script did that failed: the statements before the one that did.
  private func record(_ tree: SyntaxTree, of source: Source, failedWith error: Diagnostic) {
    if let before, interpreter.isUnchanged(since: before) { return }
    let name = source.name
    let place =
      error.trace.last { $0.source.name == name }?.range ?? (error.source?.name == name ? error.range : .none)
    guard !place.isNone,
      let statement = tree.topLevelStatements.last(where: { tree.range($0).start <= place.start })
    else {
      return transcript.add(
        "run \(name)", isRight: false, loss: "what \(name) did before it failed is not in the script")
    }
    let start = Int(tree.range(statement).start)
    let code = source.text(tree.range(statement))
    transcript.add("# run \(name), which failed in line \(source.line(of: Int32(start)))", isRight: true)
    transcript.add(
      source.text(SourceRange(0, tree.range(statement).end)), rightUpTo: start, hadEffect: code.contains("{"))
  }

  // MARK: the folder

  func changeFolder(_ words: String) throws(Diagnostic) {
    let home = getenv("HOME").map { String(cString: $0) } ?? "/"
    let path = words.isEmpty ? home : words == "-" ? folderBefore : words.trimmingQuotes().expandingTilde()
    if path.isEmpty { throw Diagnostic(.error, "there is no folder to go back to") }
    let here = Folder.wholePath(".")
    guard chdir(path) == 0 else {
      throw Diagnostic(.error, "cannot go to \(path): \(HostError.reading(folder: errno).reason)")
    }
    folderBefore = here
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
      throw Diagnostic(.error, "cannot list \(path): \(HostError.reading(folder: errno).reason)")
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
