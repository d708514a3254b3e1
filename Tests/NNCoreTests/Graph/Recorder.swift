@testable import NNCore

/// A tiny machine for tests: runs operations, records them, keeps params.
final class Recorder {
  let resources = Resources(limit: 1 << 32)
  let tape = Tape()
  private(set) lazy var differentiation = Differentiation(tape, in: resources)
  private(set) var params: [Int32: Matrix] = [:]

  func matrix(_ rows: Int, _ columns: Int, _ elements: [Double]) throws -> Matrix {
    try Matrix(rows: rows, columns: columns, elements, in: resources)
  }

  func number(_ value: Double) throws -> Matrix { try matrix(1, 1, [value]) }

  @discardableResult
  func param(_ slot: Int32, _ value: Matrix) throws -> Matrix {
    let copy = try value.copy(in: resources)
    copy.storage.node = tape.paramChanged(slot)
    params[slot] = copy
    return copy
  }

  func run(_ operation: OperationID, _ inputs: [Matrix], _ attributes: Attributes = .none) throws -> Matrix {
    try run(operation, inputs.map { ($0, .matrix($0)) }, attributes)
  }

  /// With operands as they are recorded.
  func run(
    _ operation: OperationID, _ inputs: [(value: Matrix, input: TapeInput)], _ attributes: Attributes = .none
  ) throws -> Matrix {
    let result = try Operation.apply(operation, inputs.map(\.value), attributes, in: resources)
    tape.record(operation, attributes, inputs.map(\.input), result: result)
    return result
  }

  func literal(_ value: Double) throws -> (value: Matrix, input: TapeInput) {
    (try number(value), .literal(value))
  }

  func backward(_ output: Matrix, _ named: [Matrix]) throws -> [Matrix?] {
    try differentiation.backward(output, named: named) { self.params[$0]! }
  }

  func grad(_ output: Matrix, _ values: [Matrix]) throws -> [Matrix] {
    try differentiation.grad(output, by: values) { self.params[$0]! }
  }

  func sweep(_ roots: [Matrix]) {
    tape.beginSweep()
    for root in roots { tape.mark(root) }
    tape.finishSweep()
  }
}
