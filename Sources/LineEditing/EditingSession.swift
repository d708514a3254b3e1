/// What is known while one entry is edited.
struct EditingSession {
  var prompt: Prompt = ""
  var continuation: Prompt = ""
  /// Text to start with, until it is in the line.
  var initial: String?
  /// The same, for as long as the entry is edited; empty for none.
  var offered = ""
  /// What ended the entry; nil for the end of input.
  var outcome: ReadResult?
  /// The signal that ends the process once the terminal is restored.
  var termination: Int32?

  /// What libedit was told of by the action key and has not asked for yet.
  var action: EditingAction?
  var isActionRepeated = false
  /// An event that a command read and left to others.
  var returnedEvent: InputEvent?

  var walk: HistoryWalk?
  /// What the walk through the history shows, as long as nothing else changes it.
  var walkText = ""
  var menu: [ScreenRow] = []
  var undo = UndoStack()
  var highlighted = (text: "", styles: [TextStyle]())
  var preview = PreviewState()

  /// Where in the input the line began that is now in the editor.
  var lineStart = 0

  init() {}

  init(prompt: Prompt, continuation: Prompt, initial: String, input: TerminalInput) {
    self.prompt = prompt
    self.continuation = continuation
    self.initial = initial
    offered = initial
    lineStart = input.decoder.consumed
  }

  var pasteFilter: PasteFilter { PasteFilter(prompt: prompt.text, continuation: continuation.text) }
}

/// What changes the line and is no character; libedit is told by a key of its own, so that it ends what it is in
/// the middle of.
enum EditingAction {
  case key(FunctionKey)
  case paste(String)
  /// Enters the line as it is: it was pasted and is whole.
  case enter
}

/// The preview shown, and the text it is for.
struct PreviewState {
  var text = ""
  var preview: Preview?
  /// How often it was shown beside another text: once while the next is on its way, then no more.
  var staleness = 0
}
