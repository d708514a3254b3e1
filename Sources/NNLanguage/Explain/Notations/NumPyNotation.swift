import NNCore

extension Notation {
  /// NumPy: every value is an array of two dimensions.
  static let numpy = Notation(
    name: "numpy", comment: "# ", assignment: (" = ", ""), rows: table(numpyRows), product: " @ ",
    transpose: ".T",
    ones: "np.ones(($m, $n))", zeros: "np.zeros(($m, $n))", pi: "np.pi", helpers: numpyHelpers,
    preamble: ["import numpy as np"], names: { pythonName($0) }, numbers: { pythonNumber($0, "np") },
    literal: { matrix, number in
      matrix.count == 0
        ? "np.zeros((\(matrix.rows), \(matrix.columns)))" : "np.array(\(pythonRows(matrix, number)))"
    },
    picked: { base, rows, columns in pythonPick(base, rows, columns) },
    scattered: { values, rows, columns, shape in
      "scatter(\(values), \(pythonPlaces(rows)), \(pythonPlaces(columns)), \(shape.rows), \(shape.columns))"
    },
    truth: "($0).astype(float)", box: "np.atleast_2d($0)")

  /// The rows that Python's arithmetic has in both of its notations.
  static let pythonArithmetic: [Row] = [
    Row(.add, "$0s + $1p", .sum),
    Row(.subtract, "$0s - $1p", .sum),
    Row(.multiply, "$0p * $1u", .product),
    Row(.divide, "$0p / $1u", .product),
    Row(.power, "$0a**$1u", .power),
    Row(.equal, "$0s == $1s", .comparison),
    Row(.notEqual, "$0s != $1s", .comparison),
    Row(.less, "$0s < $1s", .comparison),
    Row(.lessEqual, "$0s <= $1s", .comparison),
    Row(.greater, "$0s > $1s", .comparison),
    Row(.greaterEqual, "$0s >= $1s", .comparison),
    Row(.not, "$0a == 0", .comparison),
    Row(.negate, "-$0w", .sign),
    Row(.transpose, "$0a.T"),
    Row(.leakyRelu, "leaky_relu($0, $1)"),
    Row(.elu, "elu($0, $1)"),
  ]

  private static let numpyRows: [Row] =
    pythonArithmetic + numpyFunctions + numpyMatrices + numpyReductions + numpyShapes

  private static let numpyFunctions: [Row] =
    [
      OperationID.abs, .sign, .sqrt, .exp, .log, .log2, .log10, .sin, .cos, .tan, .sinh, .cosh, .tanh, .floor,
      .ceil,
      .isnan, .isinf, .isfinite,
    ].map { Row($0, "np.\(Operation[$0].name)($0)") }
    + [
      Row(.asin, "np.arcsin($0)"), Row(.acos, "np.arccos($0)"), Row(.atan, "np.arctan($0)"),
      Row(.atan2, "np.arctan2($0, $1)"),
      Row(.maximum, "np.maximum($0, $1)"),
      Row(.minimum, "np.minimum($0, $1)"),
      Row(.modulo, "np.mod($0, $1)"),
      Row(.choose, "np.where($0, $1, $2)"),
      Row(.clip, "np.clip($0, $1, $2)"),
      Row(.relu, "np.maximum($0, 0)"),
      Row(.softplus, "np.logaddexp(0, $0)"),
      Row(.round, "np.sign($0) * np.floor(np.abs($0) + 0.5)", .product),
    ]

  private static let numpyMatrices: [Row] = [
    Row(.solve, "np.linalg.lstsq($0, $1, rcond=None)[0]", scalar: "np.linalg.solve($0a$T, $1)"),
    Row(.inverse, "np.linalg.inv($0)"),
    Row(.determinant, "np.linalg.det($0).reshape(1, 1)"),
    Row(.trace, "np.trace($0).reshape(1, 1)"),
    Row(.matrixPower, "np.linalg.matrix_power($0, $k)"),
  ]

