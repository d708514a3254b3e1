import CNumerics

/// Solving, inverting and factoring through LAPACK.
package enum LinearAlgebra {
  /// `A \ b`: by LU factors where A is square, else by least squares, of least norm.
  static let solve: MatrixKernel = { operands, attributes, result, shape, resources throws(CoreError) in
    let (a, b) = (operands[0], operands[1])
    let flag = resources.cancellation.flag
    var rcond: Scalar = 1
    var rank = 0
    let room = try Room(3 * a.shape.count + 2 * b.shape.count + 2 * shape.count, resources)
    defer { room.release() }
    let outcome =
      a.shape.isSquare
      ? nn_solve(
        a.shape.rows, b.shape.columns, a.elements, attributes.first != 0, b.elements, result, &rcond, flag)
      : nn_least_squares(
        a.shape.rows, a.shape.columns, b.shape.columns, a.elements, b.elements, result, &rank, flag)
    try check(outcome, "\\", a.shape, resources)
  }

  static let inverse: MatrixKernel = { operands, _, result, shape, resources throws(CoreError) in
    var rcond: Scalar = 1
    let room = try Room(2 * shape.count, resources)
    defer { room.release() }
    let outcome = nn_inverse(
      shape.rows, operands[0].elements, result, &rcond, resources.cancellation.flag)
    try check(outcome, "inv", shape, resources)
  }

  static let determinant: MatrixKernel = { operands, _, result, _, resources throws(CoreError) in
    let a = operands[0]
    let room = try Room(a.shape.count, resources)
    defer { room.release() }
    let outcome = nn_determinant(a.shape.rows, a.elements, result, resources.cancellation.flag)
    try check(outcome, "det", a.shape, resources)
  }

  /// What LAPACK takes beside operands and results, counted through the gate that knows the limit.
  private struct Room {
    private let bytes: Int
    private let resources: Resources

    init(_ elements: Int, _ resources: Resources) throws(CoreError) {
      self.resources = resources
      bytes = elements * 8
      try resources.reserve(bytes)
    }

    func release() { resources.release(bytes) }
  }

  static func check(
    _ outcome: nn_outcome, _ name: String, _ shape: Shape, _ resources: Resources
  ) throws(CoreError) {
    try resources.checkCancellation()
    switch outcome {
    case NN_SINGULAR: throw .singular(name: name, shape)
    case NN_NO_LIBRARY: throw .noLibrary(name: name)
    case NN_NOT_CONVERGED: throw .notConverged(name: name)
    case NN_NO_MEMORY, NN_TOO_LARGE:
      throw .tooLarge(
        rows: Scalar(shape.rows), columns: Scalar(shape.columns),
        bytes: 8 * Scalar(shape.rows) * Scalar(shape.columns), limit: resources.limit)
    case NN_INTERRUPTED: throw .interrupted
    default: break
    }
  }

  /// Eigenvalues and vectors of a square matrix with real ones: `values` n×1 ascending, the columns of `vectors`
  /// of length 1 beside them.
  ///
  /// - Throws: `CoreError.complexEigenvalues` where some are not real, `CoreError.notFinite`,
  ///   `CoreError.notConverged`.
  package static func eigen(
    _ a: Matrix, in resources: Resources
  ) throws(CoreError) -> (values: Matrix, vectors: Matrix) {
    let shape = try a.shape.square("eig")
    try checkFinite(a, "eig")
    let values = try Matrix(uninitialized: Shape(shape.rows, 1), in: resources)
    let vectors = try Matrix(uninitialized: shape, in: resources)
    let flag = resources.cancellation.flag
    let room = try Room(6 * shape.count, resources)
    defer { room.release() }
    if isSymmetric(a) {
      let outcome = nn_eigen_symmetric(
        shape.rows, a.pointer, values.mutablePointer, vectors.mutablePointer, flag)
      try check(outcome, "eig", shape, resources)
      return (values, vectors)
    }
    let imaginary = try Matrix(uninitialized: Shape(shape.rows, 1), in: resources)
    let outcome = nn_eigen(
      shape.rows, a.pointer, values.mutablePointer, imaginary.mutablePointer, vectors.mutablePointer, flag)
    try check(outcome, "eig", shape, resources)
    if let k = imaginary.buffer.firstIndex(where: { $0 != 0 }) {
      throw .complexEigenvalues(real: values.buffer[k], imaginary: imaginary.buffer[k])
    }
    return try sorted(values, vectors, resources)
  }

  /// Ascending by value, columns of `vectors` along.
  private static func sorted(
    _ values: Matrix, _ vectors: Matrix, _ resources: Resources
  ) throws(CoreError) -> (values: Matrix, vectors: Matrix) {
    let n = values.rows
    let order = (0..<n).sorted { values.buffer[$0] < values.buffer[$1] }
    let sortedValues = try Matrix(uninitialized: values.shape, in: resources)
    let sortedVectors = try Matrix(uninitialized: vectors.shape, in: resources)
    for (k, from) in order.enumerated() {
      sortedValues.mutablePointer[k] = values.pointer[from]
      for i in 0..<n { sortedVectors.mutablePointer[i * n + k] = vectors.pointer[i * n + from] }
    }
    return (sortedValues, sortedVectors)
  }

  /// Factors of what is infinite or nan are sought for ever.
  private static func checkFinite(_ a: Matrix, _ name: String) throws(CoreError) {
    guard let place = a.buffer.firstIndex(where: { !$0.isFinite }) else { return }
    throw .notFinite(name: name, a.buffer[place], row: place / a.columns, column: place % a.columns)
  }

  /// The matrix of the least squares solutions of least norm: `pseudoinverse(a) * b` for every b (Moore and Penrose).
  ///
  /// - Throws: `CoreError.notFinite`, `CoreError.notConverged`.
  package static func pseudoinverse(_ a: Matrix, in resources: Resources) throws(CoreError) -> Matrix {
    try checkFinite(a, "pinv")
    let (m, n) = (a.rows, a.columns)
    let result = try Matrix(uninitialized: a.shape.transposed, in: resources)
    let identity = try Matrix(repeating: 0, Shape(m, m), in: resources)
    for i in 0..<m { identity.mutablePointer[i * m + i] = 1 }
    let room = try Room(3 * a.count + 2 * max(m, n) * m, resources)
    defer { room.release() }
    var rank = 0
    let outcome = nn_least_squares(
      m, n, m, a.pointer, identity.pointer, result.mutablePointer, &rank, resources.cancellation.flag)
    try check(outcome, "pinv", a.shape, resources)
    return result
  }

  private static func isSymmetric(_ a: Matrix) -> Bool {
    let (x, n) = (a.pointer, a.rows)
    for i in 0..<n {
      for j in 0..<i where x[i * n + j] != x[j * n + i] { return false }
    }
    return true
  }

  /// `a = u * diag(s) * v'`: u m×r, s r×1 descending, v n×r, with r the smaller of m and n.
  ///
  /// - Parameter name: what errors call it.
  package static func singularValues(
    _ a: Matrix, for name: String = "svd", in resources: Resources
  ) throws(CoreError) -> (u: Matrix, s: Matrix, v: Matrix) {
    try checkFinite(a, name)
    let (m, n) = (a.rows, a.columns)
    let r = min(m, n)
    let u = try Matrix(uninitialized: Shape(m, r), in: resources)
    let s = try Matrix(uninitialized: Shape(r, 1), in: resources)
    let transposed = try Matrix(uninitialized: Shape(r, n), in: resources)
    let v = try Matrix(uninitialized: Shape(n, r), in: resources)
    let flag = resources.cancellation.flag
    let room = try Room(3 * a.count + 4 * r * r, resources)
    defer { room.release() }
    let outcome = nn_svd(m, n, a.pointer, u.mutablePointer, s.mutablePointer, transposed.mutablePointer, flag)
    try check(outcome, name, a.shape, resources)
    nn_transpose(r, n, transposed.pointer, v.mutablePointer, flag)
    return (u, s, v)
  }

  /// An estimate of 1 over the condition number (1-norm) of a square matrix: near 2e-16 no digit of a solution can
  /// be trusted.
  package static func reciprocalCondition(_ a: Matrix, in resources: Resources) throws(CoreError) -> Scalar {
    let shape = try a.shape.square("rcond")
    let unused = try Matrix(uninitialized: shape, in: resources)
    let room = try Room(2 * shape.count, resources)
    defer { room.release() }
    var rcond: Scalar = 1
    let outcome = nn_inverse(
      shape.rows, a.pointer, unused.mutablePointer, &rcond, resources.cancellation.flag)
    if outcome == NN_SINGULAR { return 0 }
    try check(outcome, "rcond", shape, resources)
    return rcond
  }
}
