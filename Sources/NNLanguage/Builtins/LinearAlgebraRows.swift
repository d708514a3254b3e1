import NNCore

extension Builtins {
  static let linearAlgebraRows: [Builtin] = [
    .operation(.determinant, "A", .linearAlgebra),
    .operation(.inverse, "A", .linearAlgebra),
    .operation(.trace, "A", .linearAlgebra),
  ]
}