  private static let numpyReductions: [Row] =
    [OperationID.sum, .mean, .median, .prod, .variance, .deviation, .any, .all].map { id in
      let name = Operation[id].name
      return Row(
        id, all: "np.\(name)($0, keepdims=True)", rows: "np.\(name)($0, axis=0, keepdims=True)",
        columns: "np.\(name)($0, axis=1, keepdims=True)")
    }
    + [OperationID.argmax, .argmin].map { id in
      let name = "np.\(Operation[id].name)"
      return Row(
        id, all: "\(name)($0, keepdims=True) + 1", rows: "\(name)($0, axis=0, keepdims=True) + 1",
        columns: "\(name)($0, axis=1, keepdims=True) + 1", .sum)
    }
    + [
      Row(
        .largest, all: "np.max($0, keepdims=True)", rows: "np.max($0, axis=0, keepdims=True)",
        columns: "np.max($0, axis=1, keepdims=True)"),
      Row(
        .smallest, all: "np.min($0, keepdims=True)", rows: "np.min($0, axis=0, keepdims=True)",
        columns: "np.min($0, axis=1, keepdims=True)"),
      Row(
        .norm, all: "np.sqrt(np.sum($0a**2, keepdims=True))",
        rows: "np.sqrt(np.sum($0a**2, axis=0, keepdims=True))",
        columns: "np.sqrt(np.sum($0a**2, axis=1, keepdims=True))"),
      Row(.logSumExp, all: "logsumexp($0, None)", rows: "logsumexp($0, 0)", columns: "logsumexp($0, 1)"),
    ]

  private static let numpyShapes: [Row] = [
    Row(.reshape, "$0a.reshape($m, $n)"),
    Row(.stretch, "np.broadcast_to($0, ($m, $n))"),
    Row(.repeatMatrix, "np.tile($0, ($k, $l))"),
    Row(.diagonal, "np.diag($0).reshape(-1, 1)", scalar: "np.diag($0a.ravel())"),
    Row(
      .cumulativeSum, all: "np.cumsum($0).reshape($m, $n)", rows: "np.cumsum($0, axis=0)",
      columns: "np.cumsum($0, axis=1)"),
    Row(
      .cumulativeProduct, all: "np.cumprod($0).reshape($m, $n)", rows: "np.cumprod($0, axis=0)",
      columns: "np.cumprod($0, axis=1)"),
    Row(
      .sort, all: "np.sort($0, axis=None).reshape($m, $n)", rows: "np.sort($0, axis=0)",
      columns: "np.sort($0, axis=1)"),
    Row(
      .sortedPlaces, all: "sortplaces($0, None)", rows: "sortplaces($0, 0)", columns: "sortplaces($0, 1)"),
    Row(.joinColumns, "np.hstack([$,])"),
    Row(.joinRows, "np.vstack([$,])"),
  ]

  private static let numpyHelpers: [(name: String, definition: String)] = [
    ("sigmoid", "def sigmoid(x): return 1 / (1 + np.exp(-x))"),
    ("leaky_relu", "def leaky_relu(x, s=0.01): return np.where(x > 0, x, s * x)"),
    ("elu", "def elu(x, a=1): return np.where(x > 0, x, a * (np.exp(np.minimum(x, 0)) - 1))"),
    ("erf", "import math\nerf = np.vectorize(math.erf, otypes=[float])"),
    (
      "gelu",
      "import math\ndef gelu(x): return x * (1 + np.vectorize(math.erf, otypes=[float])(x / np.sqrt(2))) / 2"
    ),
    (
      "softmax",
      """
      def softmax(x):
          e = np.exp(x - np.max(x, axis=0, keepdims=True))
          return e / np.sum(e, axis=0, keepdims=True)
      """
    ),
    (
      "logsumexp",
      """
      def logsumexp(x, axis):
          top = np.max(x, axis=axis, keepdims=True)
          return np.log(np.sum(np.exp(x - top), axis=axis, keepdims=True)) + top
      """
    ),
    ("mse", "def mse(A, Y): return np.sum((A - Y)**2, keepdims=True) / A.shape[1]"),
    (
      "bce",
      """
      def bce(A, Y):
          terms = Y * np.maximum(np.log(A), -100) + (1 - Y) * np.maximum(np.log(1 - A), -100)
          return -np.sum(terms, keepdims=True) / A.shape[1]
      """
    ),
    (
      "crossentropy",
      "def crossentropy(A, Y): return -np.sum(Y * np.maximum(np.log(A), -100), keepdims=True) / A.shape[1]"
    ),
    (
      "scatter",
      """
      def scatter(values, rows, columns, m, n):
          result = np.zeros((m, n))
          np.add.at(result, np.ix_(rows, columns), values)
          return result
      """
    ),
    (
      "sortplaces",
      """
      def sortplaces(x, axis):
          m, n = x.shape
          if axis is None:
              return np.argsort(x, axis=None, kind="stable").reshape(m, n)
          places = np.argsort(x, axis=axis, kind="stable")
          return places * n + np.arange(n) if axis == 0 else places + n * np.arange(m)[:, None]
      """
    ),
  ]
}

