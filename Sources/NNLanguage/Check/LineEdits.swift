/// A changed formula, and the mistake that the change mends.
struct LineEdit {
  let formula: LineFormula
  let mistake: Mistake
  /// Mistakes that people make often come first; of two edits that both mend a line, the smaller rank is meant.
  let rank: Int
}

/// What the edits of a line may use: the names there are and how the cost is computed.
struct EditContext {
  /// An activation of the forward statements: `output = function(input)`.
  struct Activation {
    let function: String
    let input: String
    let output: String
    /// The right side as written.
    let text: String
    let derivative: LineFormula
  }

  /// A forward statement that makes one variable out of one other of the same shape.
  struct Link {
    let input: String
    let output: String
    /// The right side as written.
    let text: String
  }

  /// Shapes of all numeric names, gradients included.
  var shapes: [String: (rows: Int, columns: Int)] = [:]
  var activations: [Activation] = []
  var links: [Link] = []
  /// Numbers of the forward statements: a penalty's weight may be one.
  var literals: [Double] = []
  /// How the line divides by the number of examples, the likeliest first, with its value.
  var counts: [(formula: LineFormula, value: Double)] = []
  /// How many elements the values have: some divide by that instead.
  var elementCounts: Set<Double> = []
  /// Values of the names that are single numbers.
  var scalars: [String: Double] = [:]
  /// Single numbers that are values of the graph or data it is computed from: not counts, nor rates.
  var operands: Set<String> = []
  /// Names that may stand in a line, in order.
  var names: [String] = []
  /// Functions of the user with one parameter.
  var functions: [String] = []
  /// Names that stand beside the variable in the forward statements that read it.
  var partners: Set<String> = []
  /// The activation that follows the variable, by name of its output.
  var following: String?

  func isScalar(_ formula: LineFormula) -> Bool {
    switch formula {
    case .number: true
    case .name(let name): shapes[name].map { $0 == (1, 1) } ?? false
    case .unary(_, let operand), .transpose(let operand): isScalar(operand)
    case .binary(_, let left, let right): isScalar(left) && isScalar(right)
    case .call, .other: false
    }
  }

  /// The shape of what a formula gives; nil where it is not known.
  func shape(_ formula: LineFormula) -> (rows: Int, columns: Int)? {
    switch formula {
    case .number: return (1, 1)
    case .name(let name): return shapes[name]
    case .unary(_, let operand): return shape(operand)
    case .transpose(let operand): return shape(operand).map { ($0.columns, $0.rows) }
    case .binary(let operation, let left, let right):
      guard let a = shape(left), let b = shape(right), operation != .leftDivide, operation != .power else {
        return nil
      }
      if operation == .multiply, a != (1, 1), b != (1, 1) { return (a.rows, b.columns) }
      return (a.rows == 1 ? b.rows : a.rows, a.columns == 1 ? b.columns : a.columns)
    case .call, .other: return nil
    }
  }

  /// The transposed formula: what is in it but once is transposed once, and single numbers stay as they are.
  func transposed(_ formula: LineFormula) -> LineFormula {
    if isScalar(formula) { return formula }
    switch formula {
    case .transpose(let operand): return operand
    case .unary(let operation, let operand): return .unary(operation, transposed(operand))
    case .binary(.multiply, let left, let right):
      if isScalar(left) { return .binary(.multiply, left, transposed(right)) }
      if isScalar(right) { return .binary(.multiply, transposed(left), right) }
      if case .binary(.multiply, let number, let rest) = left, isScalar(number) {
        return .binary(.multiply, .binary(.multiply, number, transposed(right)), transposed(rest))
      }
      return .binary(.multiply, transposed(right), transposed(left))
    case .binary(.divide, let left, let right) where isScalar(right):
      return .binary(.divide, transposed(left), right)
    case .binary(let operation, let left, let right) where operation.commutesWithTranspose:
      let parts = LineFormula.binary(operation, transposed(left), transposed(right))
      let whole = LineFormula.transpose(formula)
      return parts.transposes <= whole.transposes ? parts : whole
    default: return formula.transposed
    }
  }

  /// The value of a formula of single numbers.
  func value(_ formula: LineFormula) -> Double? {
    switch formula {
    case .number(let number): return number
    case .name(let name): return scalars[name]
    case .unary(.minus, let operand): return value(operand).map { -$0 }
    case .binary(let operation, let left, let right):
      guard let a = value(left), let b = value(right) else { return nil }
      switch operation {
      case .add: return a + b
      case .subtract: return a - b
      case .multiply, .elementMultiply: return a * b
      case .divide, .elementDivide: return a / b
      default: return nil
      }
    default: return nil
    }
  }

