import NNCore

/// What `==` means for values that are not both numeric: strings by their text, lists element by element.
enum Equality {
  /// For each element of a list whether it equals that of another list, or a string; nil where no list is compared so.
  ///
  /// - Throws: where two lists have different lengths.
  static func ofElements(_ a: Value, _ b: Value, _ cancellation: Cancellation) throws(Diagnostic) -> [Bool]? {
    switch (a, b) {
    case (.list(let list), .text(let text)), (.text(let text), .list(let list)):
      return list.elements.map { $0.string == text.string }
    case (.list(let a), .list(let b)):
      guard a.count == b.count else {
        throw Diagnostic(
          .error, "lists are compared element by element, and these have \(a.count) and \(b.count)")
      }
      var results: [Bool] = []
      results.reserveCapacity(a.count)
      for (x, y) in zip(a.elements, b.elements) { results.append(try areEqual(x, y, cancellation)) }
      return results
    default: return nil
    }
  }

  /// Whether two elements of lists are equal; those of different kinds are not.
  private static func areEqual(_ a: Value, _ b: Value, _ cancellation: Cancellation) throws(Diagnostic)
    -> Bool
  {
    do { return try holds(a, b, cancellation) } catch {
      if error.severity == .interrupt { throw error }
      return false
    }
  }

  /// - Throws: where the two kinds cannot be compared, or lists nest too deep.
  static func holds(_ a: Value, _ b: Value, _ cancellation: Cancellation? = nil) throws(Diagnostic) -> Bool {
    var pending = [(a, b)]
    while let (a, b) = pending.popLast() {
      if cancellation?.isRaised == true { throw Diagnostic(.interrupt, "interrupted") }
      switch (a, b) {
      case (.text(let a), .text(let b)): if a.string != b.string { return false }
      case (.list(let a), .list(let b)) where a.storage === b.storage: continue
      case (.list(let a), .list(let b)):
        if a.count != b.count { return false }
        pending.append(contentsOf: zip(a.elements, b.elements))
      case (.function(let a), .function(let b)): if !areSame(a, b) { return false }
      case (.object(let a), .object(let b)): if a !== b { return false }
      case (.number, .number), (.number, .matrix), (.matrix, .number), (.matrix, .matrix):
        if !areEqualNumbers(a, b) { return false }
      default:
        throw Diagnostic(.error, "\(a.kindWithArticle) cannot be compared with \(b.kindWithArticle)")
      }
    }
    return true
  }

  private static func areSame(_ a: Function, _ b: Function) -> Bool {
    if case .builtin(let a) = a.body, case .builtin(let b) = b.body { return a == b }
    return a === b
  }

  /// Same shape and same elements, as elements of lists are compared.
  private static func areEqualNumbers(_ a: Value, _ b: Value) -> Bool {
    if let a = a.number, let b = b.number { return a == b }
    if case .matrix(let a) = a, case .matrix(let b) = b { return a == b }
    return false
  }
}
