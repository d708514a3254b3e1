import Foundation
import Testing

@testable import NNLanguage

/// `Grammar.md` and the parser say the same.
@Suite struct GrammarTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  static let grammar: Grammar = {
    let text = (try? String(contentsOf: root.appending(path: "Grammar.md"), encoding: .utf8)) ?? ""
    return Grammar(text)
  }()

  @Test func theGrammarIsRead() { #expect(Self.grammar.rules.count > 50) }

  /// Every production that is used is there, and every one that is there is used.
  @Test func productionsAreWhole() {
    var used: Set<String> = ["program"]
    for rule in Self.grammar.syntax.values { used.formUnion(rule.names) }
    #expect(used.subtracting(Self.grammar.rules.keys) == [])
    #expect(Set(Self.grammar.syntax.keys).subtracting(used) == [])
  }

  @Test func productionsAreFunctionsOfTheParser() throws {
    let folder = Self.root.appending(path: "Sources/NNLanguage/Parsing")
    var functions: Set<String> = []
    for file in try FileManager.default.contentsOfDirectory(atPath: folder.path())
    where file.hasPrefix("Parser") {
      let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
      for match in text.matches(of: /(?m)^ +(?:private )?(?:mutating )?func parse(\w+)\(/) {
        functions.insert(String(match.1))
      }
    }
    let productions = Set(
      Self.grammar.syntax.keys.map { $0.split(separator: " ").map(\.capitalized).joined() })
    #expect(functions == productions)
  }

  @Test func capitalsAreKindsOfTokens() {
    for name in Self.grammar.rules.keys where name.first?.isUppercase == true && name != "COMMENT" {
      let words = name.lowercased().split(separator: " ")
      let kind = String(words[0]) + words.dropFirst().map(\.capitalized).joined()
      let kinds = (0..<64).compactMap { TokenKind(rawValue: $0) }.map { "\($0)" }
      #expect(kinds.contains(kind), "\(name)")
    }
  }

  @Test func keywordsAreTheSame() {
    #expect(Set(Self.grammar.rules["KEYWORD"]?.texts ?? []) == Set(Keyword.allCases.map(\.spelling)))
  }

  /// Every operator of a level is in the production of that level, and nothing else is.
  @Test(arguments: [
    (Precedence.or, "disjunction"), (.and, "conjunction"), (.comparison, "comparison"), (.sum, "sum"),
    (.product, "term"),
    (.power, "power"),
  ])
  func operatorsAreTheSame(level: Precedence, production: String) {
    let spellings = BinaryOperator.allCases.filter { $0.precedence == level }.map(\.spelling)
    #expect(Set(Self.grammar.rules[production]?.texts ?? []) == Set(spellings))
  }

  @Test func randomSentencesParse() {
    var writer = SentenceWriter(grammar: Self.grammar, dice: Dice(seed: 11))
    var characters = 0
    for _ in 0..<2500 {
      let sentence = writer.sentence(budget: 1 + writer.dice.roll(60))
      characters += sentence.count
      guard case .complete(let tree) = Parser.parse(sentence) else {
        Issue.record("does not parse: \(sentence)\n\(Parser.parse(sentence).errors ?? [])")
        continue
      }
      expectSameAfterPrinting(tree)
    }
    #expect(characters > 40_000)
    #expect(Set(Self.grammar.syntax.keys).subtracting(writer.seen) == [])
  }

  @Test func damagedSentencesDoNotTrap() {
    var writer = SentenceWriter(grammar: Self.grammar, dice: Dice(seed: 12))
    var dice = Dice(seed: 13)
    for _ in 0..<2000 {
      var bytes = Array(writer.sentence(budget: 40).utf8)
      for _ in 0...dice.roll(3) where !bytes.isEmpty {
        let place = dice.roll(bytes.count)
        if dice.chance(50) {
          bytes[place] = UInt8(truncatingIfNeeded: dice.next())
        } else {
          bytes.remove(at: place)
        }
      }
      if case .complete(let tree) = Parser.parse(Source(name: "t", bytes: bytes)) {
        expectSameAfterPrinting(tree)
      }
    }
  }
}

/// The productions of a Markdown file's EBNF.
struct Grammar: Sendable {
  indirect enum Rule: Sendable {
    case text(String)
    case name(String)
    case sequence([Rule])
    case choice([Rule])
    case optional(Rule)
    case many(Rule)

    /// The productions that the rule names.
    var names: Set<String> {
      switch self {
      case .text: []
      case .name(let name): [name]
      case .sequence(let parts), .choice(let parts): parts.reduce(into: []) { $0.formUnion($1.names) }
      case .optional(let part), .many(let part): part.names
      }
    }

    /// The texts in the rule that stand for themselves.
    var texts: [String] {
      switch self {
      case .text(let text): [text]
      case .name: []
      case .sequence(let parts), .choice(let parts): parts.flatMap(\.texts)
      case .optional(let part), .many(let part): part.texts
      }
    }
  }

  private(set) var rules: [String: Rule] = [:]

  /// The productions of the parser; those in capitals are the lexer's.
  var syntax: [String: Rule] { rules.filter { $0.key.first?.isLowercase == true } }

  init(_ markdown: String) {
    for block in markdown.split(separator: "```ebnf").dropFirst() {
      var reader = Reader(
        String(block.prefix(upTo: block.firstRange(of: "```")?.lowerBound ?? block.endIndex)))
      while let (name, rule) = reader.production() { rules[name] = rule }
    }
  }

  private struct Reader {
    var words: [String] = []
    var position = 0

    init(_ text: String) {
      for match in text.matches(of: /"[^"]*"|'[^']*'|[A-Za-z]+(?: [A-Za-z]+)*|[=;,|()\[\]{}]/) {
        words.append(String(match.0))
      }
    }

    var word: String { position < words.count ? words[position] : "" }

    mutating func production() -> (String, Rule)? {
      guard position + 1 < words.count else { return nil }
      let name = word
      position += 2
      let rule = choice()
      position += 1
      return (name, rule)
    }

    mutating func choice() -> Rule {
      var parts = [sequence()]
      while word == "|" {
        position += 1
        parts.append(sequence())
      }
      return parts.count == 1 ? parts[0] : .choice(parts)
    }

    mutating func sequence() -> Rule {
      var parts = [part()]
      while word == "," {
        position += 1
        parts.append(part())
      }
      return parts.count == 1 ? parts[0] : .sequence(parts)
    }

    mutating func part() -> Rule {
      let first = word
      position += 1
      guard let close = ["(": ")", "[": "]", "{": "}"][first] else {
        return first.hasPrefix("\"") || first.hasPrefix("'")
          ? .text(String(first.dropFirst().dropLast())) : .name(first)
      }
      let inner = choice()
      precondition(word == close, "a bracket in the grammar is not closed at word \(position)")
      position += 1
      return first == "[" ? .optional(inner) : first == "{" ? .many(inner) : inner
    }
  }
}

