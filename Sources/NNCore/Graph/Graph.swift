/// The place of a node in a `Graph`.
package typealias NodeID = Int32

/// Formulas as one flat table of nodes: those of a forward computation, and the gradients derived from them.
///
/// Nodes stand behind their inputs. Every node that a formula builds is looked up first, so equal formulas are one
/// node; values of the forward computation are distinct even where equal, since each has a gradient of its own.
///
/// The tables stand behind an address for the reason that `FlatArray` gives.
package final class Graph {
  package enum Kind: UInt8, Sendable { case operation, param, data, literal }

  package struct Flags: OptionSet, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }
    /// Part of the forward computation: its value is known when gradients are computed.
    package static let forward = Flags(rawValue: 1)
    /// A variable holds it, or, for a gradient, it is the gradient of such a value: printed as a line of its own.
    package static let named = Flags(rawValue: 2)
    /// Depends on a param.
    package static let tracked = Flags(rawValue: 4)
    /// A formula that multiplies by it may find numbers or signs to gather.
    static let scaled = Flags(rawValue: 8)
    /// A formula that multiplies by it may find a division to cancel.
    static let quotient = Flags(rawValue: 16)
  }

  package struct Node: Sendable {
    package var kind: Kind
    package var operation: OperationID
    package var flags: Flags
    /// Why a gradient's node reads as it does, and the forward node that this is about.
    package var reason: Reason
    package var related: NodeID
    var inputCount: Int32
    var inputs: (NodeID, NodeID, NodeID)
    /// How many factors the product has that it is.
    var width: UInt8 = 1
    package var shape: Shape
    /// Of the operation; for a literal its numerator and denominator, for a param its slot, for data its number.
    package var attributes: Attributes
  }

  private let tables: UnsafeMutablePointer<GraphTables>

  package init() {
    tables = .allocate(capacity: 1)
    tables.initialize(to: GraphTables())
  }

  deinit {
    tables.pointee.nodes.deallocate()
    tables.pointee.manyInputs.deallocate()
    tables.deinitialize(count: 1)
    tables.deallocate()
  }

  package var count: Int { tables.pointee.nodes.count }

  @inline(__always)
  package subscript(id: NodeID) -> Node { at(id).pointee }

  /// The node in its table, valid until the next one is added.
  @inline(__always)
  func at(_ id: NodeID) -> UnsafeMutablePointer<Node> {
    assert(id >= 0 && Int(id) < count)
    return tables.pointee.nodes.base + Int(id)
  }

  package func inputs(of id: NodeID) -> [NodeID] {
    var result: [NodeID] = []
    forEachInput(of: id) { result.append($0) }
    return result
  }

  @inline(__always)
  func forEachInput(of id: NodeID, _ body: (NodeID) -> Void) {
    let count = at(id).pointee.inputCount
    let inputs = at(id).pointee.inputs
    if count <= 3 {
      if count > 0 { body(inputs.0) }
      if count > 1 { body(inputs.1) }
      if count > 2 { body(inputs.2) }
    } else {
      for i in 0..<Int(count) { body(tables.pointee.manyInputs[Int(inputs.0) + i]) }
    }
  }

  func expression(_ id: NodeID) -> Expression { Expression(self, id) }

  func setFlag(_ flag: Flags, _ id: NodeID) { at(id).pointee.flags.insert(flag) }
}

/// What a graph consists of.
struct GraphTables {
  let nodes = FlatArray<Graph.Node>(capacity: 128)
  let manyInputs = FlatArray<NodeID>()
  /// The places of nodes by what they compute: open addressing, a power of two, -1 for an empty place.
  var table = [NodeID](repeating: -1, count: 256)
  var entries = 0

  var simplifies = true
  var reason = Reason.rule
  var related: NodeID = -1
  var telling: Reason?
  var fired: [Reason]?
  var facts = DataFacts()
  var sampleOneHot: NodeID?
  var distributing = 0
}

// MARK: - Settings

