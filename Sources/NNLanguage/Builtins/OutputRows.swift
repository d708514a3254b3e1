import NNCore

extension Builtins {
  static let outputRows: [Builtin] = [
    Builtin(
      "print", "…", .output, forms: "print(x); print(x, y, …)",
      summary: "Shows values: strings as they are, matrices and tables in lines of their own.",
      details: "Several on one line have a blank between them; print() ends a line.",
      example: "print(\"pi is\", pi)", related: ["format", "digits"], body: print),
    Builtin(
      "digits", "n?", .output, forms: "digits(n); digits()",
      summary: "Shows numbers with n significant digits from now on, 1 to 17; without n gives how many.",
      details: "17 shows as many as tell a number from every other, so that it can be read back.",
      example: "digits(10); pi", related: ["format", "print"], body: digits),
  ]

  static let sessionRows: [Builtin] = [
    Builtin(
      "clock", "", .session, summary: "Seconds since some fixed moment; the difference of two is a duration.",
      example: "start = clock(); clock() - start >= 0", related: ["print"]
    ) { call throws(Diagnostic) in .number(call.machine.host.clock()) },
    Builtin(
      "help", "name?", .session, forms: "help(sigmoid); help(\"for\"); help(\".*\"); help()",
      summary: "Shows what a function, an operator or a keyword does, with an example.",
      details:
        "Operators and keywords are given as strings. Of a function of yours it shows the parameters and the comment above.",
      example: "help(relu)", related: ["print"], body: Help.show),
  ]

  private static func print(_ call: Call) throws(Diagnostic) -> Value {
    let machine = call.machine
    var lines: [String] = []
    var line: [String] = []
    for index in 0..<call.count {
      let value = call[index]
      // Strings may come from data, and what a terminal takes for a command is none of theirs.
      let text = SafeText.escaped(
        try machine.display.printed(value, width: machine.host.width), keepsLines: true)
      if value.standsInLines {
        if !line.isEmpty { lines.append(line.joined(separator: " ")) }
        line = []
        lines.append(text)
      } else {
        line.append(text)
      }
    }
    if !line.isEmpty || lines.isEmpty { lines.append(line.joined(separator: " ")) }
    machine.host.write(lines.joined(separator: "\n") + "\n")
    return .nothing
  }

  private static func digits(_ call: Call) throws(Diagnostic) -> Value {
    guard call.isGiven(0) else { return .number(Scalar(call.machine.display.digits)) }
    call.machine.display.digits = try call.integer(0, in: 1...17)
    return .nothing
  }
}

extension Value {
  /// Whether it is shown in lines of its own instead of within one.
  fileprivate var standsInLines: Bool {
    switch self {
    case .matrix(let matrix): !matrix.isScalar
    case .table, .object: true
    default: false
    }
  }
}