/// Writes random sentences of a grammar.
struct SentenceWriter {
  let grammar: Grammar
  var dice: Dice
  /// The productions that were used.
  var seen: Set<String> = []
  private var budget = 0
  private var text = ""
  private var openSubscripts = 0
  /// Directly inside a matrix blanks separate, so none are written that could.
  private var isInMatrix = false
  /// The next word belongs to the operand before it.
  private var mustTouch = false
  private var depths: [String: Int] = [:]

  init(grammar: Grammar, dice: Dice) {
    self.grammar = grammar
    self.dice = dice
    findDepths()
  }

  /// A program of about `budget` tokens.
  mutating func sentence(budget: Int) -> String {
    self.budget = budget
    text = ""
    openSubscripts = 0
    isInMatrix = false
    write(.name("program"))
    return text
  }

  /// How deep the shortest derivation of every production is: the way out when the budget is spent.
  private mutating func findDepths() {
    var hasChanged = true
    while hasChanged {
      hasChanged = false
      for (name, rule) in grammar.syntax {
        guard let depth = depth(rule), depth + 1 < depths[name] ?? .max else { continue }
        depths[name] = depth + 1
        hasChanged = true
      }
    }
  }

  private func depth(_ rule: Grammar.Rule) -> Int? {
    switch rule {
    case .text, .optional, .many: return 0
    case .name(let name): return name.first?.isUppercase == true ? 0 : depths[name]
    case .sequence(let parts):
      var deepest = 0
      for part in parts {
        guard let depth = depth(part) else { return nil }
        deepest = max(deepest, depth)
      }
      return deepest
    case .choice(let parts): return parts.compactMap(depth).min()
    }
  }

  private mutating func write(_ rule: Grammar.Rule) {
    switch rule {
    case .text(let text): add(text)
    case .name(let name): name.first?.isUppercase == true ? writeToken(name) : writeProduction(name)
    case .sequence(let parts): for part in parts { write(part) }
    case .choice(let parts): write(choose(parts))
    case .optional(let part): if budget > 0, dice.chance(40) { write(part) }
    case .many(let part): while budget > 0, dice.chance(45) { write(part) }
    }
  }

