/// A growing array that its owner frees, for the tables that every recorded operation passes through.
///
/// A copy is the same array, and an access is an access to memory: no reference is counted and no exclusivity is
/// checked, which together took three quarters of the time of recording and deriving. The owner is a class that
/// calls `deallocate` when it goes.
struct FlatArray<Element> {
  private struct Header {
    var base: UnsafeMutablePointer<Element>
    var count: Int
    var capacity: Int
  }

  private let header: UnsafeMutablePointer<Header>

  init(capacity: Int = 16) {
    header = .allocate(capacity: 1)
    header.initialize(to: Header(base: .allocate(capacity: capacity), count: 0, capacity: capacity))
  }

  func deallocate() {
    base.deinitialize(count: count)
    base.deallocate()
    header.deallocate()
  }

  /// The elements; moves when the array grows.
  @inline(__always) var base: UnsafeMutablePointer<Element> { header.pointee.base }
  @inline(__always) var count: Int { header.pointee.count }

  @inline(__always)
  subscript(index: Int) -> Element {
    get {
      assert(index >= 0 && index < count)
      return base[index]
    }
    nonmutating set {
      assert(index >= 0 && index < count)
      base[index] = newValue
    }
  }

  @inline(__always)
  func append(_ element: consuming Element) {
    if count == header.pointee.capacity { grow(to: count + 1) }
    (base + count).initialize(to: element)
    header.pointee.count += 1
  }

  private func grow(to count: Int) {
    let capacity = max(2 * header.pointee.capacity, count)
    let larger = UnsafeMutablePointer<Element>.allocate(capacity: capacity)
    larger.moveInitialize(from: base, count: header.pointee.count)
    base.deallocate()
    (header.pointee.base, header.pointee.capacity) = (larger, capacity)
  }

  func append(contentsOf elements: some Sequence<Element>) {
    for element in elements { append(element) }
  }

  /// Removes the last `k` elements.
  func removeLast(_ k: Int) {
    assert(k >= 0 && k <= count)
    header.pointee.count -= k
    (base + count).deinitialize(count: k)
  }

  func removeAll() { removeLast(count) }

  /// Exchanges two elements.
  func swapAt(_ i: Int, _ j: Int) {
    let kept = (base + i).move()
    (base + i).moveInitialize(from: base + j, count: 1)
    (base + j).initialize(to: kept)
  }

  var indices: Range<Int> { 0..<count }
  var buffer: UnsafeMutableBufferPointer<Element> { UnsafeMutableBufferPointer(start: base, count: count) }
}
