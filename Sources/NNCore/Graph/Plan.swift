import CNumerics

/// A computation laid out to run many times: steps in order, every value's place fixed, nothing allocated.
///
/// Elementwise operations over the same shape run together, block by block, so that what one writes the next one
/// finds in the cache. Each still goes through the same kernel with the same operands in the same order, so a plan
/// gives the same bits as the lines it stands for.
package final class Plan {
  /// Where an elementwise operation finds an operand, and how it goes through it.
  struct Reference {
    var slot: Int32 = 0
    /// Whether it is room for one block, used within a chain only.
    var isBlock = false
    /// How far to the next element along a row: 0 where a number or a column stretches, else 1.
    var step = 0
    /// How far from row to row: 0 where a row stretches.
    var row = 0
  }

  enum Function {
    case unary(UnaryFunction)
    case binary(BinaryFunction)
    case ternary(TernaryFunction)
    case copy
  }

  /// One elementwise operation.
  struct Element {
    var function: Function
    var a: Reference
    var b = Reference()
    var c = Reference()
    var result: Reference
    /// Whether it reads no row or column that stretches, so that rows follow each other without a seam.
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
    /// Element `index`, over so many elements that lie side by side; a block at most.
    case unary(UnaryFunction, a: Int32, y: Int32, count: Int32)
    case binary(BinaryFunction, a: Int32, aStep: Bool, b: Int32, bStep: Bool, y: Int32, count: Int32)
    /// Elements `first ..< first + count`, over `shape`, in one go if that is a block at most.
    case chain(first: Int32, count: Int32, shape: Shape)
    /// A product of m×k by k×n; bits of `turned` say that an operand lies transposed.
    case product(a: Int32, b: Int32, y: Int32, m: Int32, n: Int32, k: Int32, turned: UInt8)
    /// The sum of an operand of `shape`, along `dimension` or of everything.
    case sum(a: Int32, y: Int32, rows: Int32, columns: Int32, dimension: UInt8)
    case cost(nn_cost, a: Int32, b: Int32, y: Int32, rows: Int32, columns: Int32)
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
    guard var step = UnsafePointer(steps.baseAddress) else { return }
    let (end, slots) = (step + steps.count, slots)
    let flag = isBrief ? nn_never_flag() : UnsafePointer(resources.cancellation.flag)
    var countdown = 0
    while step < end {
      switch step.pointee {
      case .unary(let function, let a, let y, let count):
        function(Int(count), slots[Int(a)], slots[Int(y)])
      case .binary(let function, let a, let aStep, let b, let bStep, let y, let count):
        function(Int(count), slots[Int(a)], aStep ? 1 : 0, slots[Int(b)], bStep ? 1 : 0, slots[Int(y)])
      case .product(let a, let b, let y, let m, let n, let k, let turned):
        nn_product(
          Int(m), Int(n), Int(k), slots[Int(a)], turned & 1 != 0, slots[Int(b)], turned & 2 != 0,
          slots[Int(y)],
          flag)
      case .sum(let a, let y, let rows, let columns, let dimension):
        let (a, y) = (slots[Int(a)], slots[Int(y)])
        switch dimension {
        case 1: nn_fold_columns(NN_FOLD_SUM, Int(rows), Int(columns), a, y, flag)
        case 2: nn_fold_rows(NN_FOLD_SUM, Int(rows), Int(columns), a, y, flag)
        default: nn_fold_rows(NN_FOLD_SUM, 1, Int(rows) * Int(columns), a, y, flag)
        }
      case .cost(let cost, let a, let b, let y, let rows, let columns):
        let shape = Shape(Int(rows), Int(columns))
        try Costs.mean(
          cost, Operand(elements: slots[Int(a)], shape: shape),
          Operand(elements: slots[Int(b)], shape: shape),
          into: slots[Int(y)], isBrief ? quiet : resources)
      case .chain(let first, let count, let shape):
        if shape.count <= Plan.blockCount {
          runSmallChain(Int(first), Int(count), shape)
        } else {
          try runChain(Int(first), Int(count), shape, flag)
        }
      case .matrix(let index):
        try runMatrix(Int(index), isBrief ? quiet : resources)
      case .copy(let from, let to, let count):
        slots[Int(to)].update(from: slots[Int(from)], count: count)
      }
      step += 1
      countdown += 1
      if countdown & 63 == 0, nn_flag_get(flag) { throw .interrupted }
    }
    if nn_flag_get(flag) { throw .interrupted }
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
  package static func copy(of elements: [Element]) -> UnsafeMutableBufferPointer {
    let result = allocate(capacity: elements.count)
    _ = result.initialize(from: elements)
    return result
  }
}
