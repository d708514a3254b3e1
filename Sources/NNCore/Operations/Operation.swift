/// One operation of the language: everything there is to know about it, in one row.
///
/// Help, the reference, completion, the graph, derivation, `check`'s shape search and the gradient tests all read
/// these rows; an operation exists once its row is in `Operation.table`.
package struct Operation: Sendable {
  package let id: OperationID
  /// The name a user calls it by, or its operator (`"tanh"`, `".*"`).
  package let name: String
  /// How a user writes it, for help: `"sum(A)"`, `"sum(A, 1)"`; several forms are separated by `"; "`.
  package let signature: String
  /// How many operands it takes.
  package let arity: ClosedRange<Int>
  /// One sentence for help and the reference.
  package let summary: String
  /// The defining formula, where the summary does not say it.
  package let formula: String
  /// A line that runs at the prompt; its output is made by running it.
  package let example: String
  package let related: [String]
  /// The shape of the result, and which shapes the operands may have.
  package let shape: ShapeRule
  package let kernel: Kernel
  /// Where a gradient check may probe each operand, away from kinks and poles; the last one serves the operands
  /// that follow.
  package let probe: [Probe]
  /// How the gradient reaches the operands; nil where nothing flows (comparisons, rounding).
  package let derivative: Derivative?

  package init(
    _ id: OperationID, _ name: String, signature: String, arity: ClosedRange<Int>, summary: String,
    formula: String = "", example: String, related: [String] = [], shape: ShapeRule, kernel: Kernel,
    probe: [Probe] = [.inside(-2...2)], derivative: Derivative? = nil
  ) {
    self.id = id
    self.name = name
    self.signature = signature
    self.arity = arity
    self.summary = summary
    self.formula = formula
    self.example = example
    self.related = related
    self.shape = shape
    self.kernel = kernel
    self.probe = probe
    self.derivative = derivative
  }

  /// The row of an operation.
  package static subscript(id: OperationID) -> Operation { table[Int(id.rawValue)] }

  /// The row of the operation that users call `name`.
  package static func named(_ name: String) -> Operation? { table.first { $0.name == name } }
}

/// The numbers that a gradient check may take for an operand.
package enum Probe: Sendable {
  case inside(ClosedRange<Scalar>)
  /// In the range or in its mirror image below zero.
  case bothSides(ClosedRange<Scalar>)
  /// 0 and 1, as masks and labels are; no gradient is asked for.
  case mask
  /// Whole numbers that are valid places in the first operand, from 0; no gradient is asked for.
  case places
}

/// Settings of one use of an operation that are not operands: they shape the result and are part of a plan's key.
///
/// What the two numbers mean is the row's business: `sum` keeps its dimension in `first` (0 for everything),
/// `reshape` its rows and columns, a product whether its operands are transposed (bit 0 left, bit 1 right), a matrix
/// power its exponent.
package struct Attributes: Hashable, Sendable {
  package var first: Int
  package var second: Int

  package init(_ first: Int = 0, _ second: Int = 0) {
    self.first = first
    self.second = second
  }

  package static let none = Attributes()
}

/// An operand as kernels see it: elements row by row, and their shape.
package struct Operand {
  package var elements: UnsafePointer<Scalar>
  package var shape: Shape

  @inlinable @inline(__always)
  package init(elements: UnsafePointer<Scalar>, shape: Shape) {
    self.elements = elements
    self.shape = shape
  }
}

package typealias Operands = UnsafeBufferPointer<Operand>

/// `n` elements from `x` to `y`; `y` may be `x` itself.
package typealias UnaryFunction =
  @convention(c) (Int, UnsafePointer<Scalar>, UnsafeMutablePointer<Scalar>) -> Void
/// `n` elements of `a` and `b` to `y`; a step of 0 repeats one number. `y` may be `a` or `b` itself.
package typealias BinaryFunction =
  @convention(c) (
    Int, UnsafePointer<Scalar>, Int, UnsafePointer<Scalar>, Int, UnsafeMutablePointer<Scalar>
  ) -> Void
package typealias TernaryFunction =
  @convention(c) (
    Int, UnsafePointer<Scalar>, Int, UnsafePointer<Scalar>, Int, UnsafePointer<Scalar>, Int,
    UnsafeMutablePointer<Scalar>
  ) -> Void

/// How an operation computes. All forms write into room that the caller laid out by the shape rule, so that single
/// lines and plans run the same code and give the same bits.
package enum Kernel: Sendable {
  /// Element by element; broadcasting is done around these by `Elementwise`.
  case unary(UnaryFunction)
  case binary(BinaryFunction)
  case ternary(TernaryFunction)
  /// Everything else: fills `result`, which overlaps no operand.
  case matrix(MatrixKernel)
}

package typealias MatrixKernel =
  @Sendable (
    _ operands: Operands, _ attributes: Attributes, _ result: UnsafeMutablePointer<Scalar>, _ shape: Shape,
    _ resources: Resources
  ) throws(CoreError) -> Void
