import NNCore

extension Notation {
  /// PyTorch: every value is a tensor of two dimensions, in double precision; gradients by these lines, not by
  /// autograd.
  static let pytorch = Notation(
    name: "pytorch", comment: "# ", assignment: (" = ", ""), rows: table(torchRows), product: " @ ",
    transpose: ".T",
    ones: "torch.ones($m, $n)", zeros: "torch.zeros($m, $n)", pi: "torch.pi",
    helpers: torchHelpers, preamble: ["import torch", "torch.set_default_dtype(torch.float64)"],
    names: { pythonName($0) }, numbers: { pythonNumber($0, "torch") },
    literal: { matrix, number in
      matrix.count == 0
        ? "torch.zeros(\(matrix.rows), \(matrix.columns))" : "torch.tensor(\(pythonRows(matrix, number)))"
    },
    picked: { base, rows, columns in torchPick(base, rows, columns) },
    scattered: { values, rows, columns, shape in
      "scatter(\(values), \(torchPlaces(rows)), \(torchPlaces(columns)), \(shape.rows), \(shape.columns))"
    },
    truth: "($0).double()", box: "number($0)")

  private static let torchRows: [Row] =
    pythonArithmetic + torchFunctions + torchMatrices + torchReductions + torchShapes

  private static let torchFunctions: [Row] =
    [
      OperationID.abs, .sign, .sqrt, .exp, .log, .log2, .log10, .sin, .cos, .tan, .asin, .acos, .atan, .sinh,
      .cosh,
      .tanh, .floor, .ceil, .isnan, .isinf, .isfinite, .sigmoid, .relu, .erf,
    ].map { Row($0, "torch.\(Operation[$0].name)(number($0))") }
    + [
      Row(.atan2, "torch.atan2(number($0), number($1))"),
      Row(.maximum, "torch.maximum(number($0), number($1))"),
      Row(.minimum, "torch.minimum(number($0), number($1))"),
      Row(.modulo, "torch.remainder(number($0), number($1))"),
      Row(.choose, "torch.where(number($0) != 0, number($1), number($2))"),
      Row(.clip, "torch.minimum(torch.maximum(number($0), number($1)), number($2))"),
      Row(.softplus, "torch.nn.functional.softplus($0, threshold=1e9)"),
      Row(.gelu, "torch.nn.functional.gelu($0)"),
      Row(.round, "torch.sign($0) * torch.floor(torch.abs($0) + 0.5)", .product),
      Row(.softmax, "torch.softmax($0, dim=0)"),
    ]

  private static let torchMatrices: [Row] = [
    Row(
      .solve, "torch.linalg.lstsq($0, $1, driver=\"gelsd\").solution", scalar: "torch.linalg.solve($0a$T, $1)"
    ),
    Row(.inverse, "torch.linalg.inv($0)"),
    Row(.determinant, "torch.linalg.det($0).reshape(1, 1)"),
    Row(.trace, "torch.trace($0).reshape(1, 1)"),
    Row(.matrixPower, "torch.linalg.matrix_power($0, $k)"),
  ]

  private static let torchReductions: [Row] =
    [
      (OperationID.sum, "sum", ""), (.mean, "mean", ""), (.variance, "var", ", correction=0"),
      (.deviation, "std", ", correction=0"), (.largest, "amax", ""), (.smallest, "amin", ""),
    ].map { id, name, more in
      Row(
        id, all: "torch.\(name)(number($0), dim=(0, 1)\(more), keepdim=True)",
        rows: "torch.\(name)(number($0), dim=0\(more), keepdim=True)",
        columns: "torch.\(name)(number($0), dim=1\(more), keepdim=True)")
    }
    + [OperationID.argmax, .argmin].map { id in
      let name = "torch.\(Operation[id].name)"
      return Row(
        id, all: "(\(name)(number($0)).reshape(1, 1) + 1).double()",
        rows: "(\(name)(number($0), dim=0, keepdim=True) + 1).double()",
        columns: "(\(name)(number($0), dim=1, keepdim=True) + 1).double()")
    }
    + [
      Row(
        .prod, all: "torch.prod($0).reshape(1, 1)", rows: "torch.prod($0, dim=0, keepdim=True)",
        columns: "torch.prod($0, dim=1, keepdim=True)"),
      Row(
        .median, all: "torch.quantile(number($0), 0.5).reshape(1, 1)",
        rows: "torch.quantile(number($0), 0.5, dim=0, keepdim=True)",
        columns: "torch.quantile(number($0), 0.5, dim=1, keepdim=True)"),
      Row(
        .norm, all: "torch.sqrt(torch.sum($0a**2)).reshape(1, 1)",
        rows: "torch.sqrt(torch.sum($0a**2, dim=0, keepdim=True))",
        columns: "torch.sqrt(torch.sum($0a**2, dim=1, keepdim=True))"),
      Row(
        .logSumExp, all: "torch.logsumexp($0, dim=(0, 1), keepdim=True)",
        rows: "torch.logsumexp($0, dim=0, keepdim=True)", columns: "torch.logsumexp($0, dim=1, keepdim=True)"),
    ]

