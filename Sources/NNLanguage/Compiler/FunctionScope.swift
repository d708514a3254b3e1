/// The variables of the code being compiled, and its draft.
///
/// The top level has no locals: its variables are globals. A function's own variables are its parameters and
/// every name it assigns; those that inner functions read live in cells.
final class FunctionScope {
  let parent: FunctionScope?
  var draft: CodeDraft
  private(set) var registers: [String: Int] = [:]
  /// Locals that inner functions read.
  let captured: Set<String>
  private var captureIndices: [String: Int] = [:]
  var nextTemporary = 0
  var loops: [LoopLabels] = []

  /// Jumps out of and to the next round of the loop being compiled, patched at its end.
  struct LoopLabels {
    var breaks: [Int] = []
    var continues: [Int] = []
  }

  var isTopLevel: Bool { parent == nil && !isFunction }
  private let isFunction: Bool

  init(name: String, parent: FunctionScope?, locals: [String]?, captured: Set<String> = []) {
    self.parent = parent
    self.captured = captured
    isFunction = locals != nil
    draft = CodeDraft(name: name, isFunction: locals != nil)
    for local in locals ?? [] where registers[local] == nil {
      registers[local] = draft.content.localNames.count
      draft.content.localNames.append(local)
    }
    nextTemporary = draft.content.localNames.count
    draft.registerCount = nextTemporary
  }

  /// The register of a variable of this very function.
  func register(of name: String) -> Int? { registers[name] }

  /// Where a variable of a function further out is captured; nil when no function around has it.
  func capture(_ name: String) -> Int? {
    if let index = captureIndices[name] { return index }
    guard let parent else { return nil }
    let source: Code.Capture
    if let register = parent.register(of: name) {
      source = .local(register)
    } else if let index = parent.capture(name) {
      source = .outer(index)
    } else {
      return nil
    }
    draft.content.captures.append(source)
    draft.content.captureNames.append(name)
    captureIndices[name] = draft.content.captures.count - 1
    return draft.content.captures.count - 1
  }

  /// A register above all that are in use.
  func temporary() -> Int {
    let register = nextTemporary
    reserve(upTo: register + 1)
    return register
  }

  func reserve(upTo count: Int) {
    nextTemporary = count
    draft.registerCount = max(draft.registerCount, count)
  }
}
