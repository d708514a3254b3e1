/// The backward lines as a file that runs after the lines that compute the value.
struct ExplanationFile {
  let explanation: Explanation

  init(_ explanation: Explanation) { self.explanation = explanation }

  var text: String {
    var text = "# The gradients of \(explanation.name), line by line, to be run after what computes it:\n"
    for line in explanation.forward { text += "# \(line.isInside ? "  " : "")  \(line.text)\n" }
    for line in explanation.backward {
      text += "\(line.text)  # \(line.shape)\(line.reason.isEmpty ? "" : ", \(line.reason)")\n"
    }
    return text
  }
}
