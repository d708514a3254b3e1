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
  ///   - notes: whether to go on into how data was computed.
  ///   - scratch: room kept between calls.
  init(_ tape: Tape, output: Int32, scratch: inout Scratch) {
    scratch.start(tape.count)
    var pending = 0
    var next = output
    discover(output, tape, &scratch, &pending)
    key.reserveCapacity(64)
    // Operations stand behind their inputs on the tape, so walking down meets each after all that read it.
    while pending > 0 {
      if scratch.isSet(next) {
        let node = tape.nodes[Int(next)]
        if Self.isComputed(node, tape) {
          pending -= 1
          let number = scratch.numbers[Int(next)]
          operations.append(number)
          appendKey(node, number)
          visitInputs(node, tape, &scratch, &pending)
        }
      }
      next -= 1
    }
    operations.reverse()
  }

  /// Computed within the slice: a stale value serves as data.
  @inline(__always)
  static func isComputed(_ node: TapeNode, _ tape: Tape) -> Bool {
    node.kind == .operation && tape.leafSets.isFresh(node.leafSet)
  }

  private mutating func visitInputs(
    _ node: TapeNode, _ tape: Tape, _ scratch: inout Scratch, _ pending: inout Int
  ) {
    if node.inputCount <= 3 {
      let a = node.inputCount > 0 ? discover(node.inputs.0, tape, &scratch, &pending) : 0
      let b = node.inputCount > 1 ? discover(node.inputs.1, tape, &scratch, &pending) : 0
      key.append(UInt64(UInt32(bitPattern: a)) << 32 | UInt64(UInt32(bitPattern: b)))
      if node.inputCount == 3 {
        let c = discover(node.inputs.2, tape, &scratch, &pending)
        key.append(UInt64(UInt32(bitPattern: c)))
      }
    } else {
      for i in Int(node.inputs.0)..<Int(node.inputs.0 + node.inputCount) {
        let number = discover(tape.manyInputs[i], tape, &scratch, &pending)
        key.append(UInt64(UInt32(bitPattern: number)))
      }
    }
  }

  /// The number of a node, given at first sight.
  @discardableResult
  @inline(__always)
  private mutating func discover(
    _ place: Int32, _ tape: Tape, _ scratch: inout Scratch, _ pending: inout Int
  ) -> Int32 {
    if scratch.isSet(place) { return scratch.numbers[Int(place)] }
    let number = Int32(places.count)
    places.append(place)
    scratch.set(place, number)
    let node = tape.nodes[Int(place)]
    if Self.isComputed(node, tape) {
      pending += 1
    } else {
      leaves.append(number)
      appendKey(node, number)
    }
    return number
  }

  private mutating func appendKey(_ node: TapeNode, _ number: Int32) {
    let isLeaf = node.inputCount == 0
    key.append(
      UInt64(UInt32(bitPattern: number)) << 32 | UInt64(node.kind.rawValue) << 24
        | UInt64(node.operation.rawValue) << 16 | UInt64(UInt16(truncatingIfNeeded: node.inputCount)))
    if node.kind == .literal {
      key.append(node.number.bitPattern)
    } else if !isLeaf, node.attributes != .none {
      key.append(~0)
      key.append(UInt64(UInt(bitPattern: node.attributes.first)))
      key.append(UInt64(UInt(bitPattern: node.attributes.second)))
    } else if node.kind == .param {
      key.append(UInt64(UInt32(bitPattern: node.slot)))
    }
    key.append(UInt64(UInt(bitPattern: node.shape.rows)) << 32 ^ UInt64(UInt(bitPattern: node.shape.columns)))
  }

  /// Adds to the key which values have names, and what else a plan depends on.
  mutating func extendKey(_ words: some Sequence<Int32>) {
    key.append(0x6E61_6D65_6473)
    for word in words { key.append(UInt64(UInt32(bitPattern: word))) }
  }

  /// The number of the node at a place on the tape, if it is part of the slice.
  func number(of place: Int32, _ scratch: Scratch) -> Int32? {
    place >= 0 && place < scratch.stamps.count && scratch.isSet(place) ? scratch.numbers[Int(place)] : nil
  }

  /// Which nodes were met in the walk, without clearing anything between walks.
  struct Scratch {
    fileprivate(set) var numbers: [Int32] = []
    fileprivate(set) var stamps: [UInt32] = []
    private var stamp: UInt32 = 0

    fileprivate mutating func start(_ count: Int) {
      if stamps.count < count {
        numbers = [Int32](repeating: 0, count: 2 * count)
        stamps = [UInt32](repeating: 0, count: 2 * count)
        stamp = 0
      }
      stamp &+= 1
      if stamp == 0 {
        for i in stamps.indices { stamps[i] = 0 }
        stamp = 1
      }
    }

    /// The number of a node that was met.
    subscript(place: Int32) -> Int32 { numbers[Int(place)] }

    @inline(__always)
    func isSet(_ place: Int32) -> Bool { stamps[Int(place)] == stamp }

    @inline(__always)
    fileprivate mutating func set(_ place: Int32, _ number: Int32) {
      stamps[Int(place)] = stamp
      numbers[Int(place)] = number
    }
  }
}
