import NNCore

extension Builtins {
  static let listRows: [Builtin] = [
    Builtin(
      "list", "…", .lists, forms: "list(a, b, …)", summary: "The values as a list, of any kinds.",
      example: "list(\"a\", [1 2], 3)", related: ["append", "length", "map"]
    ) { call throws(Diagnostic) in try call.list(of: (0..<call.count).map { call[$0] }) },
    Builtin(
      "append", "xs, x, …", .lists, forms: "append(xs, x); append(xs, x, y, …)",
      summary: "The list with values added at its end.",
      details: "xs itself stays as it is: xs = append(xs, x). A vector grows by [v, x].",
      example: "append(list(1, 2), \"three\")", related: ["list", "length"], body: append),
    Builtin(
      "contains", "xs, x", .lists,
      summary: "1 if a list or matrix has the element, or a string the part; else 0.",
      example: "contains(list(\"a\", \"b\"), \"b\")", related: ["find", "any"], body: contains),
    Builtin(
      "join", "xs, separator = \"\"", .lists, summary: "The elements of a list as one string.",
      example: "join(list(\"a\", \"b\", \"c\"), \", \")", related: ["list", "format"], body: join),
    Builtin(
      "number", "text", .lists, summary: "The number that a string spells; of a list of strings a row.",
      details: "A number stays what it is, so that args and columns can be read without asking.",
      example: "number(\"3.5\") + 1", related: ["format", "matrix"], body: number),
    Builtin(
      "format", "x, how = \"\"", .lists,
      forms: "format(x, \".3f\"); format(x)",
      summary: "The value as a string, written as it would be in \"{x:how}\".",
      details: "how is [width][.digits][d f e g], as in strings.", example: "format(pi, \".3f\")",
      related: ["print", "digits", "number"], body: format),
  ]

  private static func append(_ call: Call) throws(Diagnostic) -> Value {
    if call[0].shape != nil {
      throw call.wrong(0, wanted: "a list").hinting("[\(call.phrase(0)), \(call.phrase(1))]")
    }
    _ = try call.list(0)
    let values = (1..<call.count).map { call[$0] }
    // The variable of `xs = append(xs, x)` lets go of its list meanwhile: one that nobody else has grows in place.
    let variable = call.machine.variableReplaced(by: call[0])
    variable?.pointee = .number(0)
    guard case .list(var list) = call.take(0) else { return .nothing }
    do {
      try call.core { () throws(CoreError) in try list.append(contentsOf: values, in: call.resources) }
    } catch {
      variable?.pointee = .list(list)
      throw error
    }
    return .list(list)
  }

  private static func contains(_ call: Call) throws(Diagnostic) -> Value {
    switch call[0] {
    case .text(let text): return .truth(text.string.contains(try call.string(1)))
    case .list(let list):
      return .truth(list.elements.contains { (try? Equality.holds($0, call[1])) ?? false })
    case .number, .matrix:
      let number = try call.number(1)
      let matrix = try call.matrix(0)
      return .truth(matrix.buffer.contains(number))
    default: throw call.wrong(0, wanted: "a list, a matrix or a string")
    }
  }

  private static func join(_ call: Call) throws(Diagnostic) -> Value {
    let list = try call.list(0)
    let separator = try call.isGiven(1) ? call.string(1) : ""
    var parts: [String] = []
    for element in list.elements { parts.append(try call.machine.display.text(element, .plain)) }
    return .string(parts.joined(separator: separator))
  }

  // MARK: Numbers as text

  private static func number(_ call: Call) throws(Diagnostic) -> Value {
    if call[0].shape != nil { return call[0] }
    if case .list = call[0] {
      var numbers: [Scalar] = []
      for text in try call.strings(0) { numbers.append(try number(text, call)) }
      return try call.row(numbers)
    }
    return .number(try number(try call.string(0), call))
  }

  private static func number(_ text: String, _ call: Call) throws(Diagnostic) -> Scalar {
    let trimmed = text.trimmingBlanks()
    let words: [String: Scalar] = ["inf": .infinity, "+inf": .infinity, "-inf": -.infinity, "nan": .nan]
    if let value = words[trimmed.lowercased()] { return value }
    // What else `Double` reads, as hexadecimal, is not how the language writes numbers.
    let isDecimal = trimmed.utf8.allSatisfy { "0123456789+-.eE".utf8.contains($0) }
    guard isDecimal, let value = Scalar(trimmed) else {
      throw call.labelling(call.fail("\"\(SafeText.escaped(text))\" is not a number"), 0)
    }
    return value
  }

  private static func format(_ call: Call) throws(Diagnostic) -> Value {
    let how = try call.isGiven(1) ? call.string(1) : ""
    let format: ValueFormat
    do { format = try ValueFormat(parsing: how) } catch {
      throw call.labelling(call.fail("\"\(SafeText.escaped(how))\" is no format"), 1)
        .hinting("a format is [width][.digits][d f e g]: \"8.3f\", \".4f\", \"e\", \"5d\"")
    }
    return .string(try call.machine.display.text(call[0], as: format))
  }
}
