import CNumerics

/// Elementwise operations of one expression on their way to be computed in one pass: described step by step, then run.
///
/// Every element gets the bits that one operation after the other gives it, since kernels do not depend on where in
/// an array an element stands.
package final class Chain {
  /// What a step reads: numbers that lie in memory, or what an earlier step gives.
  package struct Link {
    package let shape: Shape
    fileprivate var elements: UnsafePointer<Scalar>?
    fileprivate var between: Int32

    package init(_ operand: Operand) {
      shape = operand.shape
      elements = operand.elements
      between = -1
    }

    fileprivate init(shape: Shape, between: Int32) {
      self.shape = shape
      self.between = between
    }

    fileprivate var isNumber: Bool { between < 0 && shape.isScalar }
    fileprivate var number: Scalar { elements?.pointee ?? .nan }
  }

  /// The most steps of a chain; what is longer is computed in several.
  package static let capacity = Int(NN_CHAIN_STEPS)

  private let steps: UnsafeMutablePointer<nn_step>
  private let ids: UnsafeMutablePointer<OperationID>
  /// Results of steps between numbers.
  private let numbers: UnsafeMutablePointer<Scalar>
  private var count = 0
  private var numberCount = 0
  /// The values between that wait to be read, as bits.
  private var waiting: UInt32 = 0
  private var shape: Shape?

  package init() {
    steps = .allocate(capacity: Chain.capacity)
    ids = .allocate(capacity: Chain.capacity)
    numbers = .allocate(capacity: Chain.capacity)
  }

  deinit {
    steps.deallocate()
    ids.deallocate()
    numbers.deallocate()
  }

  /// Begins anew.
  package func clear() {
    count = 0
    numberCount = 0
    waiting = 0
    shape = nil
  }

  /// How many steps there are that numbers alone do not decide.
  package var length: Int { count }

  /// The shape of the result.
  package var resultShape: Shape { shape ?? .scalar }

  /// Adds an operation of one operand; nil where it has no place in the chain.
  package func append(_ id: OperationID, _ a: Link) -> Link? {
    if a.isNumber { return number(Operation.scalar(id, a.number)) }
    guard let function = Route[id].pointee.unary else { return nil }
    return append(id, function, nil, a, a, a.shape)
  }

  /// Adds an operation of two operands; nil where it has no place in the chain, because their shapes do not fit, or
  /// because its result is smaller or larger than that of the other steps.
  package func append(_ id: OperationID, _ a: Link, _ b: Link) -> Link? {
    if a.isNumber, b.isNumber { return number(Operation.scalar(id, a.number, b.number)) }
    guard let function = Route[id].pointee.binary,
      let joint = try? Operation.elementwiseShape(id, a.shape, b.shape)
    else { return nil }
    return append(id, nil, function, a, b, joint)
  }

  private func number(_ value: Scalar) -> Link? {
    guard numberCount < Chain.capacity else { return nil }
    let place = numbers + numberCount
    numberCount += 1
    place.initialize(to: value)
    return Link(Operand(elements: place, shape: .scalar))
  }

  private func append(
    _ id: OperationID, _ unary: UnaryFunction?, _ binary: BinaryFunction?, _ a: Link, _ b: Link,
    _ joint: Shape
  ) -> Link? {
    if let shape, shape != joint { return nil }
    guard count < Chain.capacity else { return nil }
    shape = joint
    if a.between >= 0 { waiting &= ~(1 << UInt32(a.between)) }
    if b.between >= 0 { waiting &= ~(1 << UInt32(b.between)) }
    let free = Int32((~waiting).trailingZeroBitCount)
    guard free < Int32(NN_CHAIN_BETWEEN) else { return nil }
    waiting |= 1 << UInt32(free)
    (steps + count).initialize(
      to: nn_step(
        unary: unary, binary: binary, a: operand(a, in: joint), b: operand(b, in: joint), result: free))
    (ids + count).initialize(to: id)
    count += 1
    return Link(shape: joint, between: free)
  }

  /// How an operand is laid over the joint shape.
  private func operand(_ link: Link, in joint: Shape) -> nn_operand {
    if link.between >= 0 {
      return nn_operand(elements: nil, row_step: 0, column_step: 1, between: link.between)
    }
    let isWhole = link.shape == joint
    return nn_operand(
      elements: link.elements,
      row_step: isWhole ? joint.columns : link.shape.rows == 1 ? 0 : link.shape.columns,
      column_step: isWhole || link.shape.columns > 1 ? 1 : 0, between: -1)
  }

  /// Whether the chain is computed so quickly that it need not look at the interrupt flag: then its result may take
  /// the place of a value.
  package var isQuiet: Bool {
    var most = Int.max
    for k in 0..<count { most = min(most, Route[ids[k]].pointee.quietLimit) }
    return resultShape.count <= most / max(1, count)
  }

  /// Computes the last step's value into room of the result's shape; `result` may be an operand of that shape.
  package func run(into result: UnsafeMutablePointer<Scalar>, in resources: Resources) throws(CoreError) {
    guard count > 0 else { return }
    steps[count - 1].result = -1
    let flag = isQuiet ? nn_never_flag() : UnsafePointer(resources.cancellation.flag)
    nn_run_chain(steps, Int32(count), resultShape.rows, resultShape.columns, result, flag)
    if !isQuiet { try resources.checkCancellation() }
  }
}
