/// What came from the keyboard, or from elsewhere while waiting for it.
enum InputEvent: Equatable {
  case character(Unicode.Scalar)
  case key(FunctionKey)
  /// Text pasted as a whole, as the terminal marked it.
  case paste(String)
  /// Nothing will come any more.
  case end
  case resized
  /// The process was stopped and continues.
  case resumed
  /// SIGINT from elsewhere than the keyboard.
  case interrupted
  /// SIGTERM or SIGHUP.
  case terminated(Int32)
}

/// The keys that send more than a character.
enum FunctionKey: Equatable {
  case up, down, left, right, home, end, delete
  case wordLeft, wordRight, deleteWordRight
  case pageUp, pageDown, backTab, newline
  /// One that means nothing here.
  case other
}
