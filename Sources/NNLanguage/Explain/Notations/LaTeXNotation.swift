import NNCore

extension Notation {
  /// LaTeX, as courses and papers write it: `\odot` element by element, subscripts for the layers.
  static let latex = Notation(
    name: "latex", comment: "% ", assignment: (" &= ", " \\\\"), rows: table(latexRows), product: "\\,",
    transpose: "^{\\top}", ones: "\\mathbf{1}_{$m \\times $n}", zeros: "\\mathbf{0}_{$m \\times $n}",
    pi: "\\pi",
    helpers: [], preamble: [], names: { latexName($0) }, numbers: { latexNumber($0) },
    literal: { matrix, number in latexMatrix(matrix, number) },
    picked: { base, rows, columns in
      "\\left[\(base)\\right]_{\(latexPlaces(rows)),\\,\(latexPlaces(columns))}"
    },
    scattered: { values, rows, columns, shape in
      "\\operatorname{scatter}_{\(latexPlaces(rows)),\\,\(latexPlaces(columns))}\\left(\(values)\\right)"
    },
    truth: nil, parentheses: ("\\left(", "\\right)"))

  private static let latexRows: [Row] = latexOperators + latexFunctions + latexReductions + latexOthers

  private static let latexOperators: [Row] = [
    Row(.add, "$0s + $1p", .sum),
    Row(.subtract, "$0s - $1p", .sum),
    Row(.multiply, "$0p \\odot $1u", .product, scalar: "$0p \\cdot $1u"),
    Row(.divide, "$0p \\oslash $1u", .product, scalar: "\\frac{$0}{$1}"),
    Row(.power, "{$0a}^{\\circ $1}", .power, scalar: "{$0a}^{$1}"),
    Row(.equal, "\\left[$0s = $1s\\right]"),
    Row(.notEqual, "\\left[$0s \\neq $1s\\right]"),
    Row(.less, "\\left[$0s < $1s\\right]"),
    Row(.lessEqual, "\\left[$0s \\leq $1s\\right]"),
    Row(.greater, "\\left[$0s > $1s\\right]"),
    Row(.greaterEqual, "\\left[$0s \\geq $1s\\right]"),
    Row(.not, "\\lnot $0w", .sign),
    Row(.negate, "-$0w", .sign),
    Row(.transpose, "{$0a}^{\\top}"),
    Row(.solve, "{$0a}^{-1}\\,$1u", .product, scalar: "{$0a$T}^{-1}\\,$1u"),
    Row(.inverse, "{$0a}^{-1}", .power),
    Row(.matrixPower, "{$0a}^{$k}", .power),
    Row(.determinant, "\\det\\left($0\\right)"),
    Row(.abs, "\\left|$0\\right|"),
    Row(.sqrt, "\\sqrt{$0}"),
  ]

  private static let latexFunctions: [Row] =
    [OperationID.exp, .log, .sin, .cos, .tan, .sinh, .cosh, .tanh].map {
      Row($0, "\\\(Operation[$0].name)\\left($0\\right)")
    }
    + [
      Row(.sigmoid, "\\sigma\\left($0\\right)"),
      Row(.log2, "\\log_2\\left($0\\right)"),
      Row(.log10, "\\log_{10}\\left($0\\right)"),
      Row(.maximum, "\\max\\left($0, $1\\right)"),
      Row(.minimum, "\\min\\left($0, $1\\right)"),
      Row(.floor, "\\lfloor $0 \\rfloor"),
      Row(.ceil, "\\lceil $0 \\rceil"),
      Row(.joinColumns, "\\begin{bmatrix} $* \\end{bmatrix}"),
    ]