extension Graph {
  /// Whether formulas are simplified as they are built.
  package var simplifies: Bool {
    get { tables.pointee.simplifies }
    set { tables.pointee.simplifies = newValue }
  }

  /// Makes nodes from now on say why they are there.
  @inline(__always)
  func explain(_ reason: Reason, about related: NodeID) {
    tables.pointee.reason = reason
    tables.pointee.related = related
  }

  /// The rewrite worth a word that fired since this was last set to nil.
  var telling: Reason? {
    get { tables.pointee.telling }
    set { tables.pointee.telling = newValue }
  }

  /// Which rewrites fired, for the tests of the table; nil where nobody asks.
  var fired: [Reason]? {
    get { tables.pointee.fired }
    set { tables.pointee.fired = newValue }
  }

  /// Facts about data that may be asked, and those that were: they belong to the key of a plan.
  var facts: DataFacts {
    get { tables.pointee.facts }
    set { tables.pointee.facts = newValue }
  }

  func ask(_ fact: DataFact, of data: Int32) -> Bool { tables.pointee.facts.ask(fact, of: data) }

  /// How many products are being multiplied out now, one within the other.
  var distributing: Int {
    get { tables.pointee.distributing }
    set { tables.pointee.distributing = newValue }
  }

  var sampleOneHot: NodeID? {
    get { tables.pointee.sampleOneHot }
    set { tables.pointee.sampleOneHot = newValue }
  }
}

// MARK: - Adding nodes

extension Graph {
  /// A node of the forward computation: always a new one, and found by formulas that compute the same.
  func addForward(
    _ kind: Kind, _ operation: OperationID = .add, _ inputs: [NodeID] = [], _ attributes: Attributes = .none,
    _ shape: Shape, _ flags: Flags
  ) -> NodeID {
    let (count, places) = place(inputs)
    return addForward(kind, operation, count, places, attributes, shape, flags)
  }

  /// The same for inputs in their places.
  @inline(__always)
  func addForward(
    _ kind: Kind, _ operation: OperationID, _ count: Int32, _ inputs: (NodeID, NodeID, NodeID),
    _ attributes: Attributes, _ shape: Shape, _ flags: Flags
  ) -> NodeID {
    var node = Node(
      kind: kind, operation: operation, flags: flags.union(.forward), reason: .forward, related: -1,
      inputCount: count, inputs: inputs, shape: shape, attributes: attributes)
    if kind == .operation && isOpen(node) { summarise(&node) }
    return append(node)
  }

  /// The node that computes `operation` of the inputs, as it stands.
  @inline(__always)
  func intern(
    _ operation: OperationID, _ a: NodeID, _ b: NodeID = -1, _ c: NodeID = -1,
    _ attributes: Attributes = .none, _ shape: Shape
  ) -> NodeID {
    let count: Int32 = c >= 0 ? 3 : b >= 0 ? 2 : 1
    var node = Node(
      kind: .operation, operation: operation, flags: [], reason: tables.pointee.reason,
      related: tables.pointee.related, inputCount: count, inputs: (a, b, c), shape: shape,
      attributes: attributes)
    var inputFlags = at(a).pointee.flags
    if b >= 0 { inputFlags.formUnion(at(b).pointee.flags) }
    if c >= 0 { inputFlags.formUnion(at(c).pointee.flags) }
    node.flags = inputFlags.intersection(.tracked)
    summarise(&node)
    return find(node)
  }

  /// The same for operations of many inputs.
  func intern(
    _ operation: OperationID, many inputs: [NodeID], _ attributes: Attributes, _ shape: Shape
  ) -> NodeID {
    let (count, places) = place(inputs)
    var node = Node(
      kind: .operation, operation: operation, flags: [], reason: tables.pointee.reason,
      related: tables.pointee.related, inputCount: count, inputs: places, shape: shape, attributes: attributes
    )
    for input in inputs where self[input].flags.contains(.tracked) { node.flags.insert(.tracked) }
    // Nodes of many inputs are rare and long; they are not shared.
    return inputs.count > 3 ? append(node) : find(node)
  }