  /// Whether a factor is the number of examples or its inverse.
  func isCount(_ formula: LineFormula) -> Bool {
    guard let value = value(formula), value != 0 else { return false }
    return counts.contains { $0.value == value || (1 / $0.value - value).magnitude < 1e-12 }
  }
}

/// All ways to change one thing in a formula.
struct LineEdits {
  let context: EditContext
  /// Writes a formula as the user would.
  let text: (LineFormula) -> String

  /// Every formula that one change makes, root included.
  func all(of formula: LineFormula) -> [LineEdit] {
    inside(formula) + whole(formula) + everywhere(formula)
  }

  /// One name for another, wherever it stands: who takes one variable for another does so throughout.
  private func everywhere(_ formula: LineFormula) -> [LineEdit] {
    formula.names.sorted().filter { formula.count(of: $0) > 1 }.flatMap { name in
      names(name).compactMap { edit in
        guard case .name(let other) = edit.formula else { return nil }
        return LineEdit(
          formula: formula.replacing(name, with: other), mistake: edit.mistake, rank: edit.rank)
      }
    }
  }

  // MARK: Changes at a node, and in what is below it

  private func inside(_ formula: LineFormula) -> [LineEdit] {
    var edits = local(formula)
    func rebuild(
      _ part: LineFormula, without other: LineFormula? = nil, _ make: (LineFormula) -> LineFormula
    ) {
      for edit in inside(part) where edit.formula != other {
        edits.append(LineEdit(formula: make(edit.formula), mistake: edit.mistake, rank: edit.rank))
      }
    }
    switch formula {
    case .number, .name, .other: break
    case .unary(let operation, let operand): rebuild(operand) { .unary(operation, $0) }
    case .transpose(let operand): rebuild(operand) { context.transposed($0) }
    case .binary(let operation, let left, let right):
      rebuild(left) { .binary(operation, $0, right) }
      rebuild(right) { .binary(operation, left, $0) }
    case .call(let name, let arguments):
      for place in arguments.indices {
        let value = arguments[place].value
        // A vector that is added up along the wrong axis is not transposed for that.
        let transposed = Self.reductions.contains(name) && isVector(value) ? context.transposed(value) : nil
        rebuild(value, without: transposed) { changed in
          var changedArguments = arguments
          changedArguments[place].value = changed
          return .call(name, changedArguments)
        }
      }
    }
    return edits
  }

  private func isVector(_ formula: LineFormula) -> Bool {
    context.shape(formula).map { ($0.rows == 1) != ($0.columns == 1) } ?? false
  }

  private func local(_ formula: LineFormula) -> [LineEdit] {
    switch formula {
    case .name(let name): names(name)
    case .number(let number): numbers(number)
    case .unary(.minus, let operand):
      [edit(operand, .sign, "the sign is wrong: the minus before \(text(operand)) does not belong there", 0)]
    case .unary, .other: []
    case .transpose(let operand):
      [edit(operand, .transposeExtra, "\(text(operand)) must not be transposed here", 0)]
    case .binary(let operation, let left, let right): binary(operation, left, right)
    case .call(let name, let arguments): call(name, arguments)
    }
  }

  private func edit(_ formula: LineFormula, _ kind: Mistake.Kind, _ sentence: String, _ rank: Int) -> LineEdit
  {
    LineEdit(formula: formula, mistake: Mistake(kind, sentence), rank: rank)
  }

  // MARK: Operators

  private func binary(_ operation: BinaryOperator, _ left: LineFormula, _ right: LineFormula) -> [LineEdit] {
    switch operation {
    case .multiply:
      let edits = withoutNumbers(left, right)
      return edits.isEmpty ? products(left, right) : edits
    case .elementMultiply:
      let edits = withoutNumbers(left, right)
      return edits.isEmpty ? elementwise(left, right) : edits
    case .divide, .elementDivide:
      return [
        withoutFactor(right, left, isDivisor: true),
        edit(
          .binary(.elementMultiply, left, right), .factor, "\(text(right)) divides where it should multiply",
          3),
      ]
    case .add, .subtract: return sums(operation, left, right)
    case .power, .elementPower:
      return [edit(left, .power, "the power of \(text(left)) does not belong there", 2)]
    case .less, .lessEqual:
      return [
        edit(.binary(.greater, left, right), .derivativeWrong, "the comparison is the wrong way round", 2)
      ]
    case .greater, .greaterEqual:
      return [edit(.binary(.less, left, right), .derivativeWrong, "the comparison is the wrong way round", 2)]
    default: return []
    }
  }