  private static let torchShapes: [Row] = [
    Row(.reshape, "$0a.reshape($m, $n)"),
    Row(.stretch, "number($0).expand($m, $n)"),
    Row(.repeatMatrix, "$0a.repeat($k, $l)"),
    Row(.diagonal, "torch.diag($0).reshape(-1, 1)", scalar: "torch.diag($0a.reshape(-1))"),
    Row(
      .cumulativeSum, all: "torch.cumsum($0a.reshape(-1), dim=0).reshape($m, $n)",
      rows: "torch.cumsum($0, dim=0)",
      columns: "torch.cumsum($0, dim=1)"),
    Row(
      .cumulativeProduct, all: "torch.cumprod($0a.reshape(-1), dim=0).reshape($m, $n)",
      rows: "torch.cumprod($0, dim=0)", columns: "torch.cumprod($0, dim=1)"),
    Row(
      .sort, all: "torch.sort($0a.reshape(-1))[0].reshape($m, $n)", rows: "torch.sort($0, dim=0)[0]",
      columns: "torch.sort($0, dim=1)[0]"),
    Row(.sortedPlaces, all: "sortplaces($0, None)", rows: "sortplaces($0, 0)", columns: "sortplaces($0, 1)"),
    Row(.joinColumns, "torch.hstack([$,])"),
    Row(.joinRows, "torch.vstack([$,])"),
  ]

  private static let torchHelpers: [(name: String, definition: String)] = [
    ("number", "def number(x): return x if torch.is_tensor(x) else torch.tensor([[float(x)]])"),
    ("leaky_relu", "def leaky_relu(x, s=0.01): return torch.where(x > 0, x, s * x)"),
    ("elu", "def elu(x, a=1): return torch.where(x > 0, x, a * (torch.exp(torch.clamp(x, max=0)) - 1))"),
    ("mse", "def mse(A, Y): return torch.sum((A - Y)**2).reshape(1, 1) / A.shape[1]"),
    (
      "bce",
      """
      def bce(A, Y):
          terms = Y * torch.clamp(torch.log(A), min=-100) + (1 - Y) * torch.clamp(torch.log(1 - A), min=-100)
          return -torch.sum(terms).reshape(1, 1) / A.shape[1]
      """
    ),
    (
      "crossentropy",
      "def crossentropy(A, Y): return -torch.sum(Y * torch.clamp(torch.log(A), min=-100)).reshape(1, 1) / A.shape[1]"
    ),
    (
      "scatter",
      """
      def scatter(values, rows, columns, m, n):
          rows = torch.as_tensor(rows).reshape(-1, 1)
          columns = torch.as_tensor(columns).reshape(1, -1)
          return torch.zeros(m, n).index_put((rows, columns), number(values), accumulate=True)
      """
    ),
    (
      "sortplaces",
      """
      def sortplaces(x, dim):
          m, n = x.shape
          if dim is None:
              return torch.argsort(x.reshape(-1), stable=True).reshape(m, n)
          places = torch.argsort(x, dim=dim, stable=True)
          return places * n + torch.arange(n) if dim == 0 else places + n * torch.arange(m)[:, None]
      """
    ),
  ]

  private static func torchPick(_ base: String, _ rows: PlaceText, _ columns: PlaceText) -> String {
    pythonPick(base, rows, columns).replacing(".ravel().astype(int)", with: ".reshape(-1).long()")
  }

  private static func torchPlaces(_ places: PlaceText) -> String {
    if case .computed(let text) = places { return "\(text).reshape(-1).long()" }
    return pythonPlaces(places)
  }
}
