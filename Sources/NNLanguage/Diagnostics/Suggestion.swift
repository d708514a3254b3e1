/// Names that a misspelled one may have meant.
enum Suggestion {
  private static let longest = 64

  /// The nearest of `names`, if it is near enough to be worth saying; ties go to the first.
  static func nearest(to name: String, in names: [String]) -> String? {
    // The distance costs the product of the lengths, and no known name is so long by mistake.
    let letters = Array(name.prefix(longest + 1))
    if letters.count > longest { return nil }
    // Of a letter or two nearly every short name is a neighbour.
    if letters.count < 3 { return names.first { $0 != name && $0.lowercased() == name.lowercased() } }
    let most = letters.count <= 5 ? 2 : 3
    var best: (name: String, distance: Int)?
    for candidate in names where candidate != name {
      if candidate.lowercased() == name.lowercased() { return candidate }
      guard abs(candidate.count - letters.count) <= most else { continue }
      let distance = distance(letters, Array(candidate))
      if distance <= most, distance < best?.distance ?? Int.max,
        distance * 2 <= max(letters.count, candidate.count)
      {
        best = (candidate, distance)
      }
    }
    return best?.name
  }

  /// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
  private static func distance(_ a: [Character], _ b: [Character]) -> Int {
    var before: [Int] = []
    var previous = Array(0...b.count)
    for i in 0..<a.count {
      var row = [i + 1]
      for j in 0..<b.count {
        var cost = min(previous[j] + (a[i] == b[j] ? 0 : 1), previous[j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, before[j - 1] + 1) }
        row.append(cost)
      }
      before = previous
      previous = row
    }
    return previous[b.count]
  }
}

/// Hints for names that other programs have and this one spells otherwise, else the nearest known name.
enum NameHints {
  static func hint(for name: String, known: [String]) -> String? {
    if let other = neighbours[name] { return "here it is \(other)" }
    return Suggestion.nearest(to: name, in: known).map { "did you mean \($0)?" }
  }

  private static let neighbours = [
    "ln": "log(x)", "arctan": "atan(x)", "arcsin": "asin(x)", "arccos": "acos(x)", "arctan2": "atan2(y, x)",
    "power": "x .^ y", "transpose": "A'", "ctranspose": "A'", "dot": "A*B", "matmul": "A*B", "mtimes": "A*B",
    "times": "A .* B", "disp": "print(x)", "printf": "print(\"…\")", "fprintf": "print(\"…\")",
    "println": "print(x)",
    "echo": "print(x)", "len": "length(x)", "range": "1:n", "arange": "a:step:b", "ndims": "size(A)",
    "shape": "size(A)", "cols": "columns(A)", "ncol": "columns(A)", "nrow": "rows(A)",
    "np": "the function by itself, without np.",
    "torch": "the function by itself, without torch.", "math": "the function by itself, without math.",
    "True": "true", "False": "false", "None": "no value; there is no None", "NaN": "nan", "Inf": "inf",
    "PI": "pi",
    "Infinity": "inf", "amax": "max(A)", "amin": "min(A)", "solve": "A \\ b", "pinv": "A \\ b",
    "lstsq": "A \\ b",
    "vstack": "[A; B]", "hstack": "[A, B]", "concatenate": "[A, B] or [A; B]", "vertcat": "[A; B]",
    "horzcat": "[A, B]",
    "expm1": "exp(x) - 1", "log1p": "log(1 + x)", "rem": "mod(a, b)", "fix": "floor(x)", "tic": "clock()",
    "toc": "clock()",
    "str": "\"{x}\"", "num2str": "\"{x}\"", "sprintf": "\"{x:.2f}\"", "mat2str": "\"{A}\"",
    "numpy": "the function by itself",
    "csvread": "read(\"file.csv\")", "load": "read(\"file\")", "save": "write(x, \"file\")",
    "isempty": "numel(A) == 0",
    "identity": "eye(n)", "tile": "repmat(A, m, n)", "clamp": "clip(x, lo, hi)",
    "crossentropyloss": "crossentropy(A, Y)",
    "logistic": "sigmoid(x)", "stdev": "std(A)", "rng": "seed(n)", "randperm": "permutation(n)",
    "randi": "randint(lo, hi, m, n)", "randn_like": "randn(m, n)", "one_hot": "onehot(labels)",
  ]
}