  /// Without the factors that are single numbers; empty where none is.
  private func withoutNumbers(_ left: LineFormula, _ right: LineFormula) -> [LineEdit] {
    (context.isScalar(left) ? [withoutFactor(left, right)] : [])
      + (context.isScalar(right) ? [withoutFactor(right, left)] : [])
  }

  private func withoutFactor(_ factor: LineFormula, _ rest: LineFormula, isDivisor: Bool = false) -> LineEdit
  {
    let what = text(factor)
    if context.isCount(factor) {
      let sentence =
        isDivisor || (context.value(factor) ?? 1) < 1
        ? "it is divided by the number of examples once too often"
        : "the factor \(what) does not belong there"
      return edit(rest, .countExtra, sentence, 1)
    }
    if context.isScalar(factor) {
      return edit(rest, .factor, "the \(isDivisor ? "divisor" : "factor") \(what) does not belong there", 2)
    }
    return edit(
      rest, .factorExtra, "\(isDivisor ? "the division by" : "the factor") \(what) does not belong there", 2)
  }

  private func products(_ left: LineFormula, _ right: LineFormula) -> [LineEdit] {
    let whole = LineFormula.binary(.multiply, left, right)
    var edits = [
      edit(
        .binary(.elementMultiply, left, right), .productForElementwise,
        "* is the matrix product; here .* is needed, element by element", 0),
      edit(
        .binary(.multiply, right, left), .orderOfProduct,
        "the factors of \(text(whole)) stand in the wrong order", 1),
      edit(
        context.transposed(whole), .transposed,
        "\(text(whole)) is the transpose of what is needed", 1),
      edit(left, .factorExtra, "the factor \(text(right)) does not belong there", 3),
      edit(right, .factorExtra, "the factor \(text(left)) does not belong there", 3),
    ]
    for (a, b, part) in [(context.transposed(left), right, left), (left, context.transposed(right), right)] {
      edits.append(transposing(.binary(.multiply, a, b), part))
    }
    for order in [(left, right), (right, left)] {
      for (a, b) in [
        (context.transposed(order.0), order.1), (order.0, context.transposed(order.1)),
        (context.transposed(order.0), context.transposed(order.1)),
      ] {
        edits.append(
          edit(
            .binary(.multiply, a, b), .transposed,
            "the product should be \(text(.binary(.multiply, a, b))), not \(text(whole))", 2))
      }
    }
    return edits
  }

  private func transposing(_ formula: LineFormula, _ part: LineFormula) -> LineEdit {
    if case .transpose(let inner) = part {
      return edit(formula, .transposeExtra, "\(text(inner)) must not be transposed here", 0)
    }
    return edit(formula, .transposeMissing, "\(text(part)) must be transposed here", 0)
  }

  private func elementwise(_ left: LineFormula, _ right: LineFormula) -> [LineEdit] {
    let sentence = ".* multiplies element by element; here the matrix product * is needed"
    var edits: [LineEdit] = []
    for (rank, (a, b)) in [
      (left, right), (left, context.transposed(right)), (context.transposed(left), right), (right, left),
      (context.transposed(right), left), (right, context.transposed(left)),
      (context.transposed(left), context.transposed(right)),
    ].enumerated() {
      let product = LineFormula.binary(.multiply, a, b)
      let detail = rank == 0 ? "" : ": \(text(product))"
      edits.append(edit(product, .elementwiseForProduct, sentence + detail, rank == 0 ? 0 : 1))
    }
    edits.append(withoutElementwise(right, left))
    edits.append(withoutElementwise(left, right))
    if case .binary(.elementMultiply, let first, let second) = left, !context.isScalar(first) {
      edits += replacing(.binary(.elementMultiply, second, right), behind: first)
    }
    for activation in context.activations {
      for (part, other, isRight) in [(right, left, true), (left, right, false)]
      where part != activation.derivative {
        let formula: LineFormula =
          isRight
          ? .binary(.elementMultiply, other, activation.derivative)
          : .binary(.elementMultiply, activation.derivative, other)
        edits.append(
          edit(formula, .derivativeWrong, wrongDerivative(activation, part), rank(of: activation) + 1))
      }
    }
    return edits
  }

