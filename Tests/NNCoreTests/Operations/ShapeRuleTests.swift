import Testing

@testable import NNCore

@Suite("Shape rules")
struct ShapeRuleTests {
  static let wrong: [(OperationID, [Shape], Attributes, CoreError)] = [
    (.add, [Shape(2, 3), Shape(3, 2)], .none, .shapesDoNotFit(name: "+", Shape(2, 3), Shape(3, 2))),
    (.add, [Shape(2, 1), Shape(1, 3)], .none, .bothStretch(name: "+", Shape(2, 1), Shape(1, 3))),
    (.subtract, [Shape(1, 3), Shape(2, 1)], .none, .bothStretch(name: "-", Shape(1, 3), Shape(2, 1))),
    (
      .choose, [Shape(2, 1), Shape(1, 1), Shape(1, 3)], .none,
      .bothStretch(name: "where", Shape(2, 1), Shape(1, 3))
    ),
    (
      .clip, [Shape(2, 3), Shape(1, 1), Shape(4, 1)], .none,
      .shapesDoNotFit(name: "clip", Shape(2, 3), Shape(4, 1))
    ),
    (.product, [Shape(2, 3), Shape(2, 3)], .none, .shapesDoNotFit(name: "*", Shape(2, 3), Shape(2, 3))),
    (
      .product, [Shape(2, 3), Shape(3, 4)], Attributes(1),
      .shapesDoNotFit(name: "*", Shape(3, 2), Shape(3, 4))
    ),
    (
      .product, [Shape(2, 3), Shape(3, 4)], Attributes(2),
      .shapesDoNotFit(name: "*", Shape(2, 3), Shape(4, 3))
    ),
    (.solve, [Shape(3, 3), Shape(2, 1)], .none, .shapesDoNotFit(name: "\\", Shape(3, 3), Shape(2, 1))),
    (
      .solve, [Shape(4, 3), Shape(3, 1)], Attributes(1),
      .wrongShape(name: "\\", operand: 0, Shape(4, 3), wanted: "square matrix")
    ),
    (
      .inverse, [Shape(2, 3)], .none,
      .wrongShape(name: "inv", operand: 0, Shape(2, 3), wanted: "square matrix")
    ),
    (
      .determinant, [Shape(2, 3)], .none,
      .wrongShape(name: "det", operand: 0, Shape(2, 3), wanted: "square matrix")
    ),
    (.reshape, [Shape(2, 3)], Attributes(4, 2), .shapesDoNotFit(name: "reshape", Shape(2, 3), Shape(4, 2))),
    (
      .reshape, [Shape(2, 3)], Attributes(-2, -3),
      .shapesDoNotFit(name: "reshape", Shape(2, 3), Shape(-2, -3))
    ),
    (.stretch, [Shape(2, 3)], Attributes(4, 3), .shapesDoNotFit(name: "stretch", Shape(2, 3), Shape(4, 3))),
    (
      .joinColumns, [Shape(2, 3), Shape(3, 3)], .none, .shapesDoNotFit(name: "[,]", Shape(2, 3), Shape(3, 3))
    ),
    (.joinRows, [Shape(2, 3), Shape(2, 4)], .none, .shapesDoNotFit(name: "[;]", Shape(2, 3), Shape(2, 4))),
    (
      .meanSquaredError, [Shape(1, 3), Shape(3, 1)], .none,
      .shapesDoNotFit(name: "mse", Shape(1, 3), Shape(3, 1))
    ),
    (
      .binaryCrossEntropy, [Shape(1, 3), Shape(1, 1)], .none,
      .shapesDoNotFit(name: "bce", Shape(1, 3), Shape(1, 1))
    ),
  ]

  @Test("shapes that do not fit are named", arguments: wrong.indices)
  func errors(k: Int) throws {
    let (id, shapes, attributes, expected) = Self.wrong[k]
    let row = Operation[id]
    #expect(throws: expected) { try row.shape.shape(of: shapes, attributes: attributes, name: row.name) }
    let resources = Resources(limit: 1 << 20)
    let matrices = try shapes.map { try Matrix(repeating: 1, $0, in: resources) }
    #expect(throws: expected) { try Operation.apply(id, matrices, attributes, in: resources) }
  }

  static let right: [(OperationID, [Shape], Attributes, Shape)] = [
    (.add, [Shape(0, 3), Shape(1, 3)], .none, Shape(0, 3)),
    (.add, [Shape(0, 0), Shape(1, 1)], .none, Shape(0, 0)),
    (.choose, [Shape(2, 1), Shape(1, 3), Shape(2, 3)], .none, Shape(2, 3)),
    (.joinColumns, [], .none, Shape(0, 0)),
    (.joinColumns, [Shape(0, 0), Shape(2, 1), Shape(0, 0), Shape(2, 0)], .none, Shape(2, 1)),
    (.joinRows, [Shape(0, 0), Shape(1, 3), Shape(0, 3)], .none, Shape(1, 3)),
    (.repeatMatrix, [Shape(2, 3)], Attributes(0, 5), Shape(0, 15)),
    (.diagonal, [Shape(1, 1)], .none, Shape(1, 1)),
    (.diagonal, [Shape(4, 2)], .none, Shape(2, 1)),
    (.index, [Shape(4, 5), Shape(1, 0), Shape(3, 1)], .none, Shape(0, 3)),
    (.sum, [Shape(0, 4)], Attributes(1), Shape(1, 4)),
    (.solve, [Shape(5, 2), Shape(5, 3)], .none, Shape(2, 3)),
  ]

