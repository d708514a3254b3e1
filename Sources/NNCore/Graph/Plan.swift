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

  struct MatrixStep {
    var operation: OperationID
    var attributes: Attributes
    var operands: [Int32]
    var shapes: [Shape]
    var result: Int32
    var shape: Shape
  }

  enum Step {
    /// Elements `first ..< first + count`, over `shape`.
    case chain(first: Int32, count: Int32, shape: Shape)
    case matrix(Int32)
    /// `count` elements as they are.
    case copy(from: Int32, to: Int32, count: Int)
  }

  /// Elements to a block: three operands of a chain and more stay in the first cache.
  static let blockCount = 512

  /// The forward nodes whose values a run reads, in the order of the first slots.
  package let givens: [NodeID]
  /// The nodes whose values a run writes; their slots follow.
  package let outputs: [NodeID]
  package let outputShapes: [Shape]
  let steps: [Step]
  let elements: [Element]
  let matrixSteps: [MatrixStep]
  /// Whether it takes so little time that nobody needs to stop it, and cannot fail.
  package let isBrief: Bool

  /// Where each value stands: givens and outputs as the caller sets them, then constants and temporaries.
  let slots: UnsafeMutablePointer<UnsafeMutablePointer<Scalar>>
  private let slotCount: Int
  private let memory: UnsafeMutablePointer<Scalar>
  /// One place for each given, where the caller has an unboxed number instead of an address.
  private let numbers: UnsafeMutablePointer<Scalar>
  private let operands: UnsafeMutablePointer<Operand>
  private let resources: Resources
  private let reserved: Int
  /// For brief plans, whose kernels nothing interrupts.
  private let quiet = Resources(limit: .max)

  init(_ layout: PlanLayout, in resources: Resources) throws(CoreError) {
    let (bytes, overflow) = layout.memory.multipliedReportingOverflow(by: MemoryLayout<Scalar>.stride)
    if overflow { throw .outOfMemory(bytes: .max, used: resources.used, limit: resources.limit) }
    try resources.reserve(bytes)
    reserved = bytes
    self.resources = resources
    givens = layout.givens
    outputs = layout.outputs
    outputShapes = layout.outputShapes
    steps = layout.steps
    elements = layout.elements
    matrixSteps = layout.matrixSteps
    isBrief = layout.isBrief
    memory = .allocate(capacity: max(1, layout.memory))
    numbers = .allocate(capacity: givens.count + 1)
    numbers.initialize(repeating: 0, count: givens.count + 1)
    slotCount = layout.offsets.count
    slots = .allocate(capacity: max(1, slotCount))
    for (slot, offset) in layout.offsets.enumerated() {
      (slots + slot).initialize(to: offset < 0 ? numbers : memory + offset)
    }
    for (offset, value) in layout.constants { (memory + offset).initialize(to: value) }
    operands = .allocate(capacity: max(3, layout.matrixSteps.map(\.operands.count).max() ?? 0))
  }

  deinit {
    resources.release(reserved)
    memory.deallocate()
    numbers.deallocate()
    slots.deallocate()
    operands.deallocate()
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
    slots[givens.count + index] = elements
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
        try runChain(Int(first), Int(count), shape, resources)
      case .matrix(let index):
        try runMatrix(Int(index), resources)
      case .copy(let from, let to, let count):
        slots[Int(to)].update(from: slots[Int(from)], count: count)
      }
      countdown += 1
      if countdown & 63 == 0 { try resources.checkCancellation() }
    }
  }

  private func runMatrix(_ index: Int, _ resources: Resources) throws(CoreError) {
    let step = matrixSteps[index]
    guard case .matrix(let kernel) = Operation[step.operation].kernel else { return }
    for k in step.operands.indices {
      (operands + k).initialize(
        to: Operand(elements: slots[Int(step.operands[k])], shape: step.shapes[k]))
    }
    try kernel(
      Operands(start: operands, count: step.operands.count), step.attributes, slots[Int(step.result)],
      step.shape, resources)
  }
}
