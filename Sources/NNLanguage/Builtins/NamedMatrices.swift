import NNCore
import NNFormats

/// What a file with several matrices holds: read as `data.W1` or `data["W1"]`.
final class NamedMatrices: Object {
  private let matrices: [NamedMatrix]

  init(_ matrices: [NamedMatrix]) { self.matrices = matrices }

  override var kindWithArticle: String {
    "a set of \(matrices.count) named \(matrices.count == 1 ? "matrix" : "matrices")"
  }
  override var fieldNames: [String] { matrices.map(\.name) }
  override var reachableValues: [Value] { matrices.map { .matrix($0.matrix) } }

  override func field(_ name: String) -> Value? {
    matrices.first { $0.name == name }.map { Value.matrix($0.matrix).unboxed }
  }

  override func element(at subscripts: [Value], machine: Machine) throws(Diagnostic) -> Value {
    guard subscripts.count == 1, let name = subscripts[0].string else {
      throw Diagnostic(.error, "the matrices of a file are picked by name").hinting(
        fieldNames.first.map { "[\"\($0)\"]" })
    }
    guard let value = field(name) else {
      let nearest = Suggestion.nearest(to: name, in: fieldNames).map { "did you mean \($0)?" }
      throw Diagnostic(.error, "the file has no matrix \(name)")
        .hinting(nearest ?? "it has \(fieldNames.prefix(12).joined(separator: ", "))")
    }
    return value
  }

  override func describe(width: Int) -> [String] {
    let longest = fieldNames.map(\.count).max() ?? 0
    return matrices.map { matrix in
      let gap = String(repeating: " ", count: longest - matrix.name.count + 2)
      return "\(SafeText.escaped(matrix.name))\(gap)\(matrix.matrix.shape)"
    }
  }

  override func content(for format: FileFormat) throws(Diagnostic) -> FileContent { .matrices(matrices) }
}
