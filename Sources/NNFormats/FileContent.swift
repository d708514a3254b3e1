import NNCore

/// A matrix with the name it has in its file.
package struct NamedMatrix {
  package var name: String
  package var matrix: Matrix

  package init(_ name: String, _ matrix: Matrix) {
    self.name = name
    self.matrix = matrix
  }
}

/// An entry of a file's own notes, kept in order.
package struct MetadataEntry: Equatable, Sendable {
  package var key: String
  package var value: String

  package init(_ key: String, _ value: String) {
    self.key = key
    self.value = value
  }
}

/// What a file holds.
package enum FileContent {
  /// Named columns.
  case table(Table)
  case matrix(Matrix)
  /// In the file's order.
  case matrices([NamedMatrix])
  /// In the file's order, with its `__metadata__`.
  case tensors([NamedMatrix], metadata: [MetadataEntry])

  /// For messages: what this is, with its article.
  package var kind: String {
    switch self {
    case .table: "a table"
    case .matrix: "one matrix"
    case .matrices: "several named matrices"
    case .tensors: "named tensors"
    }
  }
}
