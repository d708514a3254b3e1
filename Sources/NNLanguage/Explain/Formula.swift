import NNCore

/// What stands on the right of a line, in no notation yet: operations of the graph down to names.
///
/// A formula is as deep as a line is long, so what walks over one may recurse.
struct Formula {
  indirect enum Kind {
    /// A variable, or a field such as `net.W1`.
    case name(String)
    /// Source text that binds tightly: a value as it is shown.
    case text(String)
    /// Data that an expression of the program gives, and its value.
    case source(SyntaxTree, NodeID, Matrix)
    /// A number of the source text, or one that a rule wrote: a fraction, so that `/4` stays a division.
    case number(Scalar, over: Scalar)
    /// The ratio of a circle's circumference to its diameter.
    case pi
    /// Data that has no name, written out.
    case matrix(Matrix)
    /// A number repeated to fill the shape.
    case filled(Scalar, over: Scalar)
    /// A number, a row or a column repeated to fill the shape.
    case stretched(Formula)
    case operation(OperationID, [Formula], Attributes)
    /// Elements of a matrix, by row and by column.
    case picked(Formula, rows: Places, columns: Places)
    /// Zeros with the elements of a matrix added at rows and columns.
    case scattered(Formula, rows: Places, columns: Places)
  }

  /// Rows or columns, counted from 0.
  indirect enum Places {
    case all(Int)
    case range(first: Int, step: Int, count: Int)
    case list([Int])
    /// Computed places, counted from 0 as well.
    case computed(Formula)
  }

  var kind: Kind
  var shape: Shape

  init(_ kind: Kind, _ shape: Shape) {
    self.kind = kind
    self.shape = shape
  }
}

extension Formula {
  /// Whether it is a name or a number by itself.
  var isPlain: Bool {
    switch kind {
    case .name, .number, .pi: true
    default: false
    }
  }

  /// The name, if it is nothing else.
  var name: String? {
    if case .name(let name) = kind { return name }
    return nil
  }

  /// The parts directly within.
  var parts: [Formula] {
    switch kind {
    case .name, .text, .source, .number, .pi, .matrix, .filled: []
    case .stretched(let part): [part]
    case .operation(_, let parts, _): parts
    case .picked(let base, let rows, let columns), .scattered(let base, let rows, let columns):
      [base] + [rows, columns].compactMap(\.formula)
    }
  }

  /// The names in it, from left to right, each once.
  var names: [String] {
    var found: [String] = []
    var seen: Set<String> = []
    var pending = [self]
    while let next = pending.popLast() {
      if let name = next.name, seen.insert(name).inserted { found.append(name) }
      pending.append(contentsOf: next.parts.reversed())
    }
    return found
  }
}

extension Formula.Places {
  /// What computes them.
  var formula: Formula? {
    if case .computed(let formula) = self { return formula }
    return nil
  }

  /// Given places, as short as they can be said.
  init(_ places: [Int], of limit: Int?) {
    let step = places.count > 1 ? places[1] - places[0] : 1
    let isEven = step != 0 && places.indices.dropFirst().allSatisfy { places[$0] - places[$0 - 1] == step }
    if places.isEmpty || !isEven {
      self = .list(places)
    } else if places[0] == 0, step == 1, places.count == limit {
      self = .all(places.count)
    } else {
      self = .range(first: places[0], step: step, count: places.count)
    }
  }
}
