/// A keyword, or an operator that is no operation on matrices: what help says of it.
struct SyntaxRow: Sendable {
  let name: String
  let kind: HelpEntry.Kind
  /// How it is written, in forms separated by `;`.
  let forms: String
  let summary: String
  let details: String
  let example: String
  let related: [String]

  init(
    _ name: String, _ kind: HelpEntry.Kind, forms: String, summary: String, details: String = "",
    example: String,
    related: [String] = []
  ) {
    self.name = name
    self.kind = kind
    self.forms = forms
    self.summary = summary
    self.details = details
    self.example = example
    self.related = related
  }
}

extension SyntaxRow {
  static let table: [SyntaxRow] = variables + branches + definitions + marks

  static let operators = "Operators"
  static let names = "Constants and given variables"

  /// The heading under which the reference lists it.
  var heading: String {
    switch kind {
    case .keyword: "Statements and keywords"
    case .operator: SyntaxRow.operators
    case .constant, .function: SyntaxRow.names
    }
  }

  private static let variables: [SyntaxRow] = [
    SyntaxRow(
      "ans", .constant, forms: "ans", summary: "The value of the last expression at the prompt.",
      example: "2 + 3; ans*2", related: ["print"]),
    SyntaxRow(
      "args", .constant, forms: "args", summary: "The arguments of a script, a list of strings.",
      details: "nnrepl train.nn iris.csv 100 gives train.nn list(\"iris.csv\", \"100\").", example: "",
      related: ["number", "length"]),
  ]

  private static let branches: [SyntaxRow] = [
    SyntaxRow(
      "if", .keyword, forms: "if condition { … } else if condition { … } else { … }",
      summary: "Runs the block of the first condition that is not 0, else the one behind else.",
      details: "A condition is 1×1: any(A) and all(A) make one of a matrix.",
      example: "if 3 > 2 { print(\"larger\") } else { print(\"not larger\") }",
      related: ["else", "while", "&&"]),
    SyntaxRow(
      "else", .keyword, forms: "if condition { … } else { … }", summary: "Begins what an if does otherwise.",
      example: "if 3 < 2 { print(\"less\") } else { print(\"not less\") }", related: ["if"]),
    SyntaxRow(
      "while", .keyword, forms: "while condition { … }",
      summary: "Runs the block as long as the condition is not 0.",
      example: "n = 1; while n < 100 { n *= 2 }; n", related: ["repeat", "for", "break"]),
    SyntaxRow(
      "for", .keyword, forms: "for x in xs { … }",
      summary:
        "Runs the block for each number of a range or row, each column of a matrix, each element of a list.",
      details: "The variable keeps its last value.", example: "for i in 1:3 { print(i, i^2) }",
      related: ["repeat", "while", ":", "map"]),
    SyntaxRow(
      "in", .keyword, forms: "for x in xs { … }",
      summary: "Stands between a for's variable and what it goes through.",
      example: "for column in [1 2; 3 4] { print(column') }", related: ["for"]),
    SyntaxRow(
      "repeat", .keyword, forms: "repeat n { … }", summary: "Runs the block n times.",
      example: "x = 1; repeat 10 { x = (x + 2/x)/2 }; x", related: ["for", "while", "break"]),
    SyntaxRow(
      "break", .keyword, forms: "break", summary: "Ends the innermost loop.",
      example: "for i in 1:10 { if i > 2 { break }; print(i) }", related: ["continue", "for", "while"]),
    SyntaxRow(
      "continue", .keyword, forms: "continue", summary: "Goes on with the next round of the innermost loop.",
      example: "for i in 1:3 { if i == 2 { continue }; print(i) }", related: ["break", "for", "while"]),
  ]

  private static let definitions: [SyntaxRow] = [
    SyntaxRow(
      "fn", .keyword, forms: "fn f(x, y = 1) = expression; fn f(x) { …; return a, b }",
      summary: "Defines a function.",
      details: "Its assignments are its own; it reads the variables around it as they are when it is called.",
      example: "fn relu2(x) = max(x, 0).^2; relu2([-1 3])", related: ["return", "->", "map"]),
    SyntaxRow(
      "return", .keyword, forms: "return x; return a, b", summary: "Ends a function with its results.",
      example: "fn both(x) { return x^2, x^3 }; a, b = both(2)", related: ["fn"]),
    SyntaxRow(
      "param", .keyword, forms: "param W = value; param X",
      summary: "Makes a variable trainable: backward gives it a gradient, step moves it.",
      details:
        "What is assigned to it later is its new value, of the same shape. `param X` makes one of data.",
      example: "param w = 3; J = w^2; backward(J); dw", related: ["backward", "step", "forward"]),
    SyntaxRow(
      "include", .keyword, forms: "include \"lib.nn\"",
      summary: "Runs another file; its path is relative to the file it stands in.",
      example: "include \"lib.nn\"", related: ["fn", "read"]),
    SyntaxRow(
      "end", .keyword, forms: "A[end, j]; v[end]",
      summary: "The last place, inside the brackets of an index.",
      example: "v = [5 6 7]; v[end]", related: ["[]"]),
  ]

  private static let marks: [SyntaxRow] = [
    SyntaxRow(
      ":", .operator, forms: "first:last; first:step:last; A[:, j]",
      summary: "A row of numbers, both ends included; alone in an index, everything.", example: "0:0.5:2",
      related: ["linspace", "for", "[]"]),
    SyntaxRow(
      "->", .operator, forms: "x -> expression; (x, y) -> expression", summary: "A function as a value.",
      example: "map(x -> x^2, [1 2 3])", related: ["fn", "map"]),
    SyntaxRow(
      "=", .operator, forms: "x = value; a, b = f(x); A[i, j] = value", summary: "Gives a variable a value.",
      details: "One name takes the first of several results; _ stands for a result that is not wanted.",
      example: "m, n = size(zeros(2, 3))", related: ["+=", "==", "param"]),
    SyntaxRow(
      "+=", .operator, forms: "x += y; x -= y; x *= y; x /= y",
      summary: "Changes a variable: x = x + y, and so on.",
      example: "x = 3; x += 2", related: ["="]),
    SyntaxRow(
      "?", .operator, forms: "dW1 = ?", summary: "A hole: tells which shape is needed and what has it.",
      example: "", related: ["param", "backward"]),
    SyntaxRow(
      ";", .operator, forms: "a; b; [1 2; 3 4]",
      summary: "Ends a statement and hides its value; in a matrix it ends a row.", example: "x = 3; x^2",
      related: ["[;]", "print"]),
    SyntaxRow(
      "#", .operator, forms: "# text", summary: "Begins a comment, up to the end of the line.",
      example: "1 + 1  # two", related: []),
    SyntaxRow(
      "{}", .operator, forms: "\"{x}\"; \"{x:8.3f}\"",
      summary: "In a string, the value of an expression; a format may follow a colon.",
      details:
        "A format is [width][.digits][d f e g]; a width that begins with 0 fills numbers with zeros. {{ is a brace.",
      example: "x = pi; \"x = {x:.4f}\"",
      related: ["format", "print"]),
    SyntaxRow(
      ".", .operator, forms: "t.name; net.W1",
      summary: "A column of a table, or a part of a network or another object.",
      example: "t = read(\"flowers.csv\"); t.petal'", related: ["read", "xy"]),
    SyntaxRow(
      "()", .operator, forms: "f(x); f(x, name = value); (a + b)*c",
      summary: "Calls a function, arguments by place or by name; else groups.",
      example: "sum([1 2; 3 4], dim = 1)",
      related: ["fn", "[]"]),
  ]
}