  /// A derivative of two factors, `A .* (1 - A)`, taken out of a chain that leans left.
  private func replacing(_ factors: LineFormula, behind first: LineFormula) -> [LineEdit] {
    var edits: [LineEdit] = []
    for activation in context.activations {
      if factors == activation.derivative {
        edits.append(
          edit(
            first, .derivativeExtra,
            "the derivative \(text(factors)) does not belong there: it is in \(text(first)) already", 1))
      } else {
        edits.append(
          edit(
            .binary(.elementMultiply, first, activation.derivative), .derivativeWrong,
            wrongDerivative(activation, factors), rank(of: activation) + 1))
      }
    }
    return edits
  }

  private func rank(of activation: EditContext.Activation) -> Int {
    activation.output == context.following ? 1 : 3
  }

  private func wrongDerivative(_ activation: EditContext.Activation, _ part: LineFormula) -> String {
    let right = "\(activation.output) = \(activation.text) has \(text(activation.derivative))"
    if let other = context.activations.first(where: { $0.derivative == part }) {
      return "\(text(part)) is the derivative of \(other.output) = \(other.text); \(right)"
    }
    return "\(text(part)) is not the derivative of \(activation.function); \(right)"
  }

  private func withoutElementwise(_ factor: LineFormula, _ rest: LineFormula) -> LineEdit {
    if context.activations.contains(where: { $0.derivative == factor }) {
      return edit(
        rest, .derivativeExtra,
        "the derivative \(text(factor)) does not belong there: it is in what stands before it already", 1)
    }
    return withoutFactor(factor, rest)
  }

  private func sums(_ operation: BinaryOperator, _ left: LineFormula, _ right: LineFormula) -> [LineEdit] {
    let isMinus = operation == .subtract
    var edits = [
      edit(left, .termExtra, "the term \(text(right)) does not belong there", 2),
      edit(
        isMinus ? .unary(.minus, right) : right, .termExtra, "the term \(text(left)) does not belong there", 2
      ),
      edit(
        .binary(isMinus ? .add : .subtract, left, right), .sign, "the sign of \(text(right)) is wrong", 0),
    ]
    if isMinus {
      edits.append(
        edit(
          .binary(.subtract, right, left), .sign,
          "the sign is wrong: \(text(.binary(.subtract, left, right))) is the wrong way round", 0))
    }
    return edits
  }

  // MARK: Names and numbers

  private func names(_ name: String) -> [LineEdit] {
    guard let shape = context.shapes[name] else { return [] }
    var edits: [LineEdit] = []
    for other in context.names
    where other != name
      && (!context.isScalar(.name(other)) || isRelated(name, other) || areOperands(name, other))
    {
      edits += renames(name, other)
    }
    guard shape != (1, 1) else { return edits }
    edits.append(edit(.transpose(.name(name)), .transposeMissing, "\(name) must be transposed here", 0))
    edits.append(
      edit(
        .binary(.elementPower, .name(name), .number(2)), .power, "\(name) must be squared here: \(name).^2", 2
      ))
    return edits
  }

  private func areOperands(_ name: String, _ other: String) -> Bool {
    context.operands.contains(name) && context.operands.contains(other)
  }

  private func isRelated(_ name: String, _ other: String) -> Bool {
    name != other && (GradientName.of(name) == other || GradientName.of(other) == name)
  }

  private func renames(_ name: String, _ other: String) -> [LineEdit] {
    let plain = LineFormula.name(other)
    if GradientName.of(other) == name {
      let sentence = "\(name) is used where \(other) itself belongs"
      return [
        edit(plain, .gradientForValue, sentence, 0),
        edit(context.transposed(plain), .gradientForValue, sentence + ", transposed", 1),
      ]
    }
    if GradientName.of(name) == other {
      return [edit(plain, .valueForGradient, "\(name) is used where its gradient \(other) belongs", 0)]
    }
    if let link = context.links.first(where: { $0.input == name && $0.output == other }) {
      return [
        edit(
          plain, .beforeForAfterActivation, "\(name) is used where \(other) = \(link.text) belongs", 0)
      ]
    }
    if let link = context.links.first(where: { $0.output == name && $0.input == other }) {
      return [
        edit(plain, .afterForBeforeActivation, "\(name) = \(link.text) is used where \(other) belongs", 0)
      ]
    }
    if Self.stem(name) == Self.stem(other)
      || GradientName.variable(of: name) != nil && GradientName.variable(of: other) != nil
        && isGradientPair(name, other)
    {
      return [edit(plain, .wrongLayer, "\(name) is of the wrong layer: \(other) belongs here", 1)]
    }
    return [
      edit(
        plain, .wrongName, "\(name) is used where \(other) belongs", context.partners.contains(other) ? 1 : 2)
    ]
  }

