/// Why a stretch of text is no token, and where exactly the trouble is.
package struct LexicalProblem: Sendable {
  package enum Kind: Sendable {
    case invalidUTF8
    /// A character that has no meaning here.
    case strayCharacter(Unicode.Scalar)
    /// Text that nobody sees, or that is shown in another order than it is read.
    case invisible(Unicode.Scalar)
    case foreignDigit(Unicode.Scalar)
    /// ² and the like after a number.
    case scriptDigit(Unicode.Scalar)
    case typographicQuote
    /// `'text'`
    case singleQuoted
    /// A `'` apart from what it transposes.
    case loneApostrophe
    /// A string without its closing quote, in the slot of another one that begins there.
    case unterminatedString(slot: SourceRange?)
    case badEscape
    case badCodePoint
    /// A control character or broken UTF-8 inside a string.
    case badTextInString(Unicode.Scalar?)
    case commentInSlot
    case badFormat
    case formatTooLarge
    case numberTooLarge
    /// `0x1F`, `0b101`
    case otherBase
    case sourceTooLarge
  }

  package var kind: Kind
  package var range: SourceRange
}
