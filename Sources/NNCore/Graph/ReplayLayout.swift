/// What a replay consists of: the slice as it was recorded, and the plans derived from it.
struct ReplayLayout {
  /// The places of a value among the givens of the plans; -1 where a plan does not read it.
  struct Places {
    var forward = -1
    var backward = -1
  }

  struct Leaf {
    enum Kind {
      case literal(Scalar)
      case param(Int)
      case input(Int)
    }
    var number: Int32
    var kind: Kind
  }

  struct Step {
    var number: Int32
    var operation: OperationID
    var attributes: Attributes
    var inputs: [Int32]
    var shape: Shape
    var origin: Int32
    var slice: Int32
    var holder: Int32
    /// Which of the replay's values it is, -1 if it is kept nowhere.
    var value: Int
  }

  /// What the derivation asked about an input, and the answer that it rests on.
  struct Fact {
    var input: Int
    var fact: DataFact
    var holds: Bool
  }

  private(set) var inputs: [Replay.Input] = []
  private(set) var params: [Replay.Param] = []
  private(set) var inputPlaces: [Places] = []
  private(set) var paramPlaces: [Places] = []
  private(set) var leaves: [Leaf] = []
  private(set) var steps: [Step] = []
  private(set) var facts: [Fact] = []
  /// How many nodes the slice has.
  let numbers: Int
  let forward: PlanLayout
  let backward: PlanLayout
  /// By value: the backward plan's givens that are it.
  private(set) var backwardReads: [[Int]] = []
  /// By named value: its index among the values and among the gradients; -1 for none.
  private(set) var namedValues: [Int] = []
  private(set) var namedGradients: [Int] = []

  /// - Parameters:
  ///   - named: the numbers in the slice of the values that variables hold; -1 for others.
  ///   - variable: the variable that holds a matrix of data; -1 for none.
  /// - Returns: nil where the slice reads data that no variable stands for.
  init?(
    _ slice: TapeSlice, _ tape: Tape, _ scratch: TapeSlice.Scratch, _ derived: DerivedGraph, named: [Int32],
    variable: (Matrix) -> Int32
  ) {
    let graph = derived.graph
    let ids = derived.ids
    numbers = slice.places.count
    var gradients: [NodeID] = []
    for number in named {
      let line = number < 0 ? nil : derived.lines[Int(ids[Int(number)])]
      namedGradients.append(line == nil ? -1 : gradients.count)
      if let line { gradients.append(line.gradient) }
    }
    backward = PlanLayout(graph, outputs: gradients) { graph[$0].flags.contains(.forward) }
    var values = backward.givens.filter { graph[$0].kind == .operation }
    for number in named where number >= 0 && graph[ids[Int(number)]].kind == .operation {
      if !values.contains(ids[Int(number)]) { values.append(ids[Int(number)]) }
    }
    forward = PlanLayout(graph, outputs: values) { _ in false }
    namedValues = named.map { number in number < 0 ? -1 : values.firstIndex(of: ids[Int(number)]) ?? -1 }
    backwardReads = values.map { id in backward.givens.indices.filter { backward.givens[$0] == id } }
    guard addLeaves(slice, tape, ids, variable) else { return nil }
    addSteps(slice, tape, scratch, ids, values)
    for answer in graph.facts.asked {
      guard let leaf = leaves.first(where: { $0.number == answer.data }), case .input(let input) = leaf.kind
      else { return nil }
      facts.append(Fact(input: input, fact: answer.fact, holds: answer.holds))
    }
  }

  private mutating func addLeaves(
    _ slice: TapeSlice, _ tape: Tape, _ ids: [NodeID], _ variable: (Matrix) -> Int32
  ) -> Bool {
    for number in slice.leaves {
      let node = tape[slice.places[Int(number)]]
      let id = ids[Int(number)]
      let places = Places(
        forward: forward.givens.firstIndex(of: id) ?? -1, backward: backward.givens.firstIndex(of: id) ?? -1)
      switch node.kind {
      case .literal:
        leaves.append(Leaf(number: number, kind: .literal(node.number)))
      case .param:
        leaves.append(Leaf(number: number, kind: .param(params.count)))
        params.append(Replay.Param(slot: node.slot, shape: node.shape))
        paramPlaces.append(places)
      case .data, .operation:
        let source = node.matrix.map(variable) ?? (node.isAbsent ? -1 : node.slot)
        if source < 0 { return false }
        leaves.append(Leaf(number: number, kind: .input(inputs.count)))
        inputs.append(
          Replay.Input(variable: source, shape: node.shape, isNumber: node.storage == nil))
        inputPlaces.append(places)
      }
    }
    return true
  }

  private mutating func addSteps(
    _ slice: TapeSlice, _ tape: Tape, _ scratch: TapeSlice.Scratch, _ ids: [NodeID], _ values: [NodeID]
  ) {
    for number in slice.operations {
      let place = slice.places[Int(number)]
      let node = tape[place]
      steps.append(
        Step(
          number: number, operation: node.operation, attributes: node.attributes,
          inputs: tape.inputs(of: place).map { scratch[$0] }, shape: node.shape, origin: node.origin,
          slice: node.slice, holder: node.holder, value: values.firstIndex(of: ids[Int(number)]) ?? -1))
    }
  }
}
