/// What stands before a line.
package struct Prompt: Hashable, Sendable, ExpressibleByStringLiteral {
  package var text: String
  package var style: TextStyle

  package init(_ text: String, style: TextStyle = .plain) {
    self.text = text
    self.style = style
  }

  package init(stringLiteral text: String) { self.init(text) }
}
