import NNCore

extension Notation {
  /// GNU Octave, whose matrices lie column by column.
  static let octave = Notation(
    name: "octave", comment: "% ", assignment: (" = ", ";"), rows: table(octaveRows), product: "*",
    transpose: "'",
    ones: "ones($m, $n)", zeros: "zeros($m, $n)", pi: "pi", helpers: octaveHelpers, preamble: [],
    names: { octaveName($0) }, numbers: { $0 == 0 && $0.sign == .minus ? "-0" : $0.sourceText },
    literal: { matrix, number in
      let rows = (0..<matrix.rows).map { row in
        (0..<matrix.columns).map { number(matrix[row, $0]) }.joined(separator: ", ")
      }
      return matrix.count == 0
        ? "zeros(\(matrix.rows), \(matrix.columns))" : "[" + rows.joined(separator: "; ") + "]"
    },
    picked: { base, rows, columns in
      // Only names can be indexed in every version.
      let isName = base.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
      let list = [rows, columns].map { octavePlaces($0, all: isName ? ":" : "':'") }.joined(separator: ", ")
      return isName ? "\(base)(\(list))" : "pick(\(base), \(list))"
    },
    scattered: { values, rows, columns, shape in
      "scatter(\(values), \(octavePlaces(rows)), \(octavePlaces(columns)), \(shape.rows), \(shape.columns))"
    },
    truth: nil)

  private static let octaveRows: [Row] = octaveOperators + octaveFunctions + octaveReductions + octaveShapes

  private static let octaveOperators: [Row] = [
    Row(.add, "$0s + $1p", .sum),
    Row(.subtract, "$0s - $1p", .sum),
    Row(.multiply, "$0p .* $1u", .product, scalar: "$0p*$1u"),
    Row(.divide, "$0p ./ $1u", .product, scalar: "$0p/$1u"),
    Row(.power, "$0a.^$1a", .power, scalar: "$0a^$1a"),
    Row(.equal, "$0s == $1s", .comparison),
    Row(.notEqual, "$0s != $1s", .comparison),
    Row(.less, "$0s < $1s", .comparison),
    Row(.lessEqual, "$0s <= $1s", .comparison),
    Row(.greater, "$0s > $1s", .comparison),
    Row(.greaterEqual, "$0s >= $1s", .comparison),
    Row(.not, "!$0w", .sign),
    Row(.negate, "-$0w", .sign),
    Row(.transpose, "$0a'"),
    Row(.solve, "$0a \\ $1u", .product, scalar: "$0a$T \\ $1u"),
    Row(.matrixPower, "$0a^($k)", .power),
  ]

  private static let octaveFunctions: [Row] = [
    Row(.inverse, "inv($0)"),
    Row(.determinant, "det($0)"),
    Row(.maximum, "max($0, $1)"),
    Row(.minimum, "min($0, $1)"),
    Row(.modulo, "mod($0, $1)"),
    Row(.choose, "choose($0, $1, $2)"),
    Row(.clip, "min(max($0, $1), $2)"),
    Row(.relu, "max($0, 0)"),
  ]

  private static let octaveReductions: [Row] =
    [OperationID.sum, .mean, .median, .prod, .any, .all].map { id in
      let name = Operation[id].name
      return Row(id, all: "\(name)(($0)(:))", rows: "\(name)($0, 1)", columns: "\(name)($0, 2)")
    }
    + [
      Row(.largest, all: "max(($0)(:))", rows: "max($0, [], 1)", columns: "max($0, [], 2)"),
      Row(.smallest, all: "min(($0)(:))", rows: "min($0, [], 1)", columns: "min($0, [], 2)"),
      Row(.variance, all: "var(($0)(:), 1)", rows: "var($0, 1, 1)", columns: "var($0, 1, 2)"),
      Row(.deviation, all: "std(($0)(:), 1)", rows: "std($0, 1, 1)", columns: "std($0, 1, 2)"),
      Row(
        .norm, all: "norm($0, \"fro\")", rows: "sqrt(sum($0a.^2, 1))", columns: "sqrt(sum($0a.^2, 2))"),
      Row(.argmax, all: "place($0, 0)", rows: "place($0, 1)", columns: "place($0, 2)"),
      Row(.argmin, all: "place(-($0), 0)", rows: "place(-($0), 1)", columns: "place(-($0), 2)"),
      Row(.logSumExp, all: "logsumexp(($0)(:), 1)", rows: "logsumexp($0, 1)", columns: "logsumexp($0, 2)"),
    ]