  private func isGradientPair(_ name: String, _ other: String) -> Bool {
    guard let a = GradientName.variable(of: name), let b = GradientName.variable(of: other) else {
      return false
    }
    return context.shapes[a] != nil && context.shapes[b] != nil && Self.stem(a) == Self.stem(b)
  }

  /// A name without its number: `W1` and `W2` are of one kind.
  private static func stem(_ name: String) -> String {
    let stem = String(
      name.unicodeScalars.filter { !$0.properties.isEmoji && $0.properties.numericType == nil }.map(
        Character.init))
    return stem == name ? name + " " : stem
  }

  private func numbers(_ number: Double) -> [LineEdit] {
    var edits: [LineEdit] = []
    for other in [1, 2, 0.5, 3, 4] where other != number {
      edits.append(
        edit(
          .number(other), .factor, "the number \(text(.number(number))) should be \(text(.number(other)))", 3)
      )
    }
    for count in context.counts where count.value != number {
      let isElements = context.elementCounts.contains(number)
      let what = text(.number(number)) + (isElements ? ", the number of elements," : "")
      edits.append(
        edit(
          count.formula, .countMissing,
          "\(what) stands where the number of examples, \(text(count.formula)), belongs", isElements ? 1 : 3))
    }
    return edits
  }

  // MARK: Calls

  private static let reductions: Set = ["sum", "mean"]

  private func call(_ name: String, _ arguments: [LineFormula.Argument]) -> [LineEdit] {
    var edits: [LineEdit] = []
    if Self.reductions.contains(name), let first = arguments.first {
      let now = dimension(arguments)
      for dimension in directions(of: first.value, [1, 2, nil]) where dimension != now {
        let call = reduction(name, first.value, dimension)
        edits.append(edit(call, .sumAxis, "\(name) runs along the wrong axis: it should be \(text(call))", 0))
      }
      let other = name == "sum" ? "mean" : "sum"
      edits.append(
        edit(
          .call(other, arguments), .meanForSum,
          "\(name) is used where \(other) belongs", 2))
      edits.append(edit(first.value, .sumExtra, "the \(name) does not belong there", 2))
    }
    if arguments.count == 1, arguments[0].name == nil {
      for other in context.functions where other != name {
        edits.append(
          edit(
            .call(other, arguments), .derivativeWrong, "\(name) is the wrong function: \(other) belongs here",
            2))
      }
      for activation in context.activations {
        edits.append(
          edit(
            activation.derivative, .derivativeWrong,
            wrongDerivative(activation, .call(name, arguments)), rank(of: activation) + 1))
      }
    }
    return edits
  }

  /// The directions in which adding up an operand does something, and not the same as another of them.
  private func directions(of operand: LineFormula, _ all: [Int?]) -> [Int?] {
    guard let shape = context.shape(operand) else { return all }
    return all.filter { dimension in
      switch dimension {
      case 1: shape.rows != 1
      case 2: shape.columns != 1
      default: shape.rows != 1 && shape.columns != 1
      }
    }
  }

  private func dimension(_ arguments: [LineFormula.Argument]) -> Int? {
    guard arguments.count > 1, case .number(let number) = arguments[1].value else { return nil }
    return Int(exactly: number)
  }

  private func reduction(_ name: String, _ operand: LineFormula, _ dimension: Int?) -> LineFormula {
    var arguments = [LineFormula.Argument(name: nil, value: operand)]
    if let dimension { arguments.append(LineFormula.Argument(name: nil, value: .number(Double(dimension)))) }
    return .call(name, arguments)
  }

  // MARK: Changes of the whole

  /// Changes of the whole, and of each of the terms it may be the sum of.
  private func whole(_ formula: LineFormula) -> [LineEdit] {
    let (core, rebuild) = core(formula)
    guard case .binary(let operation, let left, let right) = core, operation == .add || operation == .subtract
    else {
      return term(formula)
    }
    func mapped(_ edits: [LineEdit], _ make: (LineFormula) -> LineFormula) -> [LineEdit] {
      edits.map { LineEdit(formula: rebuild(make($0.formula)), mistake: $0.mistake, rank: $0.rank + 1) }
    }
    return term(formula) + mapped(whole(left)) { .binary(operation, $0, right) }
      + mapped(whole(right)) { .binary(operation, left, $0) }
  }

