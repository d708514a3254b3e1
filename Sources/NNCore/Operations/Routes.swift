/// What running an operation needs of its row, where it is found at once.
///
/// A row is large; reading one for every addition of two 4×4 matrices would cost more than the addition. So routes
/// lie in memory of their own that lasts as long as the program.
struct Route {
  let shape: ShapeRule
  let unary: UnaryFunction?
  let binary: BinaryFunction?
  let ternary: TernaryFunction?
  let matrix: MatrixKernel?
  /// The most elements that are worked on without looking at the interrupt flag, some 50 ms of work.
  let quietLimit: Int

  private init(_ row: Operation) {
    shape = row.shape
    quietLimit = row.id.isSlow ? 500_000 : 20_000_000
    if case .unary(let function) = row.kernel { unary = function } else { unary = nil }
    if case .binary(let function) = row.kernel { binary = function } else { binary = nil }
    if case .ternary(let function) = row.kernel { ternary = function } else { ternary = nil }
    if case .matrix(let kernel) = row.kernel { matrix = kernel } else { matrix = nil }
  }

  nonisolated(unsafe) private static let all: UnsafePointer<Route> = {
    let routes = UnsafeMutablePointer<Route>.allocate(capacity: Operation.table.count)
    for (k, row) in Operation.table.enumerated() { (routes + k).initialize(to: Route(row)) }
    return UnsafePointer(routes)
  }()

  /// The first of all routes, in the order of `OperationID`.
  static var start: UnsafePointer<Route> { all }

  @inline(__always)
  static subscript(id: OperationID) -> UnsafePointer<Route> { all + Int(id.rawValue) }
}

extension OperationID {
  /// Computed one element at a time by the scalar mathematics library.
  var isSlow: Bool {
    switch self {
    case .power, .modulo, .atan2, .log2, .log10, .sin, .cos, .tan, .asin, .acos, .atan, .sinh, .cosh: true
    default: false
    }
  }

  /// What `A * B` is for these shapes: a product of matrices, or a scaling where one is a number.
  @inlinable
  package static func star(_ a: Shape, _ b: Shape) -> OperationID {
    a.isScalar || b.isScalar ? .multiply : .product
  }
}
