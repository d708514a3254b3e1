import NNCore

/// An ordered collection of values; a value itself, copied when a shared one is changed.
public struct List {
  /// The elements in one counted block, so that a list that grows for ever meets the memory limit.
  final class Storage {
    fileprivate(set) var elements: [Value]
    private let resources: Resources
    private var bytes: Int

    init(_ elements: [Value], in resources: Resources) throws(CoreError) {
      bytes = List.cost(of: elements.count)
      try resources.reserve(bytes)
      self.elements = elements
      self.resources = resources
    }

    /// Elements that are made once it is known that there is room for them.
    init(count: Int, in resources: Resources, _ element: (Int) -> Value) throws(CoreError) {
      bytes = List.cost(of: count)
      try resources.reserve(bytes)
      self.resources = resources
      elements = []
      elements.reserveCapacity(count)
      try resources.inBlocks(count) { positions throws(CoreError) in
        for position in positions { elements.append(element(position)) }
      }
    }

    deinit {
      resources.release(bytes)
      List.release(&elements)
    }

    fileprivate func makeRoom(for count: Int) throws(CoreError) {
      let wanted = List.cost(of: count)
      if wanted <= bytes { return }
      let room = max(wanted, bytes + bytes / 2)
      try resources.reserve(room)
      resources.release(bytes)
      bytes = room
      elements.reserveCapacity(room / MemoryLayout<Value>.stride)
    }
  }

  var storage: Storage

  init(_ elements: [Value], in resources: Resources) throws(CoreError) {
    storage = try Storage(elements, in: resources)
  }

  init(count: Int, in resources: Resources, _ element: (Int) -> Value) throws(CoreError) {
    storage = try Storage(count: count, in: resources, element)
  }

  /// The elements, in order.
  public var elements: [Value] { storage.elements }
  /// How many elements.
  public var count: Int { storage.elements.count }

  /// Replaces element `index`, from 0.
  mutating func set(_ index: Int, to value: Value, in resources: Resources) throws(CoreError) {
    try makeUnique(in: resources)
    storage.elements[index] = value
  }

  /// Adds values at the end: all of them, or where there is no memory none.
  mutating func append(contentsOf values: some Collection<Value>, in resources: Resources) throws(CoreError) {
    try makeUnique(in: resources)
    try storage.makeRoom(for: count + values.count)
    storage.elements.append(contentsOf: values)
  }

  private mutating func makeUnique(in resources: Resources) throws(CoreError) {
    if !isKnownUniquelyReferenced(&storage) { storage = try Storage(storage.elements, in: resources) }
  }

  private static func cost(of count: Int) -> Int { count * MemoryLayout<Value>.stride + 96 }

  // A list of a list of a list … a hundred thousand deep must not be freed by recursion.
  private static func release(_ elements: inout [Value]) {
    var pending: [Value] = []
    func moveLists(of elements: inout [Value]) {
      for index in elements.indices {
        if case .list = elements[index] {
          pending.append(elements[index])
          elements[index] = .nothing
        }
      }
    }
    moveLists(of: &elements)
    while case .list(var list)? = pending.popLast() {
      if isKnownUniquelyReferenced(&list.storage) { moveLists(of: &list.storage.elements) }
    }
  }
}
