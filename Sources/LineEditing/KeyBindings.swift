import CEditline

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The editor's commands, under names that `~/.editrc` can bind, and the keys they are bound to.
struct KeyBindings {
  private struct Command {
    let name: String
    let help: String
    /// Keys in emacs mode and in vi's insert mode.
    var keys: [String] = []
    /// Keys in vi's command mode.
    var viKeys: [String] = []
    /// Keys in emacs mode only.
    var emacsKeys: [String] = []
    let function: nne_command
  }

  /// The key, a C1 control that no terminal's keyboard sends, that has libedit call for the waiting action.
  static let actionKey: UInt32 = 0x9F

  private let options: LineEditor.Options

  init(_ options: LineEditor.Options) { self.options = options }

  /// Binds the keys and reads `~/.editrc`; answers the escape sequences bound there.
  func install(in library: Editline) -> Set<[UInt8]> {
    let configuration = options.readsEditrc ? Editrc.standard() : Editrc(lines: [])
    nne_set_vi(library.handle, options.usesViKeys)
    for command in Self.commands {
      _ = nne_add_command(library.handle, command.name, command.help, command.function)
    }
    // `bind -v` and `bind -e` wipe every binding: the editor's own come after them and before the user's.
    for line in configuration.modeLines { nne_configure(library.handle, line) }
    bind(in: library)
    for line in configuration.otherLines { nne_configure(library.handle, line) }
    return configuration.boundSequences
  }

  private func bind(in library: Editline) {
    let isVi = nne_is_vi(library.handle)
    if !isVi { nne_bind_latin_letters(library.handle) }
    for command in Self.commands {
      for key in command.keys { nne_bind(library.handle, false, key, command.name) }
      for key in isVi ? command.viKeys : [] { nne_bind(library.handle, true, key, command.name) }
      for key in isVi ? [] : command.emacsKeys { nne_bind(library.handle, false, key, command.name) }
    }
    if !isVi { nne_bind(library.handle, false, "^W", "ed-delete-prev-word") }
    // It would run vi on the line, behind the back of the display.
    if isVi { nne_bind(library.handle, true, "v", "ed-unassigned") }
  }

  private static var commands: [Command] {
    [
      Command(
        name: "enter-line", help: "Enter the line, or go on to the next while it is incomplete",
        keys: ["^M", "^J"], viKeys: ["^M", "^J"],
        function: { handle, _ in perform(handle) { $0.enter() } }),
      Command(
        name: "insert-newline", help: "Begin another line of the entry",
        function: { handle, _ in perform(handle) { $0.insert("\n") } }),
      Command(
        name: "complete-word", help: "Complete the word before the cursor, or \\name to a symbol",
        keys: ["^I"],
        function: { handle, _ in perform(handle) { $0.complete() } }),
      Command(
        name: "previous-entry", help: "Up a row, or to the entry before that begins the same",
        keys: ["^P"], viKeys: ["^P", "k"],
        function: { handle, _ in perform(handle) { $0.moveUp() } }),
      Command(
        name: "next-entry", help: "Down a row, or to the entry after that begins the same",
        keys: ["^N"], viKeys: ["^N", "j"],
        function: { handle, _ in perform(handle) { $0.moveDown() } }),
      Command(
        name: "search-back", help: "Search the history while typing", keys: ["^R"], viKeys: ["^R", "/"],
        function: { handle, _ in perform(handle) { $0.searchHistory(.older) } }),
      Command(
        name: "search-forward", help: "Search towards the newest entry", keys: ["^S"], viKeys: ["^S", "?"],
        function: { handle, _ in perform(handle) { $0.searchHistory(.newer) } }),
      Command(
        name: "clear-display", help: "Clear the screen and show the line at its top",
        keys: ["^L"], viKeys: ["^L"],
        function: { handle, _ in perform(handle) { $0.clearDisplay() } }),
      Command(
        name: "character-left", help: "Left by a character with its marks", emacsKeys: ["^B"],
        function: { handle, _ in perform(handle) { $0.moveLeft() } }),
      Command(
        name: "character-right", help: "Right by a character, at the end take the hint", emacsKeys: ["^F"],
        function: { handle, _ in perform(handle) { $0.moveRight() } }),
      Command(
        name: "row-start", help: "To the start of the row", emacsKeys: ["^A"],
        function: { handle, _ in perform(handle) { $0.moveToRowStart() } }),
      Command(
        name: "row-end", help: "To the end of the row, at the end take the hint", emacsKeys: ["^E"],
        function: { handle, _ in perform(handle) { $0.moveToRowEnd() } }),
      Command(
        name: "undo-change", help: "Take the last change of the line back", emacsKeys: ["^_"],
        function: { handle, _ in perform(handle) { $0.undo() } }),
      Command(
        name: "waiting-action", help: "What the editor's own keys do", keys: ["\\237"], viKeys: ["\\237"],
        function: { handle, _ in perform(handle) { $0.performAction() } }),
    ]
  }
}

// A free function: a C function pointer captures nothing, not even a type.
private func perform(_ handle: OpaquePointer, _ command: (LineEditor) -> CommandResult) -> UInt8 {
  guard let editor = Editline.editor(of: handle) else { return UInt8(NNE_FAILED) }
  return command(editor).code
}

/// How a command ended.
enum CommandResult {
  /// The line or the cursor may have changed.
  case done
  /// The entry is ended.
  case entered

  fileprivate var code: UInt8 {
    switch self {
    case .done: UInt8(NNE_REFRESH)
    case .entered: UInt8(NNE_NEWLINE)
    }
  }
}

/// The user's settings for programs that use libedit.
struct Editrc {
  /// Those that choose between emacs and vi.
  private(set) var modeLines: [String] = []
  private(set) var otherLines: [String] = []
  /// The escape sequences bound to something.
  private(set) var boundSequences: Set<[UInt8]> = []

  static func standard() -> Editrc {
    let chosen = Terminal.environmentVariable("EDITRC")
    let home = Terminal.environmentVariable("HOME").map { $0 + "/.editrc" }
    guard let path = chosen ?? home, let text = PlainLineReader.contents(ofFile: path) else {
      return Editrc(lines: [])
    }
    return Editrc(lines: text.split(whereSeparator: \.isNewline))
  }

  init(lines: [Substring]) {
    for line in lines {
      let words = line.split(whereSeparator: \.isWhitespace).map { $0.filter { $0 != "\"" && $0 != "'" } }
      guard let first = words.first, !first.hasPrefix("#") else { continue }
      switch first.split(separator: ":").last {
      case "edit": continue  // `edit off` would leave the reading to nobody
      case "bind" where words.contains("-v") || words.contains("-e"): modeLines.append(String(line))
      default:
        otherLines.append(String(line))
        if let key = words.dropFirst().first(where: { !$0.hasPrefix("-") }) { noteSequence(key) }
      }
    }
  }

  private mutating func noteSequence(_ key: String) {
    guard let prefix = ["^[", "\\e", "\\E", "\\033"].first(where: key.hasPrefix) else { return }
    let rest = Array(key.utf8.dropFirst(prefix.utf8.count))
    if rest.count >= 2 { boundSequences.insert([0x1B] + rest) }
  }
}