  private static let octaveShapes: [Row] = [
    Row(.reshape, "reshape(($0).', $n, $m).'"),
    Row(.stretch, "$0p .* ones($m, $n)", .product),
    Row(.repeatMatrix, "repmat($0, $k, $l)"),
    Row(.diagonal, "diag($0)"),
    Row(
      .cumulativeSum, all: "reshape(cumsum(reshape(($0).', [], 1)), $n, $m).'", rows: "cumsum($0, 1)",
      columns: "cumsum($0, 2)"),
    Row(
      .cumulativeProduct, all: "reshape(cumprod(reshape(($0).', [], 1)), $n, $m).'", rows: "cumprod($0, 1)",
      columns: "cumprod($0, 2)"),
    Row(
      .sort, all: "reshape(sort(reshape(($0).', [], 1)), $n, $m).'", rows: "sort($0, 1)",
      columns: "sort($0, 2)"),
    Row(.sortedPlaces, all: "sortplaces($0, 0)", rows: "sortplaces($0, 1)", columns: "sortplaces($0, 2)"),
    Row(.joinColumns, "[$*]"),
    Row(.joinRows, "[$;]"),
  ]

  private static let octaveHelpers: [(name: String, definition: String)] = [
    ("sigmoid", "sigmoid = @(x) 1 ./ (1 + exp(-x));"),
    ("softplus", "softplus = @(x) max(x, 0) + log1p(exp(-abs(x)));"),
    ("leaky_relu", "leaky_relu = @(x, s) max(x, 0) + s .* min(x, 0);"),
    ("elu", "elu = @(x, a) max(x, 0) + a .* (exp(min(x, 0)) - 1);"),
    ("gelu", "gelu = @(x) x .* (1 + erf(x ./ sqrt(2))) / 2;"),
    ("softmax", "softmax = @(x) exp(x - max(x, [], 1)) ./ sum(exp(x - max(x, [], 1)), 1);"),
    ("logsumexp", "logsumexp = @(x, d) log(sum(exp(x - max(x, [], d)), d)) + max(x, [], d);"),
    (
      "choose",
      """
      function y = choose(c, a, b)
        zero = zeros(size(c + a + b));
        [c, a, b] = deal(c + zero, a + zero, b + zero);
        y = b;
        y(c != 0) = a(c != 0);
      end
      """
    ),
    (
      "place",
      """
      function p = place(x, d)
        if d == 0
          [~, p] = max(reshape(x.', [], 1));
        else
          [~, p] = max(x, [], d);
        end
      end
      """
    ),
    ("mse", "mse = @(A, Y) sum((A - Y)(:).^2) / columns(A);"),
    (
      "bce",
      "bce = @(A, Y) -sum((Y .* max(log(A), -100) + (1 - Y) .* max(log(1 - A), -100))(:)) / columns(A);"
    ),
    ("crossentropy", "crossentropy = @(A, Y) -sum((Y .* max(log(A), -100))(:)) / columns(A);"),
    ("pick", "pick = @(x, i, j) x(i, j);"),
    (
      "scatter",
      """
      scatter = @(x, i, j, m, n) full(sparse(repmat(reshape(i, [], 1), 1, numel(j)), ...
        repmat(reshape(j, 1, []), numel(i), 1), x, m, n));
      """
    ),
    (
      "sortplaces",
      """
      function p = sortplaces(x, d)
        [m, n] = size(x);
        if d == 0
          [~, k] = sort(reshape(x.', [], 1));
          p = reshape(k - 1, n, m).';
        else
          [~, k] = sort(x, d);
          if d == 1, p = (k - 1)*n + (0:n-1); else, p = k - 1 + (0:m-1)'*n; end
        end
      end
      """
    ),
  ]

  private static func octaveName(_ name: String) -> String {
    let words: Set<String> = [
      "end", "for", "if", "while", "function", "return", "do", "until", "switch", "case", "try",
    ]
    let plain = plainName(name) { $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0)) }
    return words.contains(plain) ? plain + "_" : plain
  }

  private static func octavePlaces(_ places: PlaceText, all: String = ":") -> String {
    switch places {
    case .all: all
    case .range(let first, _, 1): "\(first + 1)"
    case .range(let first, let step, let count):
      "\(first + 1):" + (step == 1 ? "" : "\(step):") + "\(first + (count - 1) * step + 1)"
    case .list(let list): "[" + list.map { "\($0 + 1)" }.joined(separator: ", ") + "]"
    case .computed(let text): "\(text) + 1"
    }
  }
}
