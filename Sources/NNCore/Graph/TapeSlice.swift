/// What a value was computed from: the part of the tape between it and its leaves, numbered from the value down.
///
/// The numbers depend on the structure alone, not on where on the tape it stands, so the same computation recorded
/// again gives the same slice, and its key finds the plan that was made for the first one.
package struct TapeSlice {
  /// The nodes' places on the tape, by number; the value itself is number 0.
  package private(set) var places: [Int32] = []
  /// The numbers of the computed nodes, each after its inputs.
  package private(set) var operations: [Int32] = []
  /// The numbers of params, data and literals.
  package private(set) var leaves: [Int32] = []
  /// Everything about the structure, in words.
  private(set) var key: [UInt64] = []

  /// - Parameters:
  ///   - output: the value's place on the tape.
  ///   - scratch: room kept between calls.
  init(_ tape: Tape, output: Int32, scratch: Scratch) {
    scratch.start(tape.count)
    var pending = 0
    var next = output
    key.reserveCapacity(128)
    discover(output, tape, scratch, &pending)
    // Operations stand behind their inputs on the tape, so walking down meets each after all that read it.
    while pending > 0 {
      if scratch.isSet(next) {
        let node = tape.at(next)
        if Self.isComputed(node, tape) {
          pending -= 1
          let number = scratch[next]
          operations.append(number)
          appendKey(node, number)
          tape.forEachInput(of: next) { input in
            key.append(UInt64(UInt32(bitPattern: discover(input, tape, scratch, &pending))))
          }
        }
      }
      next -= 1
    }
    operations.reverse()
  }

  /// Computed within the slice: a stale value serves as data.
  @inline(__always)
  static func isComputed(_ node: UnsafeMutablePointer<TapeNode>, _ tape: Tape) -> Bool {
    node.pointee.kind == .operation && tape.state.pointee.leafSets.isFresh(node.pointee.leafSet)
  }

  /// The number of a node, given at first sight.
  @discardableResult
  @inline(__always)
  private mutating func discover(
    _ place: Int32, _ tape: Tape, _ scratch: Scratch, _ pending: inout Int
  ) -> Int32 {
    if scratch.isSet(place) { return scratch[place] }
    let number = Int32(truncatingIfNeeded: places.count)
    places.append(place)
    scratch.set(place, number)
    let node = tape.at(place)
    if Self.isComputed(node, tape) {
      pending += 1
    } else {
      leaves.append(number)
      appendKey(node, number)
    }
    return number
  }

  /// One word says what follows, so that keys of different structures differ.
  private mutating func appendKey(_ node: UnsafeMutablePointer<TapeNode>, _ number: Int32) {
    let (kind, inputCount, shape) = (node.pointee.kind, node.pointee.inputCount, node.pointee.shape)
    let isComputed = inputCount > 0
    let hasAttributes = isComputed && node.pointee.attributes != .none
    let isMany = inputCount >= 1 << 18
    key.append(
      UInt64(UInt32(bitPattern: number)) << 32 | UInt64(kind.rawValue) << 30
        | UInt64(node.pointee.operation.rawValue) << 22 | (shape.isScalar ? 0 : 1) << 21
        | (hasAttributes ? 1 : 0) << 20 | (isMany ? 1 : 0) << 19 | (isMany ? 0 : UInt64(inputCount)))
    if isMany { key.append(UInt64(inputCount)) }
    if kind == .literal { key.append(node.pointee.number.bitPattern) }
    if kind == .param { key.append(UInt64(UInt32(bitPattern: node.pointee.slot))) }
    if hasAttributes {
      key.append(UInt64(UInt(bitPattern: node.pointee.attributes.first)))
      key.append(UInt64(UInt(bitPattern: node.pointee.attributes.second)))
    }
    if !shape.isScalar {
      key.append(UInt64(UInt(bitPattern: shape.rows)))
      key.append(UInt64(UInt(bitPattern: shape.columns)))
    }
  }

  /// Adds to the key which values have names, and what else a plan depends on.
  mutating func extendKey(_ words: some Sequence<Int32>) {
    key.append(0x6E61_6D65_6473)
    for word in words { key.append(UInt64(UInt32(bitPattern: word))) }
  }

  /// Which nodes were met in the walk, without clearing anything between walks.
  final class Scratch {
    private struct Entry {
      var stamp: UInt32
      var number: Int32
    }

    private let memory: UnsafeMutablePointer<Memory>
    private struct Memory {
      var entries: UnsafeMutablePointer<Entry>
      var capacity: Int
      var stamp: UInt32
    }

    init() {
      memory = .allocate(capacity: 1)
      memory.initialize(to: Memory(entries: .allocate(capacity: 1), capacity: 0, stamp: 0))
    }

    deinit {
      memory.pointee.entries.deallocate()
      memory.deallocate()
    }

    fileprivate func start(_ count: Int) {
      memory.pointee.stamp &+= 1
      if count <= memory.pointee.capacity, memory.pointee.stamp != 0 { return }
      memory.pointee.entries.deallocate()
      let capacity = max(2 * count, 256)
      memory.pointee.entries = .allocate(capacity: capacity)
      memory.pointee.entries.initialize(repeating: Entry(stamp: 0, number: 0), count: capacity)
      (memory.pointee.capacity, memory.pointee.stamp) = (capacity, 1)
    }

    /// The number of a node that was met.
    @inline(__always)
    subscript(place: Int32) -> Int32 { memory.pointee.entries[Int(place)].number }

    @inline(__always)
    func isSet(_ place: Int32) -> Bool {
      assert(Int(place) < memory.pointee.capacity)
      return memory.pointee.entries[Int(place)].stamp == memory.pointee.stamp
    }

    /// The number of a node anywhere on the tape, if it was met.
    func number(of place: Int32) -> Int32? {
      place >= 0 && Int(place) < memory.pointee.capacity && isSet(place) ? self[place] : nil
    }

    @inline(__always)
    fileprivate func set(_ place: Int32, _ number: Int32) {
      memory.pointee.entries[Int(place)] = Entry(stamp: memory.pointee.stamp, number: number)
    }
  }
}
