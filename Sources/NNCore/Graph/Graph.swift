/// The place of a node in a `Graph`.
package typealias NodeID = Int32

/// Formulas as one flat table of nodes: those of a forward computation, and the gradients derived from them.
///
/// Nodes stand behind their inputs. Every node that a formula builds is looked up first, so equal formulas are one
/// node; values of the forward computation are distinct even where equal, since each has a gradient of its own.
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
    package var shape: Shape
    /// Of the operation; for a literal its numerator and denominator, for a param its slot, for data its number.
    package var attributes: Attributes
  }

  package private(set) var nodes: ContiguousArray<Node> = []
  private(set) var manyInputs: [NodeID] = []
  // Open addressing, a power of two, -1 for an empty place.
  private var table: ContiguousArray<NodeID> = ContiguousArray(repeating: -1, count: 256)
  private var entries = 0

  /// Whether formulas are simplified as they are built.
  package var simplifies = true
  /// The reason given to nodes made now, and what it is about.
  var reason = Reason.rule
  var related: NodeID = -1
  /// The rewrite worth a word that fired since this was last set to nil.
  var telling: Reason?
  /// Which rewrites fired, for the tests of the table.
  package var fired: [Reason] = []
  package var recordsFired = false
  var sampleOneHot: NodeID?
  /// Facts about data that may be asked, and those that were: they belong to the key of a plan.
  var facts = DataFacts()

  package init() {}

  package var count: Int { nodes.count }

  @inline(__always)
  package subscript(id: NodeID) -> Node { nodes[Int(id)] }

  package func inputs(of id: NodeID) -> [NodeID] {
    let node = nodes[Int(id)]
    switch node.inputCount {
    case 0: return []
    case 1: return [node.inputs.0]
    case 2: return [node.inputs.0, node.inputs.1]
    case 3: return [node.inputs.0, node.inputs.1, node.inputs.2]
    default: return Array(manyInputs[Int(node.inputs.0)..<Int(node.inputs.0 + node.inputCount)])
    }
  }

  func expression(_ id: NodeID) -> Expression { Expression(self, id) }

  func setFlag(_ flag: Flags, _ id: NodeID) { nodes[Int(id)].flags.insert(flag) }

  func explain(_ id: NodeID, _ reason: Reason, _ related: NodeID) {
    nodes[Int(id)].reason = reason
    nodes[Int(id)].related = related
  }
}

// MARK: - Adding nodes

extension Graph {
  /// A node of the forward computation: always a new one, and found by formulas that compute the same.
  func addForward(
    _ kind: Kind, _ operation: OperationID = .add, _ inputs: [NodeID] = [], _ attributes: Attributes = .none,
    _ shape: Shape, _ flags: Flags
  ) -> NodeID {
    var node = Node(
      kind: kind, operation: operation, flags: flags.union(.forward), reason: .forward, related: -1,
      inputCount: Int32(inputs.count), inputs: (-1, -1, -1), shape: shape, attributes: attributes)
    place(inputs, in: &node)
    return append(node)
  }

  /// The same for the usual few inputs.
  @inline(__always)
  func addForward(
    _ operation: OperationID, _ count: Int32, _ inputs: (NodeID, NodeID, NodeID), _ attributes: Attributes,
    _ shape: Shape, _ flags: Flags
  ) -> NodeID {
    append(
      Node(
        kind: .operation, operation: operation, flags: flags.union(.forward), reason: .forward, related: -1,
        inputCount: count, inputs: inputs, shape: shape, attributes: attributes))
  }

  /// The node that computes `operation` of the inputs, as it stands.
  @inline(__always)
  func intern(
    _ operation: OperationID, _ a: NodeID, _ b: NodeID = -1, _ c: NodeID = -1,
    _ attributes: Attributes = .none, _ shape: Shape
  ) -> NodeID {
    let count: Int32 = c >= 0 ? 3 : b >= 0 ? 2 : 1
    return find(
      Node(
        kind: .operation, operation: operation, flags: trackedFlag(a, b, c), reason: reason, related: related,
        inputCount: count, inputs: (a, b, c), shape: shape, attributes: attributes))
  }

  /// The same for operations of many inputs.
  func intern(
    _ operation: OperationID, many inputs: [NodeID], _ attributes: Attributes, _ shape: Shape
  ) -> NodeID {
    var node = Node(
      kind: .operation, operation: operation, flags: [], reason: reason, related: related,
      inputCount: Int32(inputs.count), inputs: (-1, -1, -1), shape: shape, attributes: attributes)
    for input in inputs where self[input].flags.contains(.tracked) { node.flags.insert(.tracked) }
    place(inputs, in: &node)
    // Nodes of many inputs are rare and long; they are not shared.
    return inputs.count > 3 ? append(node) : find(node)
  }

