import NNCore
import NNFormats

// How much memory values take, for `whos` and the bound on what can be undone.
extension Value {
  /// Bytes that its elements take, those of elements in lists and of a network's matrices among them.
  package var byteCount: Int {
    switch self {
    case .number: return MemoryLayout<Scalar>.stride
    case .text(let text): return text.string.utf8.count
    default:
      var bytes = 0
      var walk = ReachableMatrices({ bytes += $0.byteCount }, others: { bytes += $0.ownByteCount })
      walk.visit(self)
      return bytes
    }
  }

  /// Those of the value itself, without what it refers to but for tables and the state of objects.
  var ownByteCount: Int {
    switch self {
    case .list(let list): return list.count * MemoryLayout<Value>.stride
    case .table(let table): return table.table.columns.reduce(0) { $0 + $1.values.byteCount }
    case .object(let object):
      guard let state = object.savedState() else { return 0 }
      // What `forward` computed is found among the values that can be reached.
      let reachable = Set(object.reachableValues.compactMap(\.storageIdentifier))
      let matrices = object.matrices(inState: state)
      return matrices.reduce(0) { $0 + (reachable.contains(ObjectIdentifier($1.storage)) ? 0 : $1.byteCount) }
    default: return 0
    }
  }

  private var storageIdentifier: ObjectIdentifier? {
    if case .matrix(let matrix) = self { return ObjectIdentifier(matrix.storage) }
    return nil
  }
}

extension Matrix {
  var byteCount: Int { count * MemoryLayout<Scalar>.stride }
}

extension Table.Values {
  fileprivate var byteCount: Int {
    switch self {
    case .numbers(let matrix): matrix.byteCount
    case .text(let text): text.values.reduce(0) { $0 + $1.utf8.count + MemoryLayout<String>.stride }
    }
  }
}
