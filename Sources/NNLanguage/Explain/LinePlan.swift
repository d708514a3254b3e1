import NNCore

typealias GraphNode = NNCore.NodeID

/// Which lines a derivation is told in, and in what order: one for each gradient that `backward` sets, and before
/// those that read them a few for values that have no name.
struct LinePlan {
  /// A variable whose gradient has a line.
  struct Target {
    /// The variable, `A1` or `net.A1`, and its gradient, `dA1` or `net.dA1`.
    let name: String
    let gradientName: String
    let node: GraphNode
    let isParam: Bool
  }

  struct Line {
    enum Role: Equatable {
      /// The gradient of the target with this index.
      case gradient(Int)
      /// A value of the forward computation that no variable holds now.
      case value
      /// The gradient of such a value, or a part of gradients that several lines read.
      case part
      /// What a variable held before a line takes its name for a gradient.
      case saved
    }
    let name: String
    let formula: Formula
    /// The node whose value it is.
    let node: GraphNode
    let role: Role
  }

  /// What has been found out about a node that is needed.
  struct Facts {
    var isNeeded = false
    var reads: Int32 = 0
    var weight: Int32 = 0
    var width: Int32 = 0
    var isTemporary = false
    /// The first target whose gradient it is.
    var owner: Int32 = -1
    var isDone = false
  }

  let graph: Graph
  let derived: DerivedGraph
  let targets: [Target]
  let resources: Resources
  private(set) var lines: [Line] = []
  /// By node, the lines that give it.
  private(set) var linesOfNode: [GraphNode: [Int]] = [:]
  var writer: FormulaWriter
  var namer: LineNamer
  var facts: [Facts]
  /// By gradient, the value held once whose gradient it is.
  var heldValues: [GraphNode: GraphNode] = [:]
  var emitted: Set<Int> = []
  /// By target, whether its line is asked for by itself.
  var isAsked: [Bool]

  /// The longest right side before a part of it gets a line of its own.
  static let mostWidth: Int32 = 76

  /// - Parameters:
  ///   - wanted: the indices of the targets to be explained; all where nil.
  init(
    _ derived: DerivedGraph, targets: [Target], wanted: [Int]? = nil, writer: FormulaWriter, namer: LineNamer,
    in resources: Resources
  ) throws(CoreError) {
    self.resources = resources
    self.derived = derived
    graph = derived.graph
    self.targets = targets
    self.writer = writer
    self.namer = namer
    facts = [Facts](repeating: Facts(), count: derived.graph.count)
    isAsked = [Bool](repeating: false, count: targets.count)
    let wanted = (wanted ?? Array(targets.indices)).filter { gradient(of: $0) != nil }
    findOwners()
    try findNeeded(wanted.compactMap { gradient(of: $0) })
    try chooseTemporaries()
    saveOverwritten()
    try emitAll(wanted)
  }

  mutating func add(_ line: Line) {
    linesOfNode[line.node, default: []].append(lines.count)
    lines.append(line)
  }

  /// The node of a target's gradient; nil where nothing flows.
  func gradient(of target: Int) -> GraphNode? { derived.lines[Int(targets[target].node)]?.gradient }
}
