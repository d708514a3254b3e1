import NNCore

/// A function value: one of the user's, with what it captured, or a builtin.
public final class Function {
  enum Body {
    case user(Code)
    case builtin(Int)
  }

  let body: Body
  private(set) var captures: [Cell]
  /// The code of a user's function, for calls without counting references.
  let code: Unmanaged<Code>?
  /// The name it was defined by; the text of one written with `->`.
  public let name: String

  init(_ code: Code, captures: [Cell]) {
    body = .user(code)
    self.captures = captures
    self.code = .passUnretained(code)
    name = code.name
  }

  init(builtin index: Int, name: String) {
    body = .builtin(index)
    captures = []
    code = nil
    self.name = name
  }

  // A function that captures a function that captures a function … must not be freed by recursion: one loop takes
  // the chain apart, as far as nothing else holds its links.
  deinit {
    var pending = captures
    captures = []
    while var cell = pending.popLast() {
      guard isKnownUniquelyReferenced(&cell), case .function(var function) = cell.value else { continue }
      cell.value = .nothing
      if isKnownUniquelyReferenced(&function) {
        pending.append(contentsOf: function.captures)
        function.captures = []
      }
    }
  }
}

/// A local variable that an inner function reads: it lives apart from the frame, so both see its current value.
final class Cell: Object {
  var value: Value

  init(_ value: Value) { self.value = value }

  override var reachableValues: [Value] { [value] }
}