  /// Changes of a whole term: signs, counts, sums and factors that are missing.
  private func term(_ formula: LineFormula) -> [LineEdit] {
    let (core, rebuild) = core(formula)
    return factors(formula) + sums(of: core, rebuild) + derivatives(core, rebuild) + inputs(core, rebuild)
  }

  private func factors(_ formula: LineFormula) -> [LineEdit] {
    var edits = [
      edit(.unary(.minus, formula), .sign, "the sign is wrong", 1),
      edit(.binary(.multiply, .number(2), formula), .factor, "the factor 2 is missing", 2),
      edit(.binary(.divide, formula, .number(2)), .factor, "the factor 1/2 is missing", 2),
    ]
    for count in context.counts {
      let divided = LineFormula.binary(.divide, formula, count.formula)
      let sentence = "the division by the number of examples, \(text(count.formula)), is missing"
      edits.append(edit(divided, .countMissing, sentence, 1))
      edits.append(
        edit(
          .binary(.multiply, count.formula, formula), .countExtra,
          "it is divided by the number of examples once too often", 3))
    }
    return edits
  }

  private func sums(of core: LineFormula, _ rebuild: (LineFormula) -> LineFormula) -> [LineEdit] {
    var edits: [LineEdit] = []
    // What is added up already runs along the wrong axis, if it is not right.
    if case .call(let name, _) = core, Self.reductions.contains(name) { return [] }
    for dimension in directions(of: core, [2, 1, nil]) {
      let sum = reduction("sum", core, dimension)
      let sentence = "the sum over the \(dimension == 1 ? "rows" : "examples") is missing: \(text(sum))"
      edits.append(edit(rebuild(sum), .sumMissing, sentence, dimension == 2 ? 1 : 2))
      for count in context.counts {
        let divided = LineFormula.binary(.divide, rebuild(sum), count.formula)
        edits.append(
          edit(
            divided, .sumMissing, sentence + ", and its division by \(text(count.formula))",
            dimension == 2 ? 3 : 4))
      }
    }
    return edits
  }

  private func derivatives(_ core: LineFormula, _ rebuild: (LineFormula) -> LineFormula) -> [LineEdit] {
    context.activations.map { activation in
      let product = LineFormula.binary(.elementMultiply, core, activation.derivative)
      return edit(
        rebuild(product), .derivativeMissing,
        "the derivative of \(activation.output) = \(activation.text) is missing: "
          + "\(text(activation.derivative))", rank(of: activation))
    }
  }

  private func inputs(_ core: LineFormula, _ rebuild: (LineFormula) -> LineFormula) -> [LineEdit] {
    var edits: [LineEdit] = []
    for name in context.names {
      let input = LineFormula.name(name)
      let rank = context.partners.contains(name) ? 2 : 4
      if context.isScalar(input) {
        guard context.operands.contains(name), context.partners.contains(name) else { continue }
        let product = LineFormula.binary(.multiply, core, input)
        edits.append(
          edit(rebuild(product), .inputMissing, "the factor \(name) is missing: \(text(product))", rank))
        continue
      }
      let forms: [LineFormula] = [
        .binary(.multiply, core, context.transposed(input)),
        .binary(.multiply, context.transposed(input), core),
        .binary(.multiply, core, input), .binary(.multiply, input, core),
        .binary(.elementMultiply, core, input),
      ]
      for form in forms {
        edits.append(
          edit(rebuild(form), .inputMissing, "the factor \(name) is missing: \(text(form))", rank))
      }
    }
    return edits
  }

  /// What is left without factors that are single numbers, and the way back.
  private func core(_ formula: LineFormula) -> (LineFormula, (LineFormula) -> LineFormula) {
    switch formula {
    case .binary(let operation, let left, let right)
    where (operation == .divide || operation == .elementDivide || operation == .multiply)
      && context.isScalar(right)
      && !context.isScalar(left):
      let (core, rebuild) = core(left)
      return (core, { .binary(operation, rebuild($0), right) })
    case .binary(let operation, let left, let right)
    where (operation == .multiply || operation == .elementMultiply) && context.isScalar(left)
      && !context.isScalar(right):
      let (core, rebuild) = core(right)
      return (core, { .binary(operation, left, rebuild($0)) })
    case .unary(.minus, let operand):
      let (core, rebuild) = core(operand)
      return (core, { .unary(.minus, rebuild($0)) })
    default: return (formula, { $0 })
    }
  }
}
