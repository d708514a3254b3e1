import NNCore

/// A whole program in another notation: what it reads, how the value is computed, and its gradients.
struct ProgramText {
  struct Line {
    let name: String
    let formula: Formula
    var reason = ""
  }

  struct Input {
    let name: String
    let shape: Shape
    let isParam: Bool
    let value: Matrix?
    /// The expression that gives it, where it has no name in the program.
    let source: String?
  }

  let title: String
  let notation: Notation
  let inputs: [Input]
  let forward: [Line]
  let backward: [Line]

  /// Elements of an input that are written out; larger ones are for the reader to give.
  private static let mostElements = 100

  /// - Parameter check: called for every line; it may end the work.
  func text(_ check: () throws(Diagnostic) -> Void) throws(Diagnostic) -> String {
    notation.name == Notation.latex.name ? try document(check) : try program(check)
  }

  // MARK: Programs

  private func program(_ check: () throws(Diagnostic) -> Void) throws(Diagnostic) -> String {
    let body =
      try inputs.map(definition).joined() + "\n" + notation.comment + "forward\n" + lines(forward, check)
      + "\n"
      + notation.comment + "backward\n" + lines(backward, check)
    return header + preamble + helpers(for: body) + body
  }

  private var header: String {
    var text = "\(notation.comment)\(title) and its gradients.\n"
    text +=
      "\(notation.comment)reads: " + inputs.map { "\(spelled($0.name)) \($0.shape)" }.joined(separator: ", ")
    for input in inputs {
      if let source = input.source { text += "\n\(notation.comment)\(spelled(input.name)) is \(source)" }
    }
    let missing = inputs.filter { !isWrittenOut($0) }
    if !missing.isEmpty {
      text += "\n\(notation.comment)to be given: " + missing.map { spelled($0.name) }.joined(separator: ", ")
    }
    return text + "\n"
  }

  /// A name as the program has it; in LaTeX, whose names do not read well, as the language has it.
  private func spelled(_ name: String) -> String {
    notation.name == Notation.latex.name ? name : notation.names(name)
  }

  private var preamble: String { notation.preamble.map { $0 + "\n" }.joined() }

  /// The definitions of the functions that a program calls, and of those that these call.
  private func helpers(for body: String) -> String {
    var definitions: [String] = []
    var text = body
    for helper in notation.helpers.reversed() where text.calls(helper.name) {
      definitions.insert(helper.definition, at: 0)
      text += helper.definition
    }
    if definitions.isEmpty { return "" }
    // A file of Octave's that begins with a function is no script.
    let start = definitions[0].hasPrefix("function ") ? "1;\n" : ""
    return "\n" + start + definitions.map { $0 + "\n" }.joined()
  }

  private func isWrittenOut(_ input: Input) -> Bool { (input.value?.count ?? .max) <= Self.mostElements }

  private func definition(_ input: Input) -> String {
    guard let value = input.value, isWrittenOut(input) else { return "" }
    let text =
      value.isScalar && notation.name == Notation.octave.name
      ? notation.numbers(value.pointer[0]) : notation.literal(value, notation.numbers)
    return "\n\(notation.names(input.name))\(notation.assignment.between)\(text)\(notation.assignment.end)"
  }

  private func lines(
    _ lines: [Line], _ check: () throws(Diagnostic) -> Void
  ) throws(Diagnostic) -> String {
    try lines.map { line throws(Diagnostic) in
      try check()
      let comment = line.reason.isEmpty ? "" : "  \(notation.comment)\(line.reason)"
      return
        "\(notation.names(line.name))\(notation.assignment.between)\(notation.text(line.formula))\(notation.assignment.end)\(comment)\n"
    }.joined()
  }

  // MARK: LaTeX

  private func document(_ check: () throws(Diagnostic) -> Void) throws(Diagnostic) -> String {
    try header + """
      \\documentclass{article}
      \\usepackage{amsmath,amssymb}
      \\usepackage[margin=2cm]{geometry}
      \\allowdisplaybreaks
      \\begin{document}
      \\begin{align*}
      \(aligned(forward, check))\\end{align*}
      \\begin{align*}
      \(aligned(backward, check))\\end{align*}
      \\end{document}

      """
  }

  private func aligned(
    _ lines: [Line], _ check: () throws(Diagnostic) -> Void
  ) throws(Diagnostic) -> String {
    try lines.map { line throws(Diagnostic) in
      try check()
      let shape = "&& \(line.formula.shape.rows) \\times \(line.formula.shape.columns)"
      let text = LaTeXLines(notation.text(line.formula)).lines.joined(separator: " \\\\\n  &\\quad {}")
      return "\(notation.names(line.name)) &= \(text) \(shape) \\\\\n"
    }.joined()
  }
}

extension String {
  /// Whether a function of this name is called in it.
  fileprivate func calls(_ name: String) -> Bool {
    var rest = self[...]
    while let range = rest.firstRange(of: name + "(") {
      let before = range.lowerBound > startIndex ? self[index(before: range.lowerBound)] : " "
      if !(before.isLetter || before.isNumber || before == "_" || before == ".") { return true }
      rest = rest[range.upperBound...]
    }
    return false
  }
}

extension Explainer {
  /// The computation and its gradients as a program in another notation.
  func program(_ notation: Notation, _ wanted: [String]?) throws(Diagnostic) -> String {
    // LaTeX is for reading: what keeps divisors from zero stays out where it changes nothing.
    let (plan, held) = try plan(wanted, isExact: notation.name != Notation.latex.name, namesData: true)
    var writer = plan.writer
    let data = writer.names.filter { graph[$0.key].kind == .data }
    writer.names = names.merging(held) { name, _ in name }.merging(data) { name, _ in name }
    let inputs = inputs(writer)
    let forward = unrolled(writer).map {
      ProgramText.Line(name: writer.names[$0] ?? "", formula: writer.written($0))
    }
    let known = Set(forward.map(\.name) + inputs.map(\.name))
    let owners = gradientOwners
    let reason = try ReasonText(self, held: held, writer: writer)
    let shown = plan.lines.filter { $0.role != .value || !known.contains($0.name) }
    let backward = try shown.map { line throws(Diagnostic) in
      try checkCancellation()
      return ProgramText.Line(
        name: line.name, formula: line.formula, reason: words(for: line, plan, owners, reason))
    }
    return try ProgramText(
      title: variable.name, notation: notation, inputs: inputs, forward: forward, backward: backward
    ).text(checkCancellation)
  }

  /// Data and params with their names, each once.
  private func inputs(_ writer: FormulaWriter) -> [ProgramText.Input] {
    var seen: Set<String> = []
    let named = derived.ids.sorted().filter { graph[$0].kind == .param || graph[$0].kind == .data }
    let inputs = named.compactMap { id -> ProgramText.Input? in
      guard let name = writer.names[id], seen.insert(name).inserted else { return nil }
      let source = names[id] == nil ? expressions[id].map { $0.tree.printed($0.node) } : nil
      return ProgramText.Input(
        name: name, shape: graph[id].shape, isParam: graph[id].kind == .param, value: value(id),
        source: source)
    }
    return inputs.filter { !$0.isParam } + inputs.filter(\.isParam)
  }
}
