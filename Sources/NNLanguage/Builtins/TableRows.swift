import NNCore
import NNFormats

extension Builtins {
  static let tableRows: [Builtin] = [
    Builtin(
      "matrix", "t", .data, summary: "The numbers of a table or a list as a matrix.",
      shapes: "a table: its rows × its columns; a list of numbers: 1×n",
      example: "matrix(read(\"flowers.csv\")[\"petal\"])",
      related: ["xy", "read"], body: matrix),
    Builtin(
      "xy", "t, target, features?", .data,
      forms: "X, Y, classes = xy(t, \"class\"); xy(t, \"class\", list(\"petal\", \"sepal\"))",
      summary: "A table as data to learn from: the columns as X, the target column as Y.",
      shapes: "X features × examples; Y one-hot classes × examples, for two classes 1×m of 0 and 1",
      details: """
        A target of text becomes classes, in alphabetical order; of two the second one is 1.
        A numeric target stays numeric, 1×m, and classes is an empty list: Y = onehot(Y) makes classes of numbers.
        """,
      example: "X, Y, classes = xy(read(\"flowers.csv\"), \"kind\")",
      related: ["split", "standardize", "onehot", "matrix"], body: xy),
    Builtin(
      "onehot", "labels, classes?", .data,
      forms: "Y = onehot(labels); Y, values = onehot(labels); onehot(labels, n); onehot(labels, values)",
      summary: "Labels as columns with a 1 in the row of their class and 0 elsewhere.",
      shapes: "classes × labels",
      details: """
        Row k is the k-th of the different labels in ascending order, which are the second result.
        With a number n the labels are 1 … n; with a vector or a list of strings, row k is its k-th element.
        """,
      example: "onehot([1 3 2 3])", related: ["xy", "unique", "argmax", "crossentropy"], body: onehot),
  ]

  private static func matrix(_ call: Call) throws(Diagnostic) -> Value {
    switch call[0] {
    case .matrix, .number: return call[0]
    case .list(let list):
      let count = try numbers(of: list, call).count
      return try call.assembled(list.elements, Shape(1, count))
    case .text, .function, .object, .nothing:
      throw call.wrong(0, wanted: "a table or a list")
        .hinting(
          call[0].string.flatMap(FileFormat.named) == nil ? nil : "a file's table is read(\(call.brief(0)))")
    case .table:
      let table = try call.table(0).table
      do throws(FormatError) { return call.value(try table.matrix(in: call.resources)) } catch {
        if case .core(let error) = error { throw Diagnostic(core: error) }
        throw call.labelling(call.fail(error.description, hint: joined(call, table: try call.table(0))), 0)
      }
    }
  }

  /// What makes a matrix of some columns of a table.
  private static func joined(_ call: Call, table: TableValue) -> String? {
    let base = call.brief(0)
    let fields = table.names.filter { if case .numbers? = table.table[$0] { true } else { false } }
      .map { table.field($0, of: base) }
    if fields.isEmpty || fields.count > 6 { return nil }
    return fields.count == 1
      ? "its numbers are in \(fields[0])" : "its numbers are [\(fields.joined(separator: ", "))]"
  }

  private static func numbers(of list: List, _ call: Call) throws(Diagnostic) -> [Scalar] {
    var numbers: [Scalar] = []
    for element in list.elements {
      guard let number = element.number else {
        throw call.labelling(
          call.fail("the list holds \(element.kindWithArticle), and numbers are needed"), 0)
      }
      numbers.append(number)
    }
    return numbers
  }

  // MARK: xy

  private static func xy(_ call: Call) throws(Diagnostic) -> Value {
    if call[0].shape != nil {
      throw call.wrong(0, wanted: "a table").hinting("columns of a matrix: X = A[:, 1:3]', Y = A[:, 4]'")
    }
    let table = try call.table(0)
    let target = try target(call, table)
    guard let labels = table.table[target] else { throw call.labelling(table.unknownColumn(target), 1) }
    if table.rowCount == 0 { throw call.fail("the table has no rows") }
    let names = try featureNames(call, table, target)
    let inputs = try features(call, table, names, target)
    switch labels {
    case .numbers(let numbers):
      call.addResult(try call.value { () throws(CoreError) in try turned([numbers], in: call.resources) })
      call.addResult(try call.list(of: []))
    case .text(let text):
      let (outputs, classes) = try classes(call, target, text.values)
      call.addResult(outputs)
      call.addResult(try call.list(of: classes.map { .string($0) }))
    }
    return inputs
  }

  private static func target(_ call: Call, _ table: TableValue) throws(Diagnostic) -> String {
    if let name = call[1].string { return name }
    let error = call.wrong(1, wanted: "a column's name, a string,")
    if let number = call[1].number, let place = Int(exactly: number), table.names.indices.contains(place - 1)
    {
      throw error.hinting("column \(place) is \"\(table.names[place - 1].escapedForSource)\"")
    }
    guard case .list(let list) = call[1], list.count == 1, let name = list.elements[0].string else {
      throw error
    }
    throw error.hinting("without list( ): \"\(name.escapedForSource)\"")
  }

  private static func featureNames(_ call: Call, _ table: TableValue, _ target: String) throws(Diagnostic)
    -> [String]
  {
    guard call.isGiven(2) else { return table.names.filter { $0 != target } }
    if let name = call[2].string, table.table[name] == nil {
      throw call.labelling(table.unknownColumn(name), 2)
    }
    let names = try call.strings(2)
    if names.isEmpty {
      throw call.labelling(
        call.fail("the list of features is empty", hint: "without it, all columns but the target are taken"),
        2)
    }
    if let unknown = names.first(where: { table.table[$0] == nil }) {
      throw call.labelling(table.unknownColumn(unknown), 2)
    }
    return names
  }

