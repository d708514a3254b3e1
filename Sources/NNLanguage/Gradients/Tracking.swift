import NNCore

/// What the machine keeps besides the tape: which variables are params, and which statements computed a value.
struct Tracking {
  let tape = Tape()
  private(set) var slices = Slices()
  /// The variable of each param, by its number.
  private(set) var owners: [Owner?] = []
  private var freeNumbers: [Int32] = []
  /// Goes up whenever a param begins or ends.
  private(set) var version = 0
  /// The expressions that changed params, and by param the one that did so last.
  private var changeSites: [ChangeSite] = []
  private var changes: [Int32] = []
  private var lastSite: (code: UnsafeRawPointer?, node: Int32) = (nil, -1)
  /// What optimisers remember of each param.
  var optimisers = OptimiserStates()
  /// The code of each statement that stands in a slice.
  var sources: [Int32: Code] = [:]
  /// The code of the statements that defined the variables of the top level.
  var definitions = Definitions()

  /// The variable that a param is.
  enum Owner {
    case global(Int)
    /// A register of the frame with this index.
    case local(frame: Int, register: Int)
    /// A field of an object, such as a network's `W1`.
    case held(ParamHolder, String)
  }

  private struct ChangeSite {
    let code: Code
    let node: NodeID
  }

  /// Params of objects that are gone.
  let ended = EndedParams()

  /// Ends the params of objects that are gone.
  mutating func collectEnded() {
    while let number = ended.numbers.popLast() { endParam(number) }
  }

  /// The number of a new param; numbers of params that are gone are used again, since a version tells them apart.
  mutating func newParam(_ owner: Owner) -> Int32 {
    if !ended.numbers.isEmpty { collectEnded() }
    version += 1
    if let number = freeNumbers.popLast() {
      owners[Int(number)] = owner
      return number
    }
    owners.append(owner)
    return Int32(owners.count - 1)
  }

  /// Brings back a param that had ended.
  mutating func reown(_ number: Int32, _ owner: Owner) {
    version += 1
    owners[Int(number)] = owner
    freeNumbers.removeAll { $0 == number }
  }

  /// Ends a param: what was computed from it is plain data from now on.
  mutating func endParam(_ number: Int32) {
    version += 1
    tape.paramChanged(number)
    owners[Int(number)] = nil
    optimisers.forget(number)
    freeNumbers.append(number)
  }

  /// Objects that hold params, each once.
  var objectsWithParams: [Object] {
    var objects: [Object] = []
    for case .held(let holder, _)? in owners {
      if let object = holder.object, objects.last !== object { objects.append(object) }
    }
    return objects
  }

  /// The numbers of the params there are.
  var liveParams: [Int32] { owners.indices.filter { owners[$0] != nil }.map { Int32($0) } }

  var hasParams: Bool { owners.count > freeNumbers.count }

  /// Notes the expression that changed a param, for the message about a stale value.
  @inline(__always)
  mutating func noteChange(of number: Int32, by node: NodeID, in code: Unmanaged<Code>) {
    let address = UnsafeRawPointer(code.toOpaque())
    if lastSite.code != address || lastSite.node != node.rawValue {
      findSite(node, code.takeUnretainedValue())
    }
    while changes.count <= Int(number) { changes.append(-1) }
    changes[Int(number)] = Int32(truncatingIfNeeded: changeSites.count - 1)
  }

  private mutating func findSite(_ node: NodeID, _ code: Code) {
    // Sites that no param remembers go when there are many.
    if changeSites.count > 1000 { forgetSites() }
    changeSites.append(ChangeSite(code: code, node: node))
    lastSite = (UnsafeRawPointer(Unmanaged.passUnretained(code).toOpaque()), node.rawValue)
  }

  private mutating func forgetSites() {
    var kept: [Int32: Int32] = [:]
    var sites: [ChangeSite] = []
    for index in changes.indices where changes[index] >= 0 {
      if kept[changes[index]] == nil {
        kept[changes[index]] = Int32(sites.count)
        sites.append(changeSites[Int(changes[index])])
      }
      changes[index] = kept[changes[index]] ?? -1
    }
    changeSites = sites
  }

