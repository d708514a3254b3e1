/// The operations, as one byte each.
package enum OperationID: UInt8, CaseIterable, Sendable {
  // elementwise, two operands
  case add, subtract, multiply, divide, power, atan2, maximum, minimum, modulo
  case equal, notEqual, less, lessEqual, greater, greaterEqual, and, or
  case leakyRelu, elu
  // elementwise, three operands
  case choose, clip
  // elementwise, one operand
  case negate, not, abs, sign, sqrt, exp, log, log2, log10
  case sin, cos, tan, asin, acos, atan, sinh, cosh, tanh
  case floor, ceil, round, isnan, isinf, isfinite
  case sigmoid, relu, softplus, gelu, erf
  // products
  case product, transpose, solve, inverse, determinant, trace, matrixPower
  // reductions, by attribute `first`: 0 all, 1 down the rows (1×n), 2 along the columns (m×1)
  case sum, mean, prod, largest, smallest, norm, logSumExp, any, all, variance, deviation, median
  case argmax, argmin
  // shaping
  case reshape, stretch, index, scatter, joinColumns, joinRows, repeatMatrix, diagonal, cumulativeSum
  case cumulativeProduct, sort, sortedPlaces
  // columns as distributions
  case softmax
  // costs
  case meanSquaredError, binaryCrossEntropy, crossEntropy
}