  private func place(_ inputs: [NodeID]) -> (Int32, (NodeID, NodeID, NodeID)) {
    let count = Int32(inputs.count)
    if count > 3 {
      let start = NodeID(tables.pointee.manyInputs.count)
      tables.pointee.manyInputs.append(contentsOf: inputs)
      return (count, (start, -1, -1))
    }
    return (count, (count > 0 ? inputs[0] : -1, count > 1 ? inputs[1] : -1, count > 2 ? inputs[2] : -1))
  }

  /// The literal `numerator / denominator`, which formulas keep as a fraction so that `x/4` stays a division.
  func literal(_ numerator: Scalar, over denominator: Scalar = 1, _ shape: Shape = .scalar) -> NodeID {
    let (n, d) = reduced(numerator, denominator)
    let attributes = Attributes(Int(bitPattern: UInt(n.bitPattern)), Int(bitPattern: UInt(d.bitPattern)))
    let number = find(
      Node(
        kind: .literal, operation: .add, flags: .scaled, reason: tables.pointee.reason,
        related: tables.pointee.related, inputCount: 0, inputs: (-1, -1, -1), width: 0, shape: .scalar,
        attributes: attributes))
    return shape.isScalar
      ? number : intern(.stretch, number, -1, -1, Attributes(shape.rows, shape.columns), shape)
  }

  /// A literal's fraction.
  @inline(__always)
  package func fraction(_ id: NodeID) -> (numerator: Scalar, denominator: Scalar)? {
    let node = at(id)
    guard node.pointee.kind == .literal else { return nil }
    return (
      Scalar(bitPattern: UInt64(UInt(bitPattern: node.pointee.attributes.first))),
      Scalar(bitPattern: UInt64(UInt(bitPattern: node.pointee.attributes.second)))
    )
  }

  /// The number a literal stands for.
  package func literalValue(_ id: NodeID) -> Scalar? { fraction(id).map { $0.numerator / $0.denominator } }
}

/// In lowest terms where both are whole numbers; the denominator positive.
func reduced(_ numerator: Scalar, _ denominator: Scalar) -> (Scalar, Scalar) {
  if denominator == 1 { return (numerator, 1) }
  var (n, d) = denominator < 0 ? (-numerator, -denominator) : (numerator, denominator)
  let limit = 9_007_199_254_740_992.0
  guard n.rounded() == n, d.rounded() == d, abs(n) < limit, d < limit, n != 0 else { return (n, d) }
  var (a, b) = (abs(n), d)
  while b != 0 { (a, b) = (b, a.truncatingRemainder(dividingBy: b)) }
  n /= a
  d /= a
  return (n, d)
}

// MARK: - What is worth looking for in a formula

extension Graph {
  /// Notes on a node what rewrites may find in it, so that formulas that hold nothing for them cost no search.
  @inline(__always)
  private func summarise(_ node: inout Node) {
    switch node.operation {
    case .negate, .stretch:
      node.flags.insert(.scaled)
      node.flags.formUnion(at(node.inputs.0).pointee.flags.intersection(.quotient))
      node.width = at(node.inputs.0).pointee.width
    case .divide: summariseProduct(&node, [.scaled, .quotient])
    case .multiply: summariseProduct(&node, [])
    case .add, .subtract:
      let flags = at(node.inputs.0).pointee.flags.union(at(node.inputs.1).pointee.flags)
      node.flags.formUnion(flags.intersection(.quotient))
    default: break
    }
  }

  @inline(__always)
  private func summariseProduct(_ node: inout Node, _ flags: Flags) {
    let (a, b) = (at(node.inputs.0), at(node.inputs.1))
    node.flags.formUnion(flags)
    node.flags.formUnion(gatherable(a).union(gatherable(b)).intersection([.scaled, .quotient]))
    if !node.shape.isScalar, a.pointee.shape.isScalar || b.pointee.shape.isScalar {
      node.flags.insert(.scaled)
    }
    let width = factors(a) + factors(b)
    node.width = UInt8(clamping: width)
  }

