/// The symbols of mathematics by the names LaTeX gives them, for `\name` and Tab.
///
/// Besides the table: `\_12` and `\^12` lower and raise what has a raised form, `\hat` and its like are marks on
/// the character before, `\bbR`, `\bfx`, `\scrL`, `\frakg` choose an alphabet.
enum SymbolTable {
  /// The symbol for `\name`.
  static func symbol(for name: String) -> String? {
    guard name.hasPrefix("\\") else { return nil }
    let bare = name.dropFirst()
    return symbols[String(bare)] ?? shifted(bare) ?? MathAlphabet.letter(named: bare)
  }

  /// The names that begin with `prefix`, backslash included, in order; none for the backslash alone.
  static func names(beginningWith prefix: String) -> [String] {
    guard prefix.utf8.count > 1 else { return [] }
    return symbols.keys.map { "\\" + $0 }.filter { $0.hasPrefix(prefix) }.sorted()
  }

  /// A symbol as a list shows it: a mark needs something to stand on.
  static func displayed(_ symbol: String) -> String {
    guard let mark = symbol.unicodeScalars.first, mark.properties.generalCategory == .nonspacingMark else {
      return symbol
    }
    return "\u{25CC}" + symbol
  }

  /// Where the `\name` that ends at the cursor begins.
  static func nameStart(in line: EditedLine) -> Int? {
    var start = line.cursor
    while start > line.cursorRow.lowerBound {
      start -= 1
      let scalar = line.scalars[start]
      if scalar == "\\" { return start + 1 < line.cursor ? start : nil }
      guard scalar.properties.isAlphabetic || "0123456789_^+-=()".unicodeScalars.contains(scalar) else {
        return nil
      }
    }
    return nil
  }

  // MARK: the table

  private static let symbols: [String: String] = {
    var symbols: [String: String] = [:]
    for row in rows {
      let words = row.split(separator: " ")
      for index in stride(from: 0, to: words.count - 1, by: 2) {
        symbols[String(words[index])] = String(words[index + 1])
      }
    }
    for (name, mark) in marks { symbols[name] = String(mark) }
    return symbols
  }()

  private static let marks: [(String, Unicode.Scalar)] = [
    ("hat", "\u{302}"), ("widehat", "\u{302}"), ("bar", "\u{304}"), ("overline", "\u{305}"),
    ("underbar", "\u{331}"), ("underline", "\u{332}"), ("tilde", "\u{303}"), ("widetilde", "\u{303}"),
    ("dot", "\u{307}"), ("ddot", "\u{308}"), ("dddot", "\u{20DB}"), ("vec", "\u{20D7}"),
    ("acute", "\u{301}"), ("grave", "\u{300}"), ("check", "\u{30C}"), ("breve", "\u{306}"),
    ("mathring", "\u{30A}"), ("not", "\u{338}"),
  ]

  private static let rows = [
    // Greek
    "alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι",
    "kappa κ varkappa ϰ lambda λ mu μ nu ν xi ξ omicron ο pi π varpi ϖ rho ρ varrho ϱ sigma σ",
    "varsigma ς tau τ upsilon υ phi ϕ varphi φ chi χ psi ψ omega ω",
    "Alpha Α Beta Β Gamma Γ Delta Δ Epsilon Ε Zeta Ζ Eta Η Theta Θ Iota Ι Kappa Κ Lambda Λ Mu Μ Nu Ν",
    "Xi Ξ Omicron Ο Pi Π Rho Ρ Sigma Σ Tau Τ Upsilon Υ Phi Φ Chi Χ Psi Ψ Omega Ω",
    // calculus and letters
    "partial ∂ nabla ∇ infty ∞ ell ℓ hbar ℏ hslash ℏ planck ℎ imath ı jmath ȷ Re ℜ Im ℑ wp ℘ aleph ℵ",
    "beth ℶ gimel ℷ daleth ℸ prime ′ dprime ″ degree ° angle ∠ measuredangle ∡ euler ℯ Angstrom Å",
    "mho ℧ eth ð",
    "int ∫ iint ∬ iiint ∭ oint ∮ sum ∑ prod ∏ coprod ∐ sqrt √ cbrt ∛ fourthroot ∜",
    // operators
    "cdot ⋅ times × div ÷ pm ± mp ∓ ast ∗ star ⋆ circ ∘ bullet ∙ odot ⊙ oplus ⊕ ominus ⊖ otimes ⊗",
    "oslash ⊘ circledast ⊛ circledcirc ⊚ boxplus ⊞ boxminus ⊟ boxtimes ⊠ boxdot ⊡ wedge ∧ vee ∨ cap ∩",
    "cup ∪ sqcap ⊓ sqcup ⊔ uplus ⊎ setminus ∖ wr ≀ diamond ⋄ amalg ⨿ dagger † ddagger ‡ top ⊤ bot ⊥",
    "perp ⟂ intercal ⊺ ltimes ⋉ rtimes ⋊ bowtie ⋈ bigodot ⨀ bigoplus ⨁ bigotimes ⨂ bigcap ⋂ bigcup ⋃",
    "bigwedge ⋀ bigvee ⋁ neg ¬ lnot ¬ land ∧ lor ∨ xor ⊻ nand ⊼ nor ⊽",
    // relations
    "le ≤ leq ≤ ge ≥ geq ≥ ne ≠ neq ≠ ll ≪ gg ≫ approx ≈ napprox ≉ simeq ≃ sim ∼ nsim ≁ cong ≅",
    "equiv ≡ nequiv ≢ propto ∝ asymp ≍ doteq ≐ coloneq ≔ triangleq ≜ prec ≺ succ ≻ preceq ⪯ succeq ⪰",
    "in ∈ notin ∉ ni ∋ subset ⊂ supset ⊃ subseteq ⊆ supseteq ⊇ nsubseteq ⊈ nsupseteq ⊉ subsetneq ⊊",
    "supsetneq ⊋ mid ∣ nmid ∤ parallel ∥ nparallel ∦ vdash ⊢ dashv ⊣ models ⊧ vDash ⊨ emptyset ∅",
    "varnothing ∅ forall ∀ exists ∃ nexists ∄ therefore ∴ because ∵",
    // arrows
    "to → rightarrow → leftarrow ← gets ← uparrow ↑ downarrow ↓ leftrightarrow ↔ updownarrow ↕",
    "mapsto ↦ hookrightarrow ↪ hookleftarrow ↩ Rightarrow ⇒ Leftarrow ⇐ Leftrightarrow ⇔ Uparrow ⇑",
    "Downarrow ⇓ implies ⟹ iff ⟺ longrightarrow ⟶ longleftarrow ⟵ longmapsto ⟼ nearrow ↗ searrow ↘",
    "swarrow ↙ nwarrow ↖ rightharpoonup ⇀ leftharpoonup ↼ rightleftharpoons ⇌ circlearrowleft ↺",
    "circlearrowright ↻",
    // brackets, dots, marks
    "langle ⟨ rangle ⟩ lceil ⌈ rceil ⌉ lfloor ⌊ rfloor ⌋ Vert ‖ dots … ldots … cdots ⋯ vdots ⋮",
    "ddots ⋱ checkmark ✓ square □ blacksquare ■ triangle △ blacktriangle ▲ bigstar ★ sharp ♯ flat ♭",
    "natural ♮ S § P ¶ copyright © pounds £ euro € yen ¥ cent ¢",
  ]

