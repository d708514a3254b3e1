/// Words of other languages and what is written here in their place; for the parser, and for the resolver, which
/// alone knows what a name stands for.
package enum NeighbourSpelling {
  /// What to say about a word, and what to put in its place if that is all there is to do.
  struct Word: Sendable {
    var replacement: String?
    var hint: String
    var example: String?

    init(_ replacement: String?, _ hint: String, _ example: String? = nil) {
      self.replacement = replacement
      self.hint = hint
      self.example = example
    }

    var text: String { example.map { "\(hint): `\($0)`" } ?? hint }
  }

  /// Words between operands.
  static let operators = ["and": "&&", "or": "||", "is": "==", "AND": "&&", "OR": "||"]

  /// Words for another condition of an `if`.
  static let elseIf = ["elif", "elseif", "elsif"]

  /// Words at the beginning of a statement.
  static let statements: [String: Word] = {
    var words: [String: Word] = [
      "lambda": Word(nil, "a function as a value has `->`", "x -> x^2"),
      "foreach": Word("for", "a loop has `for`", "for x in xs { … }"),
      "until": Word(nil, "a loop with a condition has `while`", "while x < 1 { … }"),
    ]
    add(elseIf, Word(nil, "another condition follows the `}`", "} else if x < 0 {"))
    add(["def", "function", "func", "fun"], Word("fn", "a function begins with `fn`", "fn f(x) = x^2"))
    add(["switch", "case", "match"], Word(nil, "a choice has `if`", "if x == 1 { … } else if x == 2 { … }"))
    add(
      ["import", "from", "using"],
      Word(nil, "everything is built in; a file is read by", "include \"lib.nn\""))
    add(
      ["let", "var", "const", "local", "global", "auto", "double", "float", "int"],
      Word("", "a variable needs no word"))
    return words

    func add(_ names: [String], _ word: Word) {
      for name in names { words[name] = word }
    }
  }()

  /// What somebody meant by a name that nothing here has: `True`, `None`, `np`.
  package static func hint(forName name: String) -> String? {
    if let meant = names[name] { return meant }
    if name.unicodeScalars.last == "ᵀ" { return "the transpose is `\(name.dropLast())'`" }
    if let power = powers[name.last ?? " "], name.count > 1 {
      return "a power is `\(name.dropLast())^\(power)`"
    }
    return nil
  }

  private static let powers: [Character: String] = ["²": "2", "³": "3"]

  /// Names and what to say of each; where a result is spelled, it runs.
  private static let names: [String: String] = {
    var names: [String: String] = [:]
    for (words, hint) in spellings {
      for word in words.split(separator: " ") { names[String(word)] = hint }
    }
    return names
  }()

  private static let spellings: [(words: String, hint: String)] = [
    // values
    ("True TRUE", "here it is `true`, which is 1"), ("False FALSE", "here it is `false`, which is 0"),
    ("None nil null NULL undefined", "there is no such value; an empty matrix is `[]`"),
    ("NaN NA", "here it is `nan`"), ("Inf Infinity", "here it is `inf`"), ("PI Pi", "here it is `pi`"),
    // libraries
    ("np numpy", "everything is built in: `np.exp(x)` is `exp(x)`, `np.dot(A, B)` is `A*B`"),
    ("torch", "everything is built in: `torch.exp(x)` is `exp(x)`"),
    ("math Math", "everything is built in: `math.exp(x)` is `exp(x)`"),
    // products and powers
    ("dot", "the matrix product is `A*B`, of two columns `a'*b`"),
    ("matmul mm mtimes bmm", "the matrix product is `A*B`"),
    ("multiply times mul", "the elementwise product is `A .* B`"),
    ("outer", "an outer product is `a*b'` of two columns"),
    ("divide rdivide", "the elementwise quotient is `A ./ B`"), ("subtract minus", "a difference is `A - B`"),
    ("add plus", "a sum is `A + B`, of all elements `sum(A)`"),
    ("power pow", "a power is `x^2`, element by element `A.^2`"),
    ("square", "element by element it is `A.^2`"),
    ("transpose ctranspose T t", "the transpose is `A'`"), ("negative", "it is `-A`"),
    ("solve lstsq linsolve", "the solution of A*x = b is `A \\ b`"),
    // functions
    ("ln", "here it is `log(x)`"), ("expm1", "here it is `exp(x) - 1`"), ("log1p", "here it is `log(1 + x)`"),
    ("arcsin", "here it is `asin(x)`"), ("arccos", "here it is `acos(x)`"),
    ("arctan", "here it is `atan(x)`"),
    ("arctan2", "here it is `atan2(y, x)`"), ("logistic expit", "here it is `sigmoid(x)`"),
    ("absolute fabs", "here it is `abs(x)`"), ("clamp", "here it is `clip(x, low, high)`"),
    ("fix trunc", "the whole part is `sign(x) .* floor(abs(x))`"),
    ("int integer", "a whole number is `floor(x)` or `round(x)`"),
    ("float double", "every number is a double already"),
    (
      "rem fmod remainder",
      "with the sign of a it is `sign(a) .* mod(abs(a), abs(b))`, with that of b `mod(a, b)`"
    ),
    ("not logical_not", "logical not is `!`"),
    ("logical_and", "element by element it is `A .* B`, of numbers `a && b`"),
    ("logical_or", "element by element it is `max(A, B)`, of numbers `a || b`"),
    // reductions
    ("amax maximum", "here it is `max(A)`, of two `max(A, B)`"),
    ("amin minimum", "here it is `min(A)`, of two `min(A, B)`"),
    ("average", "here it is `mean(A)`"), ("stdev", "here it is `std(A)`"),
    ("cumulative_sum", "here it is `cumsum(A)`"),
    ("argsort", "the places are the second result of sort: `s, k = sort(x)`"),
    ("hist histogram bincount", "how often each value occurs: `values, counts = unique(x)`"),
    // sizes and shapes
    ("shape", "here it is `size(A)`"), ("ndims ndim", "every value has two dimensions: `size(A)`"),
    ("len", "here it is `length(x)`"), ("cols ncol", "here it is `columns(A)`"),
    ("nrow", "here it is `rows(A)`"),
    ("isempty", "it is empty where `numel(A) == 0`"), ("tile", "here it is `repmat(A, m, n)`"),
    ("concatenate cat", "matrices are joined by `[A, B]` and `[A; B]`"),
    ("hstack horzcat column_stack", "matrices are joined by `[A, B]`"),
    ("vstack vertcat", "matrices are joined by `[A; B]`"),
    ("flip", "backwards it is `x[end:-1:1]`"), ("flipud", "upside down it is `A[end:-1:1, :]`"),
    ("fliplr", "from right to left it is `A[:, end:-1:1]`"),
    // making
    ("array tensor asarray", "a matrix is `[1, 2; 3, 4]`"), ("identity", "here it is `eye(n)`"),
    ("range arange", "a range is `0:9`, with a step `0:0.5:2`"),
    ("rng manual_seed", "here it is `seed(n)`"), ("randperm", "here it is `permutation(n)`"),
    ("randi", "here it is `randint(low, high, m, n)`"), ("randn_like", "here it is `randn(m, n)`"),
    ("zeros_like", "here it is `0*A`"), ("ones_like", "here it is `0*A + 1`"),
    ("one_hot", "here it is `onehot(labels)`"),
    ("crossentropyloss cross_entropy", "here it is `crossentropy(A, Y)`"),
    // text and files
    ("disp println echo puts", "here it is `print(x)`"),
    ("printf fprintf", "here it is `print(\"J = {J:.4f}\")`"),
    ("sprintf", "a string is `\"J = {J:.4f}\"`"), ("str num2str mat2str string", "a string is `\"{x}\"`"),
    ("csvread loadtxt", "here it is `read(\"file.csv\")`"), ("load", "here it is `read(\"file.csv\")`"),
    ("save savetxt", "here it is `write(x, \"file.csv\")`"), ("tic toc time", "seconds are `clock()`"),
  ]

  // MARK: For the resolver

  /// `A(1, 2)` as `A[1, 2]`, for a call of what is no function; nil when an argument has a name.
  static func indexEdit(_ call: NodeID, in tree: SyntaxTree) -> Edit? {
    guard tree.kind(call) == .call, let source = tree.source, tree.childCount(call) > 1 else { return nil }
    let arguments = tree.children(call).dropFirst()
    guard arguments.allSatisfy({ tree.nameID($0) == nil }) else { return nil }
    let base = source.text(tree.range(tree.child(call, 0)))
    let subscripts = arguments.map { source.text(tree.range($0)) }.joined(separator: ", ")
    return Edit(range: tree.range(call), text: "\(base)[\(subscripts)]")
  }

  /// What the call of a library's function at `call` is here: `np.dot(A, B)` is `A*B`, `np.sum(A, axis=0)` is
  /// `sum(A, dim = 1)`.
  ///
  /// - Returns: nil where nothing here is known to do the same.
  static func moduleCallText(_ call: NodeID, in tree: SyntaxTree) -> String? {
    guard let source = tree.source, case .call(let callee, let arguments) = tree.expression(call),
      case .field(_, let field) = tree.expression(callee)
    else { return nil }
    let name = tree.name(field)
    var operands: [String] = []
    var settings: [String] = []
    for node in arguments {
      let argument = tree.argument(node)
      let text = source.text(tree.range(argument.value))
      guard let parameter = argument.name else {
        let axis = operands.count == 1 && takesAxis(name) ? setting("axis", text, of: name) : nil
        operands.append(axis ?? nestedRows(argument.value, in: tree) ?? text)
        continue
      }
      guard let setting = setting(tree.name(parameter), text, of: name) else { return nil }
      if !setting.isEmpty { settings.append(setting) }
    }
    if let text = operatorText(name, operands) { return text }
    guard let builtin = renamed[name] ?? (Builtins.index(of: name) == nil ? nil : name) else { return nil }
    return "\(builtin)(\((operands + settings).joined(separator: ", ")))"
  }

  /// `[[1, 2], [3, 4]]` as `[1, 2; 3, 4]`.
  private static func nestedRows(_ node: NodeID, in tree: SyntaxTree) -> String? {
    guard let source = tree.source, tree.kind(node) == .matrix, tree.childCount(node) == 1 else { return nil }
    let inner = tree.children(tree.child(node, 0))
    guard !inner.isEmpty, inner.allSatisfy({ tree.kind($0) == .matrix && tree.childCount($0) == 1 }) else {
      return nil
    }
    return "[\(inner.map { source.text(tree.range(tree.child($0, 0))) }.joined(separator: "; "))]"
  }

  /// Whether a number behind the first argument says an axis: they are counted from 0 in libraries.
  private static func takesAxis(_ name: String) -> Bool {
    guard let builtin = Builtins.index(of: name).map({ Builtins.table[$0] }) else { return false }
    return builtin.parameters.contains { $0.name == "dim" }
  }

  /// An argument given by name as `function` takes it here: empty where it says nothing, nil where there is none.
  private static func setting(_ name: String, _ value: String, of function: String) -> String? {
    switch (name, value) {
    case ("axis", "0"), ("dim", "0"): return "dim = 1"
    case ("axis", "1"), ("axis", "-1"), ("dim", "-1"): return "dim = 2"
    case ("keepdims", _), ("keepdim", _), ("dtype", _): return ""
    default:
      let builtin = Builtins.index(of: renamed[function] ?? function).map { Builtins.table[$0] }
      return builtin?.parameters.contains { $0.name == name } ?? false ? "\(name) = \(value)" : nil
    }
  }

  private static let renamed = [
    "maximum": "max", "minimum": "min", "amax": "max", "amin": "min", "absolute": "abs", "arcsin": "asin",
    "arccos": "acos", "arctan": "atan", "arctan2": "atan2", "tile": "repmat", "clamp": "clip",
    "manual_seed": "seed", "average": "mean",
  ]

  private static func operatorText(_ name: String, _ operands: [String]) -> String? {
    switch (name, operands.count) {
    case ("dot", 2), ("matmul", 2), ("mm", 2): return "\(operands[0])*\(operands[1])"
    case ("multiply", 2), ("mul", 2): return "\(operands[0]) .* \(operands[1])"
    case ("divide", 2): return "\(operands[0]) ./ \(operands[1])"
    case ("add", 2): return "\(operands[0]) + \(operands[1])"
    case ("subtract", 2): return "\(operands[0]) - \(operands[1])"
    case ("power", 2), ("pow", 2): return "\(operands[0]).^\(operands[1])"
    case ("square", 1): return "\(operands[0]).^2"
    case ("transpose", 1), ("t", 1): return "\(operands[0])'"
    case ("solve", 2): return "\(operands[0]) \\ \(operands[1])"
    case ("array", 1), ("asarray", 1), ("tensor", 1), ("matrix", 1): return operands[0]
    case ("arange", 2): return "\(operands[0]):\(operands[1]) - 1"
    case ("identity", 1): return "eye(\(operands[0]))"
    default: return nil
    }
  }

  /// Whether a name stands for a library, which has no value here.
  static func isModule(_ node: NodeID, in tree: SyntaxTree) -> Bool {
    guard tree.kind(node) == .name, let id = tree.nameID(node) else { return false }
    return ["np", "numpy", "torch", "math", "Math", "tf", "jnp", "nn", "F"].contains(tree.name(id))
  }
}