  /// What a product may find in a factor.
  @inline(__always)
  func gatherable(_ node: UnsafeMutablePointer<Node>) -> Flags {
    // Numbers in a line of its own stay there; a division there may still cancel.
    node.pointee.flags.contains(.named) ? node.pointee.flags.subtracting(.scaled) : node.pointee.flags
  }

  @inline(__always)
  private func factors(_ node: UnsafeMutablePointer<Node>) -> Int {
    node.pointee.flags.contains(.named) ? 1 : Int(node.pointee.width)
  }
}

// MARK: - The table

extension Graph {
  @inline(__always)
  private func hash(_ node: UnsafePointer<Node>) -> Int {
    let node = node.pointee
    var h = UInt64(node.operation.rawValue) &+ UInt64(node.kind.rawValue) << 8
    h = (h &+ UInt64(UInt32(bitPattern: node.inputs.0))) &* 0x9E37_79B9_7F4A_7C15
    h = (h ^ h >> 29 &+ UInt64(UInt32(bitPattern: node.inputs.1))) &* 0xBF58_476D_1CE4_E5B9
    h = (h ^ h >> 32 &+ UInt64(UInt32(bitPattern: node.inputs.2))) &* 0x94D0_49BB_1331_11EB
    h ^= UInt64(bitPattern: Int64(node.attributes.first)) &* 0xFF51_AFD7_ED55_8CCD
    h ^= UInt64(bitPattern: Int64(node.attributes.second)) &* 0xC4CE_B9FE_1A85_EC53
    return Int(truncatingIfNeeded: h ^ h >> 31)
  }

  @inline(__always)
  private func isSame(_ a: UnsafePointer<Node>, _ b: UnsafePointer<Node>) -> Bool {
    let (a, b) = (a.pointee, b.pointee)
    return a.inputs == b.inputs && a.operation == b.operation && a.kind == b.kind
      && a.attributes == b.attributes
      && a.inputCount == b.inputCount && a.shape == b.shape
  }

  @inline(__always)
  private func find(_ node: Node) -> NodeID {
    withUnsafePointer(to: node) { wanted in
      let nodes = tables.pointee.nodes.base
      let known = tables.pointee.table.withUnsafeBufferPointer { table -> NodeID in
        let mask = table.count - 1
        var place = hash(wanted) & mask
        while table[place] >= 0 {
          if isSame(nodes + Int(table[place]), wanted) { return table[place] }
          place = (place + 1) & mask
        }
        return -1
      }
      return known >= 0 ? known : append(wanted.pointee)
    }
  }

  private func append(_ node: Node) -> NodeID {
    let id = NodeID(count)
    tables.pointee.nodes.append(node)
    if node.kind == .operation || node.kind == .literal, node.inputCount <= 3 { enter(id) }
    return id
  }

  private func enter(_ id: NodeID) {
    if 2 * tables.pointee.entries >= tables.pointee.table.count { growTable() }
    let nodes = tables.pointee.nodes.base
    let isNew = tables.pointee.table.withUnsafeMutableBufferPointer { table -> Bool in
      let mask = table.count - 1
      var place = hash(nodes + Int(id)) & mask
      while table[place] >= 0 {
        if isSame(nodes + Int(table[place]), nodes + Int(id)) { return false }
        place = (place + 1) & mask
      }
      table[place] = id
      return true
    }
    if isNew { tables.pointee.entries += 1 }
  }

  private func growTable() {
    let old = tables.pointee.table
    tables.pointee.table = [NodeID](repeating: -1, count: 4 * old.count)
    let nodes = tables.pointee.nodes.base
    tables.pointee.table.withUnsafeMutableBufferPointer { table in
      let mask = table.count - 1
      for id in old where id >= 0 {
        var place = hash(nodes + Int(id)) & mask
        while table[place] >= 0 { place = (place + 1) & mask }
        table[place] = id
      }
    }
  }
}
