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

/// A member of an archive that is no matrix, or a damaged one.
package struct UnreadableMember {
  package var name: String
  package var error: FormatError

  package init(_ name: String, _ error: FormatError) {
    self.name = name
    self.error = error
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
  /// The members of an archive that can be read, and what is wrong with the others.
  case readable([NamedMatrix], others: [UnreadableMember])
  /// In the file's order, with its `__metadata__`.
  case tensors([NamedMatrix], metadata: [MetadataEntry])

  /// For messages: what this is, with its article.
  package var kind: String {
    switch self {
    case .table: "a table"
    case .matrix: "one matrix"
    case .matrices, .readable: "several named matrices"
    case .tensors: "named tensors"
    }
  }
}
