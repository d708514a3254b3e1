import NNCore
import NNFormats

extension Builtins {
  static let exampleRows: [Builtin] = [
    Builtin(
      "split", "X, Y, part = 0.8", .data,
      forms: "Xtrain, Ytrain, Xtest, Ytest = split(X, Y, part = 0.8); Xtrain, Xtest = split(X, 0.8)",
      summary: "Divides the examples at random into a part to train with and the rest to test with.",
      shapes: "as X and Y, with fewer columns",
      details: "The order is that of permutation; round(part*m) examples train.",
      example: "seed(1); Xtrain, Ytrain, Xtest, Ytest = split([1 2 3 4], [0 1 0 1], 0.5)",
      related: ["shuffle", "permutation", "xy"], body: split),
    Builtin(
      "standardize", "X, mu?, sd?", .data,
      forms: "X, mu, sd = standardize(X); Xtest = standardize(Xtest, mu, sd)",
      summary: "Shifts and scales each row (feature) to mean 0 and standard deviation 1.",
      shapes: "X n×m; mu and sd n×1",
      details: """
        standardize(X) = (X - mu) ./ sd, with mu = mean(X, 2) and sd = std(X, 2).
        A row that does not vary has sd 1, so that it becomes 0.
        """,
      example: "X, mu, sd = standardize([1 2 3; 5 5 5])", related: ["mean", "std", "split"], body: standardize
    ),
    Builtin(
      "accuracy", "A, Y", .data, summary: "The part of the examples whose class is right.",
      shapes:
        "A and Y classes × examples, Y one-hot; or 1×m, Y of 0 and 1, where more than 0.5 counts as 1; 1×1",
      example: "accuracy([0.9 0.2 0.6], [1 0 0])", related: ["confusion", "onehot", "argmax"], body: accuracy),
    Builtin(
      "confusion", "A, Y", .data,
      summary: "How many examples of each class (rows) were taken for which (columns).",
      shapes: "A and Y as for accuracy; classes × classes", example: "confusion([0.9 0.2 0.6], [1 0 0])",
      related: ["accuracy", "onehot"], body: confusion),
  ]

  // MARK: split and standardize

  private static func split(_ call: Call) throws(Diagnostic) -> Value {
    let hasLabels = call.isGiven(2) || call[1].number == nil
    let partIndex = hasLabels ? 2 : 1
    let count = try call.examples(0)
    if hasLabels { try call.checkExamples(1, count) }
    let part = try call.number(partIndex, default: 0.8)
    guard part > 0, part < 1 else {
      throw call.labelling(
        call.fail("the part must be above 0 and below 1, and this is \(call.machine.display.text(part))"),
        partIndex)
    }
    let training = Int((part * Scalar(count)).rounded())
    guard training > 0, training < count else {
      throw call.fail("\(count) examples leave none to \(training == 0 ? "train" : "test") with")
    }
    let order = try call.permutation(of: count)
    var results: [Value] = []
    for range in [0..<training, training..<count] {
      let places = try call.core { () throws(CoreError) in
        try order.gather(
          .strided(first: range.lowerBound, step: 1, count: range.count), shape: Shape(1, range.count),
          in: call.resources)
      }
      results.append(try call.picking(places, 0))
      if hasLabels { results.append(try call.picking(places, 1)) }
    }
    results.dropFirst().forEach(call.addResult)
    return results[0]
  }

  private static func standardize(_ call: Call) throws(Diagnostic) -> Value {
    let (rows, columns) = (try call.matrix(0).rows, try call.matrix(0).columns)
    if columns == 0 { throw call.fail("there are no examples") }
    if call.isGiven(1) != call.isGiven(2) {
      throw call.fail("mean and deviation belong together", hint: "standardize(X, mu, sd)")
    }
    let data = call.traced(0)
    let mean = try call.isGiven(1) ? call.statistic(1, rows) : call.apply(.mean, Attributes(2), 0)
    var deviation = try call.isGiven(2) ? call.statistic(2, rows) : call.apply(.deviation, Attributes(2), 0)
    if !call.isGiven(2) { deviation = try replacingZeros(deviation, data, call) }
    let centred = try call.machine.apply(.subtract, .none, [data, TracedValue(value: mean)])
    call.addResult(mean)
    call.addResult(deviation)
    return try call.machine.apply(
      .divide, .none, [TracedValue(value: centred), TracedValue(value: deviation)])
  }