  private static func features(_ call: Call, _ table: TableValue, _ names: [String], _ target: String)
    throws(Diagnostic) -> Value
  {
    var columns: [Matrix] = []
    for name in names {
      switch table.table[name] {
      case .numbers(let matrix): columns.append(matrix)
      case .text(let text):
        let row = text.firstThatIsNoNumber ?? 0
        let found = text.values.isEmpty ? "" : SafeText.escaped(text.values[row])
        throw call.fail("column \(name) holds text, \"\(found)\" in row \(row + 1), and features are numbers")
          .hinting(
            "the features to take: xy(\(call.brief(0)), \(call.brief(1)), \(numericColumns(table, target)))")
      case nil: break
      }
    }
    if columns.isEmpty { throw call.fail("the table has no column beside the target") }
    return try call.value { () throws(CoreError) in try turned(columns, in: call.resources) }
  }

  /// The list of the columns that can be features, as a call would give it.
  private static func numericColumns(_ table: TableValue, _ target: String) -> String {
    let names = table.names.filter {
      guard $0 != target, case .numbers? = table.table[$0] else { return false }
      return true
    }
    if names.isEmpty || names.count > 6 { return "list(\"…\", \"…\")" }
    return "list(\(names.map { "\"\($0.escapedForSource)\"" }.joined(separator: ", ")))"
  }

  /// Columns of numbers as rows, one below the other.
  private static func turned(_ columns: [Matrix], in resources: Resources) throws(CoreError) -> Matrix {
    let count = columns[0].count
    let result = try Matrix(uninitialized: Shape(columns.count, count), in: resources)
    for (row, column) in columns.enumerated() {
      (result.mutablePointer + row * count).update(from: column.pointer, count: count)
    }
    return result
  }

  private static func classes(_ call: Call, _ target: String, _ labels: [String]) throws(Diagnostic)
    -> (outputs: Value, names: [String])
  {
    if let row = labels.firstIndex(of: "") {
      throw call.fail("row \(row + 1) has no value in column \(target)")
    }
    let names = Set(labels).sorted()
    guard names.count > 1 else {
      throw call.fail(
        "column \(target) holds only \"\(SafeText.escaped(names.first ?? ""))\": there is nothing to tell apart"
      )
    }
    let places = places(labels, of: names)
    let outputs = try call.value { () throws(CoreError) in
      if names.count > 2 { return try OneHot.matrix(places, names.count, in: call.resources) }
      return try Matrix(rows: 1, columns: places.count, places.map { Scalar($0) }, in: call.resources)
    }
    return (outputs, names)
  }

  private static func places<Label: Hashable>(_ labels: [Label], of classes: [Label]) -> [Int] {
    var places: [Label: Int] = [:]
    for (place, label) in classes.enumerated() { places[label] = place }
    return labels.map { places[$0] ?? -1 }
  }

  // MARK: onehot

  private static func onehot(_ call: Call) throws(Diagnostic) -> Value {
    if case .list = call[0] {
      let labels = try call.strings(0)
      if call[1].number != nil {
        throw call.wrong(1, wanted: "a list of strings")
          .hinting("the classes of strings are found by themselves: \(call.name)(\(call.brief(0)))")
      }
      let classes = try call.isGiven(1) ? call.strings(1) : Set(labels).sorted()
      let result = try onehot(call, labels, classes) { "\"\(SafeText.escaped($0))\"" }
      call.addResult(try call.list(of: classes.map { .string($0) }))
      return result
    }
    guard call[0].shape != nil else {
      let error = call.wrong(0, wanted: "a vector or a list of strings")
      guard case .table(let table) = call[0] else { throw error }
      throw error.hinting(table.names.first.map { "a column of it: \(table.field($0, of: call.brief(0)))" })
    }
    let labels = try call.vector(0).elements
    if let place = labels.firstIndex(where: \.isNaN) {
      throw call.labelling(call.fail("label \(place + 1) is nan"), 0)
    }
    let classes = try call.isGiven(1) ? classNumbers(call) : Set(labels).sorted()
    let result = try onehot(call, labels, classes) { call.machine.display.text($0) }
    call.addResult(try call.row(classes))
    return result
  }

  /// The classes given: n means 1 … n.
  private static func classNumbers(_ call: Call) throws(Diagnostic) -> [Scalar] {
    if call[1].number == nil { return try call.vector(1).elements }
    return (1...(try call.integer(1, in: 1...1_000_000))).map { Scalar($0) }
  }

  private static func onehot<Label: Hashable>(
    _ call: Call, _ labels: [Label], _ classes: [Label], _ text: (Label) -> String
  ) throws(Diagnostic) -> Value {
    let places = places(labels, of: classes)
    if let place = places.firstIndex(of: -1) {
      let error = call.fail("label \(place + 1) is \(text(labels[place])), which is not among the classes")
      let startsAtZero = call.isGiven(1) && call[1].number != nil && (labels[place] as? Scalar) == 0
      throw call.labelling(error, 0)
        .hinting(
          startsAtZero ? "for labels from 0: \(call.name)(\(call.phrase(0)) + 1, \(call.phrase(1)))" : nil)
    }
    return try call.value { () throws(CoreError) in
      try OneHot.matrix(places, classes.count, in: call.resources)
    }
  }
}
