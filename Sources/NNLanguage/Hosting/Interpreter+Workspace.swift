import NNCore
import NNFormats

// Everything that variables hold, as a file.
extension Interpreter {
  /// The bytes of a file with all variables, networks and the random state, and the names of variables that no file
  /// can hold: functions of the user's, optimisers.
  ///
  /// - Throws: where there is no memory for it.
  public func workspace() throws(Diagnostic) -> (bytes: [UInt8], omitted: [String]) {
    var writer = WorkspaceWriter(resources)
    var omitted: [String] = []
    for variable in variables where variable.name != "args" {
      let isKept = try writer.add(variable.name, variable.value, isParam: variable.role == .param)
      if !isKept { omitted.append(variable.name) }
    }
    try writer.add(machine.random.state, digits: digits)
    do throws(FormatError) {
      let content = FileContent.tensors(writer.tensors, metadata: writer.metadata)
      return (try FileFormat.safetensors.write(content, in: resources), omitted)
    } catch {
      throw Diagnostic(.error, "the variables cannot be written: \(error)")
    }
  }

  /// Whether optimisers remember something of earlier steps (momentum and the like), which no file holds.
  public var optimisersRemember: Bool { !machine.tracking.optimisers.matrices.isEmpty }

  /// Gives variables the values that a file of `workspace` holds; other variables stay.
  ///
  /// - Returns: the names of the variables.
  /// - Throws: where the bytes are no such file; then nothing has changed.
  public func load(workspace bytes: [UInt8], name: String) throws(Diagnostic) -> [String] {
    let reader = try read(workspace: bytes, name: name)
    let before = snapshot()
    do throws(Diagnostic) {
      for variable in reader.variables {
        self[variable.name] = nil
        self[variable.name] = variable.value
        if variable.isParam { try run("param \(variable.name)", name: name) }
      }
    } catch {
      restore(before)
      throw error
    }
    if let random = reader.random { machine.random = random }
    if let digits = reader.digits { self.digits = digits }
    return reader.variables.map(\.name)
  }

  private func read(workspace bytes: [UInt8], name: String) throws(Diagnostic) -> WorkspaceReader {
    let content: FileContent
    do throws(FormatError) { content = try FileFormat.safetensors.read(bytes, in: resources) } catch {
      let isData = FileFormat.named(name) != nil
      throw Diagnostic(.error, "cannot load \(name): \(isData ? "it was not written by save" : "\(error)")")
        .hinting(isData ? "data of other files are values: x = read(\"\(name)\")" : nil)
    }
    guard case .tensors(let tensors, let metadata) = content else {
      throw Diagnostic(.error, "cannot load \(name): it was not written by save")
    }
    do throws(Diagnostic) { return try WorkspaceReader(tensors, metadata, machine) } catch {
      throw Diagnostic(error.severity, "cannot load \(name): \(error.message)")
    }
  }
}
