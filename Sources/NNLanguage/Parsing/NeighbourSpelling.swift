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

  /// Words at the beginning of a statement.
  static let statements: [String: Word] = {
    var words: [String: Word] = [
      "lambda": Word(nil, "a function as a value has `->`", "x -> x^2"),
      "foreach": Word("for", "a loop has `for`", "for x in xs { … }"),
      "until": Word(nil, "a loop with a condition has `while`", "while x < 1 { … }"),
    ]
    add(["elif", "elseif", "elsif"], Word(nil, "another condition follows the `}`", "} else if x < 0 {"))
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

  private static let names: [String: String] = [
    "True": "it is `true`, which is 1", "TRUE": "it is `true`, which is 1",
    "False": "it is `false`, which is 0", "FALSE": "it is `false`, which is 0",
    "None": "there is no such value; an empty matrix is `[]`",
    "nil": "there is no such value; an empty matrix is `[]`",
    "null": "there is no such value; an empty matrix is `[]`",
    "NaN": "it is `nan`", "NA": "it is `nan`", "Inf": "it is `inf`", "Infinity": "it is `inf`",
    "PI": "it is `pi`", "Pi": "it is `pi`",
    "np": "everything is built in: `dot(A, B)` of NumPy is `A*B`, `np.exp(x)` is `exp(x)`",
    "numpy": "everything is built in: `numpy.exp(x)` is `exp(x)`",
    "torch": "everything is built in: `torch.exp(x)` is `exp(x)`",
    "math": "everything is built in: `math.exp(x)` is `exp(x)`",
    "Math": "everything is built in: `Math.exp(x)` is `exp(x)`",
    "dot": "the matrix product is `A*B`, of two columns `a'*b`",
    "matmul": "the matrix product is `A*B`", "mm": "the matrix product is `A*B`",
    "multiply": "the elementwise product is `A .* B`", "times": "the elementwise product is `A .* B`",
    "mtimes": "the matrix product is `A*B`", "outer": "an outer product is `a*b'` of two columns",
    "transpose": "the transpose is `A'`", "T": "the transpose is `A'`",
    "shape": "it is `size(A)`", "len": "it is `length(x)`", "ndims": "every value has two dimensions",
    "ln": "it is `log(x)`", "power": "a power is `x^2`, element by element `A.^2`",
    "pow": "a power is `x^2`, element by element `A.^2`",
    "concatenate": "matrices are joined by `[A, B]` and `[A; B]`",
    "hstack": "matrices are joined by `[A, B]`", "horzcat": "matrices are joined by `[A, B]`",
    "vstack": "matrices are joined by `[A; B]`", "vertcat": "matrices are joined by `[A; B]`",
    "arange": "a range is `0:9`, with a step `0:0.5:2`", "disp": "it is `print(x)`",
    "printf": "it is `print(\"J = {J:.4f}\")`", "fprintf": "it is `print(\"J = {J:.4f}\")`",
    "sprintf": "a string is `\"J = {J:.4f}\"`", "rem": "it is `mod(a, b)`", "fmod": "it is `mod(a, b)`",
    "square": "it is `A.^2`", "not": "logical not is `!`", "identity": "it is `eye(n)`",
  ]

  // MARK: For the resolver

  /// `A(1, 2)` as `A[1, 2]`, for a call of what is no function; nil when an argument has a name.
  package static func indexText(_ call: NodeID, in tree: SyntaxTree) -> String? {
    indexEdit(call, in: tree)?.text
  }

  static func indexEdit(_ call: NodeID, in tree: SyntaxTree) -> Edit? {
    guard tree.kind(call) == .call, let source = tree.source, tree.childCount(call) > 1 else { return nil }
    let arguments = tree.children(call).dropFirst()
    guard arguments.allSatisfy({ tree.nameID($0) == nil }) else { return nil }
    let base = source.text(tree.range(tree.child(call, 0)))
    let subscripts = arguments.map { source.text(tree.range($0)) }.joined(separator: ", ")
    return Edit(range: tree.range(call), text: "\(base)[\(subscripts)]")
  }

  /// `np.dot(A, B)` as `A*B`, `np.exp(x)` as `exp(x)`, `A.T` as `A'`, `A.dot(B)` as `A*B`: what the field or the
  /// call of a field at `node` would be here.
  ///
  /// - Parameter isModule: whether a name stands for a library (`np`), which has no value here.
  package static func fieldText(_ node: NodeID, in tree: SyntaxTree) -> String? {
    guard let source = tree.source else { return nil }
    func text(_ node: NodeID) -> String { source.text(tree.range(node)) }
    switch tree.expression(node) {
    case .field(let base, let field):
      switch tree.name(field) {
      case "T", "transpose": return "\(text(base))'"
      case "shape": return "size(\(text(base)))"
      default: return nil
      }
    case .call(let callee, let arguments):
      guard case .field(let base, let field) = tree.expression(callee) else { return nil }
      let values = arguments.map { text($0) }
      return methodText(tree.name(field), of: text(base), isModule: isModule(base, in: tree), values)
    default: return nil
    }
  }

  private static func methodText(_ name: String, of base: String, isModule: Bool, _ values: [String])
    -> String?
  {
    let operands = isModule ? values : [base] + values
    switch (name, operands.count) {
    case ("dot", 2), ("matmul", 2), ("mm", 2): return "\(operands[0])*\(operands[1])"
    case ("multiply", 2): return "\(operands[0]) .* \(operands[1])"
    case ("transpose", 1), ("t", 1): return "\(operands[0])'"
    default: return "\(name)(\(operands.joined(separator: ", ")))"
    }
  }

  static func isModule(_ node: NodeID, in tree: SyntaxTree) -> Bool {
    guard tree.kind(node) == .name, let id = tree.nameID(node) else { return false }
    return ["np", "numpy", "torch", "math", "Math", "tf", "jnp", "nn", "F"].contains(tree.name(id))
  }
}
