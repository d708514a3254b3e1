extension Operation {
  /// The rows of all operations: each stands where its id says, wherever it is written.
  package static let table: [Operation] = {
    let families = [
      arithmetic, comparisons, activationsOfTwo, choices, signs, elementary, rounding, activations, products,
      reductions, shaping, distributions, costs,
    ]
    let count = OperationID.allCases.count
    precondition(families.reduce(0) { $0 + $1.count } == count, "one row for each operation")
    return [Operation](unsafeUninitializedCapacity: count) { rows, filled in
      var isFilled = [Bool](repeating: false, count: count)
      for family in families {
        for row in family {
          let place = Int(row.id.rawValue)
          precondition(!isFilled[place], "one row for each operation")
          isFilled[place] = true
          rows.initializeElement(at: place, to: row)
        }
      }
      filled = count
    }
  }()
}