  /// The line that changed a param last.
  func changedLine(of number: Int32) -> Int? {
    guard Int(number) < changes.count, changes[Int(number)] >= 0 else { return nil }
    let site = changeSites[Int(changes[Int(number)])]
    return site.code.tree.source.map { $0.line(of: site.code.tree.range(site.node).start) }
  }

  /// Notes that `statement` computed the value in `matrix`; the slice that now computes it.
  ///
  /// - Parameter scope: tells whether a statement belongs to the code that owns the variable.
  mutating func assign(_ matrix: Matrix, statement: Int32, scope: ClosedRange<Int32>) -> Int32 {
    guard let node = tape.node(of: matrix) else { return Slices.none }
    let inputs = slice(of: node)
    let slice = slices.adding(statement, to: slices.restricting(inputs, to: scope))
    if !tape.isParam(node) { tape.setSlice(slice, of: node) }
    return slice
  }

  /// Settles what computes a value, before later assignments can become a part of it.
  mutating func settle(_ matrix: Matrix) {
    if let node = tape.node(of: matrix) { _ = slice(of: node) }
  }

  /// The slice of a node: what its inputs' slices hold together. Nodes without one yet are walked once.
  private mutating func slice(of root: Int32) -> Int32 {
    tape.settleSlices(of: root, empty: Slices.empty) { slices.union($0, $1) }
    return tape.slice(of: root)
  }
}

/// Sets of statements, each kept once: a slice is the statements that compute a value from params, in order.
struct Slices {
  static let none: Int32 = 0
  static let empty: Int32 = 1

  struct Slice {
    /// Numbers of statements, ascending: the order they stand in the program, and ran in.
    let statements: [Int32]
    /// A statement that would stand in it twice; -1 for none.
    let repeated: Int32
  }

  private struct Entry: Hashable {
    var statements = NumberSets.empty
    var repeated: Int32 = -1
  }

  private var sets = NumberSets()
  private var table: [Entry] = [Entry(), Entry()]
  private var numbers: [Entry: Int32] = [Entry(): Slices.empty]
  private var unions: [UInt64: Int32] = [:]
  private var additions: [UInt64: Int32] = [:]

  subscript(number: Int32) -> Slice {
    let entry = table[Int(number)]
    return Slice(statements: sets.numbers(of: entry.statements), repeated: entry.repeated)
  }

  /// How many trees all slices together consist of.
  var treeCount: Int { sets.treeCount }

  /// How many statements a slice has.
  func count(of slice: Int32) -> Int { sets.count(of: table[Int(slice)].statements) }

  mutating func union(_ a: Int32, _ b: Int32) -> Int32 {
    if a == b || b <= Slices.empty { return a }
    if a <= Slices.empty { return b }
    let key = Self.key(min(a, b), max(a, b))
    if let known = unions[key] { return known }
    let (x, y) = (table[Int(a)], table[Int(b)])
    let result = number(
      of: Entry(statements: sets.union(x.statements, y.statements), repeated: max(x.repeated, y.repeated)))
    unions[key] = result
    return result
  }

  mutating func adding(_ statement: Int32, to slice: Int32) -> Int32 {
    let key = Self.key(slice, statement)
    if let known = additions[key] { return known }
    var result = table[Int(slice)]
    if sets.contains(statement, in: result.statements) {
      result.repeated = statement
    } else {
      result.statements = sets.adding(statement, to: result.statements)
    }
    let number = number(of: result)
    additions[key] = number
    return number
  }

  /// The statements of the slice that lie in `scope`: what a function did inside is its own affair.
  mutating func restricting(_ slice: Int32, to scope: ClosedRange<Int32>) -> Int32 {
    let whole = table[Int(slice)]
    let inside = sets.restricting(whole.statements, to: scope)
    if inside == whole.statements { return max(slice, Slices.empty) }
    return number(
      of: Entry(statements: inside, repeated: scope.contains(whole.repeated) ? whole.repeated : -1))
  }

  private mutating func number(of slice: Entry) -> Int32 {
    if let known = numbers[slice] { return known }
    table.append(slice)
    numbers[slice] = Int32(table.count - 1)
    return Int32(table.count - 1)
  }

  private static func key(_ a: Int32, _ b: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: a)) << 32 | UInt64(UInt32(bitPattern: b))
  }
}