  private mutating func choose(_ parts: [Grammar.Rule]) -> Grammar.Rule {
    let allowed = parts.filter { part in
      if case .name("end") = part { return openSubscripts > 0 }
      return true
    }
    if budget > 0 { return allowed[dice.roll(allowed.count)] }
    let least = allowed.compactMap(depth).min() ?? 0
    let shortest = allowed.filter { depth($0) == least }
    return shortest[dice.roll(shortest.count)]
  }

  private mutating func writeProduction(_ name: String) {
    seen.insert(name)
    guard let rule = grammar.rules[name] else { return }
    let (outerMatrix, outerSubscripts) = (isInMatrix, openSubscripts)
    defer { (isInMatrix, openSubscripts) = (outerMatrix, outerSubscripts) }
    switch name {
    case "matrix": isInMatrix = true
    case "group", "call", "index", "parameters", "string": isInMatrix = false
    default: break
    }
    if name == "index" { openSubscripts += 1 }
    mustTouch = outerMatrix && ["call", "index", "field"].contains(name)
    let start = text.endIndex
    write(rule)
    switch name {
    // A bare colon in a slot would begin a format, and a literal number is not called: conditions beside the rules.
    case "slot": isolate(from: start, where: { $0.contains(":") })
    case "postfix": isolateNumber(from: start)
    default: break
    }
  }

  /// Puts parentheses around what a slot holds, format apart.
  private mutating func isolate(from start: String.Index, where isWrong: (Substring) -> Bool) {
    let tail = text[start...]
    guard isWrong(tail) else { return }
    let format = tail.firstMatch(of: /:[0-9]+\.[0-9]+[dfeg]$/).map { String($0.0) } ?? ""
    let inner = tail.dropLast(format.count)
    text.replaceSubrange(start..., with: "(" + inner + ")" + format)
  }

  private mutating func isolateNumber(from start: String.Index) {
    let tail = text[start...]
    guard let match = tail.prefixMatch(of: /( *)([0-9.][0-9._e-]*) *(?=\(|\.[^'0-9])/) else { return }
    text.replaceSubrange(match.2.startIndex..<match.0.endIndex, with: "(" + match.2 + ")")
  }

  private mutating func writeToken(_ name: String) {
    switch name {
    case "NAME": add(["x", "W1", "α", "ŷ", "∂L", "A", "_k", "x²"][dice.roll(8)])
    case "NUMBER": add(["1", "2.5", "0", "1e-3", ".5", "1_000", "12"][dice.roll(7)])
    case "STRING": add(["\"a\"", "\"\"", "\"a\\n{{b}} \\\"\"", "\"σ # no comment\""][dice.roll(4)])
    case "STRING START": add(["\"", "\"a ", "\"{{ "][dice.roll(3)] + "{")
    case "STRING MIDDLE": add("}" + ["", " and "][dice.roll(2)] + "{")
    case "STRING END": add("}" + ["", " end"][dice.roll(2)] + "\"")
    case "FORMAT": text += [":8.3f", ":1.4e", ":3.0d", ":9.2g"][dice.roll(4)]
    case "TRANSPOSE": text += dice.chance(80) ? "'" : ".'"
    case "KEYWORD": add(Keyword.allCases[dice.roll(Keyword.allCases.count)].spelling)
    case "NEWLINE": text += ["\n", "\r\n", " # comment\n", "\n\n"][dice.roll(4)]
    default: Issue.record("no text for \(name)")
    }
    budget -= 1
  }

  /// Adds a word or mark, blank space before it where it is needed, and sometimes where it is allowed.
  private mutating func add(_ word: String) {
    budget -= 1
    defer { mustTouch = false }
    if mustTouch {
      text += word
      return
    }
    if let last = text.unicodeScalars.last, let first = word.unicodeScalars.first, needsBlank(last, first) {
      text += " "
    } else if !isInMatrix, dice.chance(25), word != "'", word != "." {
      text += " "
    }
    text += word
  }

  private func needsBlank(_ last: Unicode.Scalar, _ first: Unicode.Scalar) -> Bool {
    func isWordy(_ scalar: Unicode.Scalar) -> Bool { scalar.continuesName || scalar == "." }
    if isWordy(last), isWordy(first) { return first != "." || ("0"..."9").contains(last) }
    // `++` at the end of a line, `--`, `->`, `''` and the like would be read as one.
    return "+-*/^<>=!&|:.'".unicodeScalars.contains(last) && "+-*/^<>=!&|.".unicodeScalars.contains(first)
  }
}