  private static let latexReductions: [Row] =
    [
      Row(
        .sum, all: "\\sum_{i,j}\\left[$0\\right]_{ij}", rows: "\\sum_{i}\\left[$0\\right]_{i\\cdot}",
        columns: "\\sum_{j}\\left[$0\\right]_{\\cdot j}", .product),
      Row(
        .norm, all: "\\left\\lVert $0 \\right\\rVert",
        rows: "\\left\\lVert $0 \\right\\rVert_{\\text{columns}}",
        columns: "\\left\\lVert $0 \\right\\rVert_{\\text{rows}}"),
    ]
    + [
      OperationID.mean, .prod, .largest, .smallest, .variance, .deviation, .median, .logSumExp,
      .cumulativeSum,
      .cumulativeProduct, .sort,
    ].map {
      let name = latexOperator($0)
      return Row(
        $0, all: "\(name)\\left($0\\right)", rows: "\(name)_{i}\\left($0\\right)",
        columns: "\(name)_{j}\\left($0\\right)")
    }

  /// Every other operation by its name.
  private static let latexOthers: [Row] = {
    let known = Set((latexOperators + latexFunctions + latexReductions).map(\.id))
    return OperationID.allCases.filter { !known.contains($0) && $0 != .product }.map {
      Row($0, "\(latexOperator($0))\\left($*\\right)")
    }
  }()

  private static func latexOperator(_ id: OperationID) -> String {
    let names: [OperationID: String] = [.largest: "max", .smallest: "min", .joinRows: "stack"]
    let name = names[id] ?? Operation[id].name
    return "\\operatorname{" + name.replacing("_", with: "\\_") + "}"
  }

  private static let greek: Set<String> = [
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu",
    "nu", "xi",
    "pi", "rho", "sigma", "tau", "phi", "chi", "psi", "omega",
  ]

  /// `dZ2` as `dZ_{2}`, `net.W1` as `W_{1}`, `lambda` as `\lambda`.
  static func latexName(_ name: String) -> String {
    let plain = name.split(separator: ".").last.map(String.init) ?? name
    let ascii = plainName(plain) { $0.isASCII }
    let isGradient = ascii.hasPrefix("d") && ascii.utf8.count > 1
    let (letters, index) = split(isGradient ? String(ascii.dropFirst()) : ascii)
    let base = greek.contains(letters) ? "\\" + letters : letters.count > 1 ? "\\mathit{\(letters)}" : letters
    let name = (isGradient ? "d" : "") + base
    return index.isEmpty ? name : "\(name)_{\(index)}"
  }

  /// A name and what stands below it: `Z` and `2`, `W` and `q`.
  private static func split(_ name: String) -> (letters: String, index: String) {
    var letters = name.prefix { $0.isLetter }
    if letters.count == 2, letters.first?.isUppercase == true, letters.last?.isLowercase == true {
      letters = letters.prefix(1)
    }
    let index = name.dropFirst(letters.count).split(separator: "_").joined(separator: ",")
    return (String(letters), index)
  }

  private static func latexNumber(_ value: Scalar) -> String {
    if value.isNaN { return "\\mathrm{nan}" }
    if value.isInfinite { return value < 0 ? "-\\infty" : "\\infty" }
    let text = value.sourceText
    guard let mark = text.firstIndex(of: "e") else { return text }
    let power = "10^{\(text[text.index(after: mark)...])}"
    return text[..<mark] == "1" ? power : "\(text[..<mark]) \\cdot \(power)"
  }

  private static func latexMatrix(_ matrix: Matrix, _ number: (Scalar) -> String) -> String {
    if matrix.count > 16 { return "\\left[\\ldots\\right]_{\(matrix.rows) \\times \(matrix.columns)}" }
    let rows = (0..<matrix.rows).map { row in
      (0..<matrix.columns).map { number(matrix[row, $0]) }.joined(separator: " & ")
    }
    return "\\begin{bmatrix} " + rows.joined(separator: " \\\\ ") + " \\end{bmatrix}"
  }

  private static func latexPlaces(_ places: PlaceText) -> String {
    switch places {
    case .all: "\\cdot"
    case .range(let first, _, 1): "\(first + 1)"
    case .range(let first, let step, let count):
      "\(first + 1)" + (step == 1 ? "" : ":\(step)") + ":\(first + (count - 1) * step + 1)"
    case .list(let list): list.map { "\($0 + 1)" }.joined(separator: ",")
    case .computed(let text): text
    }
  }
}
