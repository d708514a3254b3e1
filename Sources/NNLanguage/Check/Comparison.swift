import NNCore

/// What a hand-written gradient may be of the true one.
enum GradientScale: Hashable {
  case one
  /// The number of examples.
  case count

  /// The factor in a probe; nil where it is no other than 1.
  func factor(in probe: CheckProbe) -> Scalar? {
    switch self {
    case .one: 1
    case .count: probe.count > 1 ? probe.count : nil
    }
  }
}

/// A factor between what a line gives and what it should, that has a name.
enum KnownFactor: CaseIterable {
  case minus, count, inverseCount, two, half, minusCount, minusInverseCount

  func value(in probe: CheckProbe) -> Scalar? {
    let count = probe.count
    switch self {
    case .minus: return -1
    case .two: return 2
    case .half: return 0.5
    case .count, .inverseCount, .minusCount, .minusInverseCount:
      guard count > 1 else { return nil }
      switch self {
      case .count: return count
      case .inverseCount: return 1 / count
      case .minusCount: return -count
      default: return -1 / count
      }
    }
  }
}

extension Matrix {
  /// Whether all elements are those of another matrix times a factor, but for rounding.
  func isClose(to other: Matrix, times factor: Scalar, tolerance: Scalar = 1e-8) -> Bool {
    guard shape == other.shape else { return false }
    var largest: Scalar = 0
    var difference: Scalar = 0
    for (a, b) in zip(buffer, other.buffer) {
      let (distance, size) = ((a - factor * b).magnitude, (factor * b).magnitude)
      guard distance.isFinite else { return false }
      largest = Swift.max(largest, size)
      difference = Swift.max(difference, distance)
    }
    return difference <= tolerance * largest + 1e-300
  }

  var isAllZero: Bool { buffer.allSatisfy { $0 == 0 } }

  /// The one number that all elements are of those of another matrix; nil where there is none.
  func ratio(to other: Matrix) -> Scalar? {
    guard shape == other.shape, !isAllZero else { return nil }
    var best = 0
    for place in 0..<other.shape.count where other.buffer[place].magnitude > other.buffer[best].magnitude {
      best = place
    }
    guard other.shape.count > 0, other.buffer[best] != 0 else { return nil }
    let ratio = buffer[best] / other.buffer[best]
    return isClose(to: other, times: ratio) ? ratio : nil
  }

  /// The cosine of the angle between two matrices taken as vectors.
  func cosine(to other: Matrix) -> Scalar? {
    guard shape == other.shape else { return nil }
    var (product, a, b) = (0.0, 0.0, 0.0)
    for (x, y) in zip(buffer, other.buffer) {
      product += x * y
      a += x * x
      b += y * y
    }
    return a > 0 && b > 0 ? product / (a * b).squareRoot() : nil
  }
}
