import NNCore

/// What the language knows of itself, for help at the prompt, completion and the reference.
public enum Help {
  /// Functions, constants, operators and keywords, each kind in the order of the reference.
  public static let entries: [HelpEntry] =
    Builtins.table.map { HelpEntry($0) } + Builtins.constants.map { HelpEntry($0) }
    + Operation.table.filter { isOperator($0) }.map { HelpEntry(operator: $0) }
    + SyntaxRow.table.map { HelpEntry($0) }

  private static func isOperator(_ row: Operation) -> Bool {
    // What `explain` prints between operators is a builtin too; `negate` is help(\"-\").
    !(row.name.unicodeScalars.first?.properties.isAlphabetic ?? true)
  }

  private static let indices: [String: Int] = {
    var indices: [String: Int] = [:]
    for (index, entry) in entries.enumerated() where indices[entry.name] == nil {
      indices[entry.name] = index
    }
    for (alias, name) in aliases { indices[alias] = indices[name] }
    return indices
  }()

  /// Other spellings of operators.
  private static let aliases = [
    "/": "./", "⊙": ".*", "≠": "!=", "≤": "<=", "≥": ">=", "−": "-", ".'": "'", "-=": "+=", "*=": "+=",
    "/=": "+=",
    "[": "[]", "]": "[]", "{": "{}", "}": "{}", "\"": "{}", "(": "()", ")": "()", ",": "[,]", "_": "=",
  ]

  /// What is known of a name, an operator or a keyword.
  public static func entry(named name: String) -> HelpEntry? { indices[name].map { entries[$0] } }

  /// The help on a name, an operator or a keyword, its example with the output that it really gives.
  ///
  /// - Returns: lines that end with "\n"; nil where the name is not known.
  public static func text(named name: String, width: Int = 80) -> String? {
    entry(named: name).map { text(of: $0, width: width) }
  }

  /// What to say of a name that is not known: a hint, if there is one.
  public static func hint(for name: String) -> String? {
    if let spelling = NameHints.hint(for: name, known: entries.map(\.name)) { return spelling }
    let letters = name.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
    return letters.count < name.count && entry(named: String(letters)) != nil
      ? "help(\(letters)) explains \(letters)" : nil
  }

  /// One screen: how to a first gradient in a few lines, and where to read on.
  public static let overview = """
    nnrepl calculates with matrices, and trains networks one line at a time.

      X = [0 0 1 1; 0 1 0 1]         columns are examples, rows are features
      Y = [0 1 1 0]
      param W = randn(1, 2)          a param is trainable
      A = sigmoid(W*X)               * is the matrix product, .* element by element
      J = bce(A, Y)
      backward(J)                    now dA and dW are the gradients of J
      dW

    help(relu) explains a function, help(".*") an operator, help("for") a keyword.


    """
    + Builtin.Group.allCases.compactMap { group in
      let names = Builtins.table.filter { $0.group == group }.map(\.name)
      return names.isEmpty ? nil : "\(group.rawValue)\n" + wrapped(names, width: 78)
    }.joined(separator: "\n")

  /// Names in lines that fit, set in a little.
  private static func wrapped(_ names: [String], width: Int) -> String {
    var lines = ["  "]
    for name in names {
      if lines[lines.count - 1].count + name.count + 1 > width { lines.append("  ") }
      lines[lines.count - 1] += lines[lines.count - 1] == "  " ? name : " " + name
    }
    return lines.joined(separator: "\n") + "\n"
  }

  static func text(of entry: HelpEntry, width: Int) -> String {
    var lines = entry.signatures
    // Backticks set code apart in the reference; a terminal has no type to change.
    lines += ([entry.summary] + entry.details).map { line in "  " + String(line.filter { $0 != "`" }) }
    if !entry.shapes.isEmpty { lines.append("  shapes: " + entry.shapes) }
    if !entry.example.isEmpty {
      lines += ["", "  nn> " + entry.example] + ExampleRunner.lines(entry.example).map { "  " + $0 }
    }
    if !entry.related.isEmpty { lines += ["", "  see also: " + entry.related.joined(separator: ", ")] }
    return lines.map { $0.trimmingEnd() }.joined(separator: "\n") + "\n"
  }
}

extension String {
  /// The text without blanks at its end.
  func trimmingEnd() -> String {
    var text = Substring(self)
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