// MARK: - Python

extension Notation {
  /// A variable's name: fields with an underscore, words of Python with one behind them.
  static func pythonName(_ name: String) -> String {
    let words: Set<String> = [
      "lambda", "in", "is", "not", "and", "or", "if", "for", "def", "del", "class", "from", "import", "pass",
      "with",
      "as", "np", "torch", "try", "global", "yield", "assert", "math",
    ]
    let plain = plainName(name) { $0.properties.isXIDContinue }
    return words.contains(plain) ? plain + "_" : plain
  }

  /// Sub- and superscript digits as plain ones, other marks that `isAllowed` refuses by their number.
  static func plainName(_ name: String, _ isAllowed: (Unicode.Scalar) -> Bool) -> String {
    var result = ""
    for scalar in name.unicodeScalars {
      if scalar == "." || scalar == "_" {
        result += "_"
      } else if let digit = scalar.properties.numericValue, scalar.value > 0x7F {
        result += "_\(Int(digit))"
      } else if let word = spelledOut[scalar], !isAllowed(scalar) || scalar == "∂" || scalar == "∇" {
        result += word
      } else if isAllowed(scalar) {
        result.unicodeScalars.append(scalar)
      } else {
        result += "u" + String(scalar.value, radix: 16)
      }
    }
    return result
  }

  private static let spelledOut: [Unicode.Scalar: String] = [
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta",
    "θ": "theta",
    "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "π": "pi", "ρ": "rho",
    "σ": "sigma",
    "τ": "tau", "φ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega", "∂": "partial_", "∇": "nabla_",
    "ŷ": "y_hat",
  ]

  static func pythonNumber(_ value: Scalar, _ module: String) -> String {
    if value.isNaN { return "\(module).nan" }
    if value.isInfinite { return value < 0 ? "-\(module).inf" : "\(module).inf" }
    if value == 0, value.sign == .minus { return "-0.0" }
    return value.sourceText
  }

  static func pythonRows(_ matrix: Matrix, _ number: (Scalar) -> String) -> String {
    let rows = (0..<matrix.rows).map { row in
      "[" + (0..<matrix.columns).map { floating(number(matrix[row, $0])) }.joined(separator: ", ") + "]"
    }
    return "[" + rows.joined(separator: ", ") + "]"
  }

  /// A whole number with its point, so that arrays hold floating-point numbers.
  private static func floating(_ text: String) -> String {
    text.utf8.allSatisfy { $0 == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      ? text + "." : text
  }

  static func pythonPick(_ base: String, _ rows: PlaceText, _ columns: PlaceText) -> String {
    if let first = pythonSlice(rows), let second = pythonSlice(columns) {
      return "\(base)[\(first), \(second)]"
    }
    if let first = pythonSlice(rows) { return "\(base)[\(first), \(pythonPlaces(columns))]" }
    if let second = pythonSlice(columns) { return "\(base)[\(pythonPlaces(rows)), \(second)]" }
    return "\(base)[\(pythonPlaces(rows)), :][:, \(pythonPlaces(columns))]"
  }

  /// A slice that keeps its dimension; nil where it takes a list.
  private static func pythonSlice(_ places: PlaceText) -> String? {
    switch places {
    case .all: ":"
    case .range(let first, let step, let count) where step > 0:
      "\(first):\(first + (count - 1) * step + 1)" + (step == 1 ? "" : ":\(step)")
    default: nil
    }
  }

  static func pythonPlaces(_ places: PlaceText) -> String {
    switch places {
    case .all: "slice(None)"
    case .range(let first, let step, let count):
      "[" + (0..<count).map { "\(first + $0 * step)" }.joined(separator: ", ") + "]"
    case .list(let list): "[" + list.map(String.init).joined(separator: ", ") + "]"
    case .computed(let text): "\(text).ravel().astype(int)"
    }
  }
}
