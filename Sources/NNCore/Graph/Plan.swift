import CNumerics

/// A computation laid out to run many times: steps in order, every value's place fixed, nothing allocated.
///
/// Elementwise operations over the same shape run together, block by block, so that what one writes the next one
/// finds in the cache. Each still goes through the same kernel with the same operands in the same order, so a plan
/// gives the same bits as the lines it stands for.
package final class Plan {
  /// Where an elementwise operation finds an operand, and how it goes through it.
  struct Reference {
    enum Mode: UInt8 {
      /// One element for each of the result's.
      case full
      /// The same number everywhere.
      case number
      /// A row or a column that stretches over the result.
      case row, column
      /// Room for one block, used within a chain only.
      case block
    }
    var slot: Int32 = 0
    var mode = Mode.full

    /// How far to the next element along a row.
    @inline(__always) var step: Int { mode == .number || mode == .column ? 0 : 1 }
  }

  enum Function {
    case unary(UnaryFunction)
    case binary(BinaryFunction)
    case ternary(TernaryFunction)
    case copy
  }

  /// One elementwise operation of a chain.
  struct Element {
    var function: Function
    var a: Reference
    var b = Reference()
    var c = Reference()
    var result: Reference
    /// Whether it reads no row or column that stretches.
    var isFlat: Bool
  }

  /// Any other operation.
  struct MatrixStep {
    var operation: OperationID
    var attributes: Attributes
    /// Where its operands stand in the plan's list of them.
    var firstOperand: Int
    var operandCount: Int
    var result: Int32
    var shape: Shape
  }

  enum Step {
    /// Elements `first ..< first + count`, over `shape`.
    case chain(first: Int32, count: Int32, shape: Shape)
    case product(Int32)
    case matrix(Int32)
    /// `count` elements as they are.
    case copy(from: Int32, to: Int32, count: Int)
  }

  /// An operand of a matrix step.
  struct OperandPlace {
    var slot: Int32
    var shape: Shape
  }

  /// Elements to a block: three operands of a chain and more stay in the first cache.
  static let blockCount = 512

  /// The forward nodes whose values a run reads, in the order of the first slots.
  package let givens: [NodeID]
  /// The nodes whose values a run writes; their slots follow.
  package let outputs: [NodeID]
  package let outputShapes: [Shape]
  /// Whether it takes so little time that nobody needs to stop it, and cannot fail.
  package let isBrief: Bool
  /// The memory it takes, in bytes.
  package let bytes: Int

  // All below is plain memory, so that a run counts no references.
  private let steps: UnsafeMutableBufferPointer<Step>
  let elements: UnsafeMutableBufferPointer<Element>
  private let matrixSteps: UnsafeMutableBufferPointer<MatrixStep>
  private let operandSlots: UnsafeMutableBufferPointer<Int32>
  /// The operands of all matrix steps; their addresses are filled in as they run.
  private let operands: UnsafeMutableBufferPointer<Operand>
  /// Where each value stands: givens and outputs as the caller sets them, then constants and temporaries.
  let slots: UnsafeMutablePointer<UnsafeMutablePointer<Scalar>>
  private let memory: UnsafeMutablePointer<Scalar>
  /// One place for each given, where the caller has an unboxed number instead of an address.
  private let numbers: UnsafeMutablePointer<Scalar>
  private let outputStart: Int
  private let resources: Resources
  /// For brief plans, whose kernels nothing interrupts.
  private let quiet = Resources(limit: .max)

  init(_ layout: PlanLayout, in resources: Resources) throws(CoreError) {
    let (bytes, overflow) = layout.memory.multipliedReportingOverflow(by: MemoryLayout<Scalar>.stride)
    if overflow { throw .outOfMemory(bytes: .max, used: resources.used, limit: resources.limit) }
    try resources.reserve(bytes)
    self.bytes = bytes
    self.resources = resources
    givens = layout.givens
    outputs = layout.outputs
    outputShapes = layout.outputShapes
    outputStart = layout.givens.count
    isBrief = layout.isBrief
    steps = .copy(of: layout.steps)
    elements = .copy(of: layout.elements)
    matrixSteps = .copy(of: layout.matrixSteps)
    operandSlots = .copy(of: layout.operands.map(\.slot))
    memory = .allocate(capacity: max(1, layout.memory))
    let numbers = UnsafeMutablePointer<Scalar>.allocate(capacity: layout.givens.count + 1)
    numbers.initialize(repeating: 0, count: layout.givens.count + 1)
    self.numbers = numbers
    operands = .copy(of: layout.operands.map { Operand(elements: numbers, shape: $0.shape) })
    slots = .allocate(capacity: max(1, layout.offsets.count))
    for (slot, offset) in layout.offsets.enumerated() {
      (slots + slot).initialize(to: offset < 0 ? numbers : memory + offset)
    }
    for (offset, value) in layout.constants { (memory + offset).initialize(to: value) }
  }

  deinit {
    resources.release(bytes)
    steps.deallocate()
    elements.deallocate()
    matrixSteps.deallocate()
    operandSlots.deallocate()
    operands.deallocate()
    slots.deallocate()
    memory.deallocate()
    numbers.deallocate()
  }

  /// Where the next run reads a given.
  @inline(__always)
  package func setGiven(_ index: Int, _ elements: UnsafePointer<Scalar>) {
    slots[index] = UnsafeMutablePointer(mutating: elements)
  }

  /// The same for an unboxed number.
  @inline(__always)
  package func setGiven(_ index: Int, number: Scalar) {
    numbers[index] = number
    slots[index] = numbers + index
  }

  /// Where the next run writes an output.
  @inline(__always)
  package func setOutput(_ index: Int, _ elements: UnsafeMutablePointer<Scalar>) {
    slots[outputStart + index] = elements
  }

  /// Computes all outputs from the givens.
  ///
  /// - Throws: `CoreError.interrupted`, unless the plan is brief, and what kernels throw. Outputs are then
  ///   undefined.
  package func run(in resources: Resources) throws(CoreError) {
    let resources = isBrief ? quiet : resources
    var countdown = 0
    for step in steps {
      switch step {
      case .chain(let first, let count, let shape):
        if shape.count <= Plan.blockCount {
          runSmallChain(Int(first), Int(count), shape)
        } else {
          try runChain(Int(first), Int(count), shape, resources)
        }
      case .product(let index):
        try runProduct(Int(index), resources)
      case .matrix(let index):
        try runMatrix(Int(index), resources)
      case .copy(let from, let to, let count):
        slots[Int(to)].update(from: slots[Int(from)], count: count)
      }
      countdown += 1
      if countdown & 63 == 0 { try resources.checkCancellation() }
    }
  }

  @inline(__always)
  private func locateOperands(_ step: UnsafeMutablePointer<MatrixStep>) -> UnsafeMutablePointer<Operand>? {
    guard let list = operands.baseAddress else { return nil }
    let first = step.pointee.firstOperand
    for k in first..<first + step.pointee.operandCount {
      list[k].elements = UnsafePointer(slots[Int(operandSlots[k])])
    }
    return list + first
  }

  @inline(__always)
  private func runProduct(_ index: Int, _ resources: Resources) throws(CoreError) {
    guard let step = matrixSteps.baseAddress.map({ $0 + index }), let operands = locateOperands(step) else {
      return
    }
    Products.multiply(
      operands[0], operands[1], step.pointee.attributes, into: slots[Int(step.pointee.result)],
      step.pointee.shape, resources.cancellation.flag)
    if !isBrief { try resources.checkCancellation() }
  }

  private func runMatrix(_ index: Int, _ resources: Resources) throws(CoreError) {
    guard let step = matrixSteps.baseAddress.map({ $0 + index }), let operands = locateOperands(step) else {
      return
    }
    try Operation.compute(
      step.pointee.operation, Operands(start: operands, count: step.pointee.operandCount),
      step.pointee.attributes, into: slots[Int(step.pointee.result)], step.pointee.shape, in: resources)
  }
}

extension UnsafeMutableBufferPointer {
  /// The elements of an array in memory of their own, for types that need no cleaning up.
  fileprivate static func copy(of elements: [Element]) -> UnsafeMutableBufferPointer {
    let result = allocate(capacity: elements.count)
    _ = result.initialize(from: elements)
    return result
  }
}
