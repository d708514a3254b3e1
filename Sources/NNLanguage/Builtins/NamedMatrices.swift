import NNCore
import NNFormats

/// What a file with several matrices holds: read as `data.W1` or `data["W1"]`.
final class NamedMatrices: Object {
  private let matrices: [NamedMatrix]
  /// What else the file has, which is said when it is asked for.
  private let unreadable: [UnreadableMember]

  init(_ matrices: [NamedMatrix], unreadable: [UnreadableMember] = []) {
    self.matrices = matrices
    self.unreadable = unreadable
  }

  override var kindWithArticle: String {
    "a set of \(matrices.count) named \(matrices.count == 1 ? "matrix" : "matrices")"
  }
  override var fieldNames: [String] { matrices.map(\.name) }
  override var reachableValues: [Value] { matrices.map { .matrix($0.matrix) } }

  override func field(_ name: String) -> Value? {
    matrices.first { $0.name == name }.map { Value.matrix($0.matrix).unboxed }
  }

  /// Why a member of the file has no value; nil where there is no such member.
  func problem(with name: String) -> Diagnostic? {
    unreadable.first { $0.name == name }.map {
      Diagnostic(.error, "\(SafeText.escaped(name)) cannot be read: \(Self.reason($0))")
    }
  }

  private static func reason(_ member: UnreadableMember) -> String {
    if case .inside(_, let error) = member.error { return error.description }
    return member.error.description
  }

  override func element(at subscripts: [Value], machine: Machine) throws(Diagnostic) -> Value {
    guard subscripts.count == 1, let name = subscripts[0].string else {
      throw Diagnostic(.error, "the matrices of a file are picked by name").hinting(
        fieldNames.first.map { "[\"\($0)\"]" })
    }
    guard let value = field(name) else {
      if let problem = problem(with: name) { throw problem }
      let nearest = Suggestion.nearest(to: name, in: fieldNames).map { "did you mean \($0)?" }
      throw Diagnostic(.error, "the file has no matrix \(name)")
        .hinting(nearest ?? "it has \(fieldNames.prefix(12).joined(separator: ", "))")
    }
    return value
  }

  override func describe(width: Int) -> [String] {
    let rows =
      matrices.map { ($0.name, "\($0.matrix.shape)") }
      + unreadable.map { ($0.name, "not read: \(Self.reason($0))") }
    let longest = rows.map(\.0.count).max() ?? 0
    return rows.map { name, text in
      let gap = String(repeating: " ", count: longest - name.count + 2)
      return "\(SafeText.escaped(name))\(gap)\(text)"
    }
  }

  override func content(for format: FileFormat) throws(Diagnostic) -> FileContent {
    if let first = unreadable.first, let problem = problem(with: first.name) {
      throw problem.hinting("what was read of the file can be written by name")
    }
    return .matrices(matrices)
  }
}
