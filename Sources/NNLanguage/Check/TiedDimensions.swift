import NNCore

/// A dimension as a symbol: shape rules that want two of them equal tie them together.
struct TiedDimension: Dimension {
  /// Symbols that are tied share a root.
  final class Symbol {
    let value: Int
    /// Whether the program's text or an operation without a rule says what it is, so that it cannot be another.
    var isFixed: Bool
    private var parent: Symbol?

    init(_ value: Int, isFixed: Bool) {
      self.value = value
      self.isFixed = isFixed
    }

    var root: Symbol {
      var symbol = self
      while let next = symbol.parent { symbol = next }
      return symbol
    }

    func tie(to other: Symbol) {
      let (a, b) = (root, other.root)
      guard a !== b else { return }
      a.parent = b
      b.isFixed = b.isFixed || a.isFixed
    }
  }

  let symbol: Symbol

  init(_ value: Int) { symbol = Symbol(value, isFixed: true) }
  private init(free value: Int) { symbol = Symbol(value, isFixed: value <= 1) }

  static func free(_ value: Int) -> TiedDimension { TiedDimension(free: value) }

  var value: Int { symbol.value }

  func matches(_ other: TiedDimension) -> Bool {
    guard value == other.value else { return false }
    symbol.tie(to: other.symbol)
    return true
  }

  // What a product or a sum of dimensions is part of cannot change without the text changing with it.
  func times(_ other: TiedDimension) -> TiedDimension {
    if value == 1 { return other }
    if other.value == 1 { return self }
    return fixed(value.multipliedReportingOverflow(by: other.value).partialValue, with: other)
  }

  func plus(_ other: TiedDimension) -> TiedDimension {
    if value == 0 { return other }
    if other.value == 0 { return self }
    return fixed(value + other.value, with: other)
  }

  private func fixed(_ value: Int, with other: TiedDimension) -> TiedDimension {
    symbol.root.isFixed = true
    other.symbol.root.isFixed = true
    return TiedDimension(value)
  }
}

/// A shape of tied dimensions.
struct TiedShape: DimensionPair {
  var rows: TiedDimension
  var columns: TiedDimension

  init(_ rows: TiedDimension, _ columns: TiedDimension) {
    self.rows = rows
    self.columns = columns
  }

  static func free(_ shape: Shape) -> TiedShape { TiedShape(.free(shape.rows), .free(shape.columns)) }
}

/// Which dimensions of the inputs a recorded computation forces to be equal.
struct TiedInputs {
  /// By name of the input.
  private(set) var shapes: [String: TiedShape] = [:]
  /// Every symbol there is.
  private(set) var symbols: [TiedDimension.Symbol] = []
  /// The matrix that the cost adds up: its columns, as a rule, are the examples.
  private(set) var examples: TiedShape?

  /// - Parameter cost: a value computed with every input a param.
  init(of cost: Matrix, in machine: Machine) throws(CoreError) {
    let tape = machine.tracking.tape
    guard let root = tape.node(of: cost) else { return }
    var pending = [root]
    var reached: Set<Int32> = [root]
    while let place = pending.popLast() {
      for input in tape.inputs(of: place) where reached.insert(input).inserted { pending.append(input) }
    }
    var tied: [Int32: TiedShape] = [:]
    // Inputs stand before what reads them.
    for place in reached.sorted() {
      let node = tape[place]
      let shape: TiedShape
      switch node.kind {
      case .operation:
        let operands = tape.inputs(of: place).compactMap { tied[$0] }
        let operation = Operation[node.operation]
        shape = try operation.shape.shape(of: operands, attributes: node.attributes, name: operation.name)
      case .param:
        shape = .free(node.shape)
        if case .global(let slot)? = machine.tracking.owners[Int(node.slot)] {
          shapes[machine.globals.names[slot]] = shape
        }
      case .data, .literal:
        shape = TiedShape(TiedDimension(node.shape.rows), TiedDimension(node.shape.columns))
      }
      tied[place] = shape
      symbols += [shape.rows.symbol, shape.columns.symbol]
    }
    examples = summed(from: root, tape, tied)
  }

  /// The first matrix on the way back from a 1×1 value.
  private func summed(from root: Int32, _ tape: Tape, _ tied: [Int32: TiedShape]) -> TiedShape? {
    var pending = [root]
    var next = 0
    var best: TiedShape?
    while next < pending.count, next < 4096 {
      for input in tape.inputs(of: pending[next]) {
        guard let shape = tied[input] else { continue }
        if tape[input].shape.isScalar {
          if !pending.contains(input) { pending.append(input) }
        } else if best.map({ $0.columns.value < shape.columns.value }) ?? true {
          best = shape
        }
      }
      next += 1
    }
    return best
  }

  /// Other sizes for the dimensions that could be told apart by nothing but chance: two that are not tied and yet
  /// equal. The number of examples stays, as long as another can change.
  ///
  /// - Parameters:
  ///   - limit: sizes above this are made small too.
  ///   - examples: the dimension that counts the examples.
  func otherSizes(above limit: Int, examples: TiedDimension?) -> [ObjectIdentifier: Int] {
    var roots: [TiedDimension.Symbol] = []
    for symbol in symbols.map(\.root) where symbol.value > 1 && !roots.contains(where: { $0 === symbol }) {
      roots.append(symbol)
    }
    let examples = examples?.symbol.root
    let order =
      roots.filter(\.isFixed) + roots.filter { !$0.isFixed && $0 === examples }
      + roots.filter { !$0.isFixed && $0 !== examples }
    var used: Set<Int> = []
    var sizes: [ObjectIdentifier: Int] = [:]
    let all = Set(roots.map(\.value))
    for root in order {
      if !root.isFixed, used.contains(root.value) || root.value > limit {
        let size = (2...).first {
          !used.contains($0) && !all.contains($0) && $0 > (root === examples ? 4 : 1)
        }
        sizes[ObjectIdentifier(root)] = size
        used.insert(size ?? root.value)
      } else {
        used.insert(root.value)
      }
    }
    return sizes
  }

  /// An input's shape with other sizes.
  func shape(of input: String, _ sizes: [ObjectIdentifier: Int]) -> Shape? {
    guard let shape = shapes[input] else { return nil }
    func size(_ dimension: TiedDimension) -> Int {
      sizes[ObjectIdentifier(dimension.symbol.root)] ?? dimension.value
    }
    return Shape(size(shape.rows), size(shape.columns))
  }
}