  /// The deviations, with 1 for what does not vary: the rounded mean of equal numbers may differ from them, so that
  /// their deviation is not always 0.
  private static func replacingZeros(_ deviation: Value, _ data: TracedValue, _ call: Call) throws(Diagnostic)
    -> Value
  {
    let ends = try [OperationID.largest, .smallest].map { id throws(Diagnostic) in
      TracedValue(value: try call.machine.apply(id, Attributes(2), [data]))
    }
    let isConstant = TracedValue(value: try call.machine.apply(.equal, .none, ends))
    return try call.machine.apply(
      .choose, .none, [isConstant, TracedValue(value: .number(1)), TracedValue(value: deviation)])
  }

  // MARK: accuracy and confusion

  private static func accuracy(_ call: Call) throws(Diagnostic) -> Value {
    let (found, wanted, _) = try classes(call)
    let right = zip(found, wanted).count { $0 == $1 }
    return .number(Scalar(right) / Scalar(wanted.count))
  }

  private static func confusion(_ call: Call) throws(Diagnostic) -> Value {
    let (found, wanted, count) = try classes(call)
    if let column = found.firstIndex(of: 0) {
      throw call.labelling(call.fail("column \(column + 1) of \(call.phrase(0)) holds nan"), 0)
    }
    return try call.value { () throws(CoreError) in
      let matrix = try Matrix(repeating: 0, Shape(count, count), in: call.resources)
      for (found, wanted) in zip(found, wanted) {
        matrix.mutablePointer[(wanted - 1) * count + found - 1] += 1
      }
      return matrix
    }
  }

  /// The classes found and the right ones, from 1, and how many there are.
  private static func classes(_ call: Call) throws(Diagnostic) -> (found: [Int], wanted: [Int], count: Int) {
    let (outputs, labels) = (try call.matrix(0), try call.matrix(1))
    guard outputs.shape == labels.shape else {
      let error = call.fail(
        "shapes do not fit: \(call.phrase(0)) is \(outputs.shape), \(call.phrase(1)) is \(labels.shape)")
      let areNumbers = labels.rows == 1 && labels.columns == outputs.columns
      throw error.hinting(
        areNumbers ? "onehot(\(call.phrase(1)), \(outputs.rows)) makes one-hot columns of class numbers" : nil
      )
    }
    guard outputs.count > 0 else { throw call.fail("there are no examples") }
    if let column = OneHot.firstColumnWithoutClass(in: labels) {
      let what = labels.rows == 1 ? "0 or 1" : "one-hot, a single 1 and else 0"
      throw call.labelling(call.fail("column \(column + 1) of \(call.phrase(1)) is not \(what)"), 1)
        .hinting("columns are examples; onehot(labels) makes them of class numbers")
    }
    return (OneHot.classes(of: outputs), OneHot.classes(of: labels), labels.rows == 1 ? 2 : labels.rows)
  }
}

// MARK: Examples

extension Call {
  /// How many examples an argument holds: columns of a matrix, elements of a vector or list, rows of a table.
  func examples(_ index: Int) throws(Diagnostic) -> Int {
    switch self[index] {
    case .list(let list): return list.count
    case .table(let table): return table.rowCount
    case .matrix(let matrix): return matrix.columns == 1 ? matrix.rows : matrix.columns
    case .number: return 1
    default: throw wrong(index, wanted: "a matrix, a list or a table")
    }
  }

  /// - Throws: where an argument does not hold as many examples as the first one.
  func checkExamples(_ index: Int, _ count: Int) throws(Diagnostic) {
    let other = try examples(index)
    if other == count { return }
    throw labelling(
      fail(
        "\(phrase(0)) holds \(machine.plural(count, "example")), \(phrase(index)) \(other); columns are examples"
      ), index)
  }

  /// The examples of an argument at `places`, from 0, in that order.
  func picking(_ places: Matrix, _ index: Int) throws(Diagnostic) -> Value {
    switch self[index] {
    case .list(let list): return try self.list(of: places.buffer.map { list.storage.elements[Int($0)] })
    case .table(let table):
      let rows = try core { () throws(CoreError) in try Subscript(places: places, in: resources) }
      return .table(try table.rows(rows, in: resources))
    default:
      let matrix = try matrix(index)
      let isColumn = matrix.columns == 1
      let all = try core { () throws(CoreError) in
        try Subscript.all(count: isColumn ? 1 : matrix.rows).numbers(in: resources)
      }
      let (rows, columns) = isColumn ? (places, all) : (all, places)
      return try machine.apply(
        .index, .none,
        [traced(index), TracedValue(value: .matrix(rows)), TracedValue(value: .matrix(columns))])
    }
  }

  /// A row's mean or deviation: n×1, or a number.
  fileprivate func statistic(_ index: Int, _ rows: Int) throws(Diagnostic) -> Value {
    let matrix = try matrix(index)
    guard matrix.isScalar || matrix.shape == Shape(rows, 1) else {
      throw wrong(index, wanted: "a \(rows)×1 matrix")
    }
    return self[index]
  }
}
