import NNCore

extension Builtins {
  static let functionRows: [Builtin] = [
    Builtin(
      "map", "f, xs, …", .lists, forms: "map(f, xs); map(f, xs, ys)",
      summary: "The results of a function for each element of a list or matrix.",
      shapes: "of a list a list; of a matrix one of its shape, if f gives numbers, else a list row by row",
      details: "With several, f takes an element of each.", example: "map(x -> x^2, [1 2 3])",
      related: ["filter", "reduce", "list"], body: map),
    Builtin(
      "filter", "f, xs", .lists,
      summary: "The elements of a list or vector for which a function does not give 0.",
      shapes: "of a list a list; of a row a row, of a column a column",
      example: "filter(x -> x > 1, [3 1 2])",
      related: ["map", "find"], body: filter),
    Builtin(
      "reduce", "f, xs, start?", .lists, forms: "reduce(f, xs); reduce(f, xs, start)",
      summary: "Puts the elements together from the left: f(f(x1, x2), x3) and so on.",
      example: "reduce((a, b) -> a*b, [1 2 3 4])", related: ["map", "sum", "prod"], body: reduce),
    Builtin(
      "copy", "x", .lists, summary: "A value of its own; of a network another network with the same numbers.",
      details: "Matrices, lists and tables are copied by assignment already.",
      example: "a = list(1); b = copy(a)",
      related: ["list", "network"]
    ) { call throws(Diagnostic) in
      if case .object(let object) = call[0] { return .object(try object.copied(in: call.machine)) }
      return call.take(0)
    },
  ]

  // MARK: map

  private static func map(_ call: Call) throws(Diagnostic) -> Value {
    let function = try call.leadingFunction()
    let count = try call.elementCount(1)
    for index in 2..<max(2, call.count) where try call.elementCount(index) != count {
      throw call.fail(
        "\(call.phrase(1)) has \(call.machine.plural(count, "element")), \(call.phrase(index)) \(try call.elementCount(index))"
      )
    }
    var results: [Value] = []
    results.reserveCapacity(count)
    for place in 0..<count {
      if call.count == 2 {
        results.append(try call.machine.call(function, try call.element(place, of: 1)))
        continue
      }
      var arguments: [Value] = []
      for index in 1..<call.count { arguments.append(try call.element(place, of: index)) }
      results.append(try call.machine.call(function, arguments))
    }
    if count > 0, results.allSatisfy(\.isNothing) { return .nothing }
    if results.contains(where: \.isNothing) {
      throw call.fail("\(function.name) gives a value only for some elements")
    }
    guard let shape = call[1].shape, results.allSatisfy({ $0.shape?.isScalar ?? false }) else {
      return try call.list(of: results)
    }
    return try call.assembled(results, shape)
  }

  // MARK: filter and reduce

  private static func filter(_ call: Call) throws(Diagnostic) -> Value {
    let function = try call.leadingFunction()
    let count = try call.elementCount(1)
    if let shape = call[1].shape, !shape.isVector, shape.count > 0 {
      throw call.wrong(1, wanted: "a list or a vector").hinting("A[A > 0] takes elements of any matrix")
    }
    var chosen: [Value] = []
    for place in 0..<count {
      let element = try call.element(place, of: 1)
      let answer = try call.machine.call(function, element)
      guard let number = answer.number else {
        throw call.fail("\(function.name) must give a number, and gives \(answer.kindWithArticle)")
      }
      if number != 0 { chosen.append(element) }
    }
    guard let shape = call[1].shape else { return try call.list(of: chosen) }
    let isColumn = shape.columns == 1 && shape.rows != 1
    return try call.assembled(chosen, isColumn ? Shape(chosen.count, 1) : Shape(1, chosen.count))
  }

  private static func reduce(_ call: Call) throws(Diagnostic) -> Value {
    let function = try call.leadingFunction()
    let count = try call.elementCount(1)
    var place = 0
    var result = call[2]
    if !call.isGiven(2) {
      if count == 0 {
        throw call.fail("there are no elements").hinting("reduce(f, xs, start) gives start then")
      }
      result = try call.element(0, of: 1)
      place = 1
    }
    while place < count {
      result = try call.machine.call(function, result, try call.element(place, of: 1))
      if result.isNothing { throw call.fail("\(function.name) returns nothing") }
      place += 1
    }
    return result
  }
}

extension Call {
  /// The function in front; a hint where it was given last.
  fileprivate func leadingFunction() throws(Diagnostic) -> Function {
    if case .function(let function) = self[0] { return function }
    var error = wrong(0, wanted: "a function")
    if case .function = self[1] {
      error = error.hinting("the function comes first: \(name)(\(phrase(1)), \(phrase(0)))")
    }
    throw error
  }

  fileprivate func elementCount(_ index: Int) throws(Diagnostic) -> Int {
    switch self[index] {
    case .list(let list): return list.count
    case .matrix(let matrix): return matrix.count
    case .number: return 1
    default: throw wrong(index, wanted: "a list or a matrix")
    }
  }

  /// An element, from 0, row by row; one of a value of the graph stays in the graph.
  fileprivate func element(_ place: Int, of index: Int) throws(Diagnostic) -> Value {
    switch self[index] {
    case .list(let list): return list.storage.elements[place]
    case .matrix(let matrix):
      guard machine.tracking.tape.isFresh(matrix) else { return .number(matrix.pointer[place]) }
      let places = try core { () throws(CoreError) in
        (
          try Subscript.one(place / matrix.columns).numbers(in: resources),
          try Subscript.one(place % matrix.columns).numbers(in: resources)
        )
      }
      return try machine.apply(
        .index, .none,
        [traced(index), TracedValue(value: .matrix(places.0)), TracedValue(value: .matrix(places.1))])
    default: return self[index]
    }
  }

  /// A matrix of 1×1 values; if the graph knows one of them, it knows the matrix.
  func assembled(_ values: [Value], _ shape: Shape) throws(Diagnostic) -> Value {
    let isTracked = values.contains { value in
      if case .matrix(let matrix) = value { return machine.tracking.tape.isFresh(matrix) }
      return false
    }
    if isTracked {
      let row = try machine.apply(.joinColumns, .none, values.map { TracedValue(value: $0) })
      return try machine.apply(.reshape, Attributes(shape.rows, shape.columns), [TracedValue(value: row)])
    }
    return try value { () throws(CoreError) in
      let matrix = try Matrix(uninitialized: shape, in: resources)
      for (place, value) in values.enumerated() { matrix.mutablePointer[place] = value.number ?? .nan }
      return matrix
    }
  }
}