  private func place(_ inputs: [NodeID], in node: inout Node) {
    if inputs.count > 3 {
      node.inputs.0 = NodeID(manyInputs.count)
      manyInputs += inputs
    } else {
      if inputs.count > 0 { node.inputs.0 = inputs[0] }
      if inputs.count > 1 { node.inputs.1 = inputs[1] }
      if inputs.count > 2 { node.inputs.2 = inputs[2] }
    }
  }

  @inline(__always)
  private func trackedFlag(_ a: NodeID, _ b: NodeID, _ c: NodeID) -> Flags {
    var flags = self[a].flags
    if b >= 0 { flags.formUnion(self[b].flags) }
    if c >= 0 { flags.formUnion(self[c].flags) }
    return flags.intersection(.tracked)
  }

  /// The literal `numerator / denominator`, which formulas keep as a fraction so that `x/4` stays a division.
  func literal(_ numerator: Scalar, over denominator: Scalar = 1, _ shape: Shape = .scalar) -> NodeID {
    let (n, d) = reduced(numerator, denominator)
    let attributes = Attributes(Int(bitPattern: UInt(n.bitPattern)), Int(bitPattern: UInt(d.bitPattern)))
    let number = find(
      Node(
        kind: .literal, operation: .add, flags: [], reason: reason, related: related, inputCount: 0,
        inputs: (-1, -1, -1), shape: .scalar, attributes: attributes))
    return shape.isScalar
      ? number : intern(.stretch, number, -1, -1, Attributes(shape.rows, shape.columns), shape)
  }

  /// A literal's fraction.
  @inline(__always)
  package func fraction(_ id: NodeID) -> (numerator: Scalar, denominator: Scalar)? {
    let node = nodes[Int(id)]
    guard node.kind == .literal else { return nil }
    return (
      Scalar(bitPattern: UInt64(UInt(bitPattern: node.attributes.first))),
      Scalar(bitPattern: UInt64(UInt(bitPattern: node.attributes.second)))
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

// MARK: - The table

extension Graph {
  @inline(__always)
  private func hash(_ node: Node) -> Int {
    var h = UInt64(node.operation.rawValue) &+ UInt64(node.kind.rawValue) << 8
    h = (h &+ UInt64(UInt32(bitPattern: node.inputs.0))) &* 0x9E37_79B9_7F4A_7C15
    h = (h ^ h >> 29 &+ UInt64(UInt32(bitPattern: node.inputs.1))) &* 0xBF58_476D_1CE4_E5B9
    h = (h ^ h >> 32 &+ UInt64(UInt32(bitPattern: node.inputs.2))) &* 0x94D0_49BB_1331_11EB
    h ^= UInt64(bitPattern: Int64(node.attributes.first)) &* 0xFF51_AFD7_ED55_8CCD
    h ^= UInt64(bitPattern: Int64(node.attributes.second)) &* 0xC4CE_B9FE_1A85_EC53
    return Int(truncatingIfNeeded: h ^ h >> 31)
  }

  @inline(__always)
  private func isSame(_ a: Node, _ b: Node) -> Bool {
    a.kind == b.kind && a.operation == b.operation && a.inputs == b.inputs && a.attributes == b.attributes
      && a.inputCount == b.inputCount && a.shape == b.shape && a.inputCount <= 3
  }

  @inline(__always)
  private func find(_ node: Node) -> NodeID {
    let mask = table.count - 1
    var place = hash(node) & mask
    while table[place] >= 0 {
      if isSame(nodes[Int(table[place])], node) { return table[place] }
      place = (place + 1) & mask
    }
    return append(node)
  }

  private func append(_ node: Node) -> NodeID {
    let id = NodeID(nodes.count)
    nodes.append(node)
    if node.kind == .operation || node.kind == .literal, node.inputCount <= 3 { enter(id) }
    return id
  }

  private func enter(_ id: NodeID) {
    if 2 * entries >= table.count { growTable() }
    let mask = table.count - 1
    var place = hash(nodes[Int(id)]) & mask
    while table[place] >= 0 {
      if isSame(nodes[Int(table[place])], nodes[Int(id)]) { return }
      place = (place + 1) & mask
    }
    table[place] = id
    entries += 1
  }

  private func growTable() {
    let old = table
    table = ContiguousArray(repeating: -1, count: 2 * old.count)
    let mask = table.count - 1
    for id in old where id >= 0 {
      var place = hash(nodes[Int(id)]) & mask
      while table[place] >= 0 { place = (place + 1) & mask }
      table[place] = id
    }
  }
}
