import NNLanguage

extension Play {
  /// The lines of a value's gradients, as `explain` gives them: each step's comment is its reason, with the numbers
  /// put in.
  init(gradientsOf explanation: Explanation, digits: Int) {
    let steps = explanation.backward.map { line in
      let numbers = explanation.numbersPutIn(line, digits: digits).map { "= \($0)\n" } ?? ""
      let reason = line.reason.isEmpty ? "" : line.reason + "\n"
      return Step(comment: reason + numbers, code: line.text)
    }
    self.init("gradient of \(explanation.name)", steps: steps)
  }
}

extension Repl {
  /// `play J`: its backward lines one at a time.
  func startPlay(gradientsOf name: String) throws(Diagnostic) {
    start(Play(gradientsOf: try interpreter.explanation(of: name), digits: interpreter.digits))
  }
}