  @Test("shapes that fit, empty ones among them", arguments: right.indices)
  func shapes(k: Int) throws {
    let (id, shapes, attributes, expected) = Self.right[k]
    let row = Operation[id]
    #expect(try row.shape.shape(of: shapes, attributes: attributes, name: row.name) == expected)
    let resources = Resources(limit: 1 << 20)
    let matrices = try shapes.map { try Matrix(repeating: 0, $0, in: resources) }
    #expect(try Operation.apply(id, matrices, attributes, in: resources).shape == expected)
  }

  @Test("sizes past every limit are refused, not wrapped")
  func huge() throws {
    let resources = Resources(limit: 1 << 30)
    let a = try Matrix(repeating: 1, Shape(2, 3), in: resources)
    #expect(throws: CoreError.self) {
      try Operation.apply(.repeatMatrix, a, Attributes(.max, .max), in: resources)
    }
    #expect(throws: CoreError.self) {
      try Operation.apply(.reshape, a, Attributes(.max, .max), in: resources)
    }
    let row = try Matrix(repeating: 1, Shape(1, 3), in: resources)
    #expect(throws: CoreError.self) {
      try Operation.apply(.stretch, row, Attributes(1 << 40, 3), in: resources)
    }
  }

  @Test("matrices of very many rows and no column take no time")
  func endless() throws {
    let resources = Resources(limit: 1 << 20)
    let many = Int(Int32.max)
    let a = try Matrix(uninitialized: Shape(many, 0), in: resources)
    let row = try Matrix(uninitialized: Shape(1, 0), in: resources)
    let none = try Matrix(uninitialized: Shape(0, 0), in: resources)
    func shape(_ id: OperationID, _ operands: [Matrix], _ attributes: Attributes = .none) throws -> Shape {
      try Operation.apply(id, operands, attributes, in: resources).shape
    }
    for id in [OperationID.add, .power, .less] { #expect(try shape(id, [a, row]) == Shape(many, 0)) }
    for id in [OperationID.negate, .exp, .sin] { #expect(try shape(id, [a]) == Shape(many, 0)) }
    for d in 0...2 {
      for id in [OperationID.sort, .sortedPlaces, .cumulativeSum, .cumulativeProduct] {
        #expect(try shape(id, [a], Attributes(d)) == Shape(many, 0))
      }
    }
    #expect(try shape(.clip, [a, row, row]) == Shape(many, 0))
    #expect(try shape(.softmax, [a]) == Shape(many, 0))
    #expect(try shape(.product, [a, none]) == Shape(many, 0))
    #expect(try shape(.transpose, [a]) == Shape(0, many))
    #expect(try shape(.stretch, [row], Attributes(many, 0)) == Shape(many, 0))
    #expect(try shape(.repeatMatrix, [row], Attributes(many, 1)) == Shape(many, 0))
    #expect(try shape(.joinColumns, [a, a]) == Shape(many, 0))
    #expect(try shape(.joinRows, [row, a]) == Shape(many + 1, 0))
    #expect(try shape(.sum, [a], Attributes(1)) == Shape(1, 0))
    #expect(try Operation.apply(.sum, a, in: resources).elements == [0])
    #expect(throws: CoreError.self) { try shape(.sum, [a], Attributes(2)) }
  }

  @Test("index vectors outside the matrix are errors", arguments: [-1, 4, 0.5, .nan, .infinity, -1e300])
  func places(place: Double) throws {
    let resources = Resources(limit: 1 << 20)
    let a = try Matrix(repeating: 1, Shape(4, 4), in: resources)
    let bad = try Matrix(repeating: place, Shape(1, 1), in: resources)
    let good = try Matrix(repeating: 0, Shape(1, 1), in: resources)
    for operands in [[a, bad, good], [a, good, bad]] {
      #expect(throws: CoreError.self) { try Operation.apply(.index, operands, in: resources) }
    }
    let one = try Matrix(repeating: 1, Shape(1, 1), in: resources)
    for operands in [[one, bad, good], [one, good, bad]] {
      #expect(throws: CoreError.self) {
        try Operation.apply(.scatter, operands, Attributes(4, 4), in: resources)
      }
    }
  }

  /// A dimension that is not a number: it remembers which others it was matched with.
  private final class Symbol: Dimension {
    let name: String
    let value: Int
    var ties: [String] = []

    init(_ name: String, _ value: Int) { (self.name, self.value) = (name, value) }
    convenience init(_ value: Int) { self.init("\(value)", value) }

    func matches(_ other: Symbol) -> Bool {
      ties.append(other.name)
      return value == other.value
    }
    func times(_ other: Symbol) -> Symbol { Symbol("\(name)*\(other.name)", value * other.value) }
    func plus(_ other: Symbol) -> Symbol { Symbol("\(name)+\(other.name)", value + other.value) }
  }

  private struct Symbols: DimensionPair {
    let rows: Symbol
    let columns: Symbol
    init(_ rows: Symbol, _ columns: Symbol) { (self.rows, self.columns) = (rows, columns) }
  }

  @Test("a rule tells a symbol what it has to equal")
  func symbols() throws {
    let (n1, n0, m) = (Symbol("n1", 4), Symbol("n0", 2), Symbol("m", 5))
    let other = Symbol("k", 2)
    let rule = Operation[.product].shape
    let result = try rule.shape(of: [Symbols(n1, n0), Symbols(other, m)], attributes: .none, name: "*")
    #expect(result.rows.name == "n1" && result.columns.name == "m")
    #expect(n0.ties == ["k"])
    let joined = try ShapeRule.joinColumns.shape(
      of: [Symbols(n1, n0), Symbols(n1, m)], attributes: .none, name: "[,]")
    #expect(joined.columns.name == "n0+m")
    let repeated = try ShapeRule.repeatMatrix.shape(
      of: [Symbols(n1, m)], attributes: Attributes(2, 3), name: "repmat")
    #expect(repeated.rows.name == "n1*2")
  }
}