  // MARK: above and below the line

  private static func shifted(_ name: Substring) -> String? {
    guard let sign = name.first, sign == "_" || sign == "^", name.count > 1 else { return nil }
    let forms = sign == "_" ? subscripts : superscripts
    var result = ""
    for character in name.dropFirst() {
      guard let form = forms[character] else { return nil }
      result.append(form)
    }
    return result
  }

  private static let subscripts = forms(
    "0123456789+-=()aehijklmnoprstuvxβγρϕχ", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ")
  private static let superscripts = forms(
    "0123456789+-=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWαβγδθϕχ",
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵅᵝᵞᵟᶿᵠᵡ")

  private static func forms(_ plain: String, _ shifted: String) -> [Character: Character] {
    Dictionary(zip(plain, shifted)) { first, _ in first }
  }
}

/// The letters of mathematics in other shapes.
private enum MathAlphabet {
  private static let alphabets: [(name: String, capital: UInt32, small: UInt32, digit: UInt32?)] = [
    ("bfscr", 0x1D4D0, 0x1D4EA, nil), ("bffrak", 0x1D56C, 0x1D586, nil), ("scr", 0x1D49C, 0x1D4B6, nil),
    ("frak", 0x1D504, 0x1D51E, nil), ("bb", 0x1D538, 0x1D552, 0x1D7D8), ("bf", 0x1D400, 0x1D41A, 0x1D7CE),
    ("it", 0x1D434, 0x1D44E, nil), ("bi", 0x1D468, 0x1D482, nil), ("sans", 0x1D5A0, 0x1D5BA, 0x1D7E2),
    ("tt", 0x1D670, 0x1D68A, 0x1D7F6),
  ]

  /// Those that Unicode had before the others, elsewhere.
  private static let exceptions: [String: String] = [
    "bbC": "ℂ", "bbH": "ℍ", "bbN": "ℕ", "bbP": "ℙ", "bbQ": "ℚ", "bbR": "ℝ", "bbZ": "ℤ", "ith": "ℎ",
    "scrB": "ℬ",
    "scrE": "ℰ", "scrF": "ℱ", "scrH": "ℋ", "scrI": "ℐ", "scrL": "ℒ", "scrM": "ℳ", "scrR": "ℛ", "scre": "ℯ",
    "scrg": "ℊ", "scro": "ℴ", "frakC": "ℭ", "frakH": "ℌ", "frakI": "ℑ", "frakR": "ℜ", "frakZ": "ℨ",
  ]

  static func letter(named name: Substring) -> String? {
    if let letter = exceptions[String(name)] { return letter }
    guard let last = name.unicodeScalars.last, last.isASCII,
      let alphabet = alphabets.first(where: { $0.name == name.dropLast() })
    else { return nil }
    let value: UInt32? =
      switch last {
      case "A"..."Z": alphabet.capital + last.value - 65
      case "a"..."z": alphabet.small + last.value - 97
      case "0"..."9": alphabet.digit.map { $0 + last.value - 48 }
      default: nil
      }
    return value.flatMap(Unicode.Scalar.init).map { String($0) }
  }
}
