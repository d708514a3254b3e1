extension Operation {
  /// The rows of all operations, in the order of `OperationID`.
  package static let table: [Operation] = []
}
