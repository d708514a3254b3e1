#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// NumPy's frozen legacy stream of random numbers (`numpy.random.RandomState`), bit for bit: MT19937, uniform
/// numbers from 53 bits, normal ones by the polar method with its second value kept, whole ones by masked rejection.
///
/// A value: a copy goes on from the same place, which is how a session is undone and a draw repeated.
/// Source: M. Matsumoto and T. Nishimura, "Mersenne Twister", ACM TOMACS 8 (1998); numpy/random/src/legacy.
public struct RandomStream: Sendable, Equatable {
  private var words: [UInt32]
  private var position: Int
  private var keptNormal: Scalar?

  private static let size = 624
  private static let shift = 397

  /// The stream that `numpy.random.seed(seed)` starts.
  public init(seed: UInt32) {
    words = [UInt32](unsafeUninitializedCapacity: Self.size) { buffer, count in
      var word = seed
      for k in 0..<Self.size {
        buffer[k] = word
        word = 1_812_433_253 &* (word ^ (word >> 30)) &+ UInt32(truncatingIfNeeded: k + 1)
      }
      count = Self.size
    }
    position = Self.size
  }

  /// The seed that a number written by a user names.
  ///
  /// - Throws: `CoreError.badArgument` unless it is a whole number in 0 … 2³² - 1.
  package static func seed(_ number: Scalar) throws(CoreError) -> UInt32 {
    guard let seed = UInt32(exactly: number) else {
      throw .badArgument(
        name: "seed", operand: 0, number, wanted: "a whole number from 0 to 4294967295")
    }
    return seed
  }

  // MARK: Draws

  /// The next 32 bits.
  public mutating func next32() -> UInt32 {
    if position == Self.size { refill() }
    var word = words[position]
    position += 1
    word ^= word >> 11
    word ^= (word << 7) & 0x9d2c_5680
    word ^= (word << 15) & 0xefc6_0000
    word ^= word >> 18
    return word
  }

  private mutating func refill() {
    words.withUnsafeMutableBufferPointer { w in
      for k in 0..<Self.size {
        let next = w[k + 1 < Self.size ? k + 1 : 0]
        let mixed = (w[k] & 0x8000_0000) | (next & 0x7fff_ffff)
        let far = w[k + Self.shift < Self.size ? k + Self.shift : k + Self.shift - Self.size]
        w[k] = far ^ (mixed >> 1) ^ (next & 1 == 0 ? 0 : 0x9908_b0df)
      }
    }
    position = 0
  }

  /// The next 64 bits, the upper half first.
  public mutating func next64() -> UInt64 {
    let upper = UInt64(next32())
    return upper << 32 | UInt64(next32())
  }

  /// A number in 0 ..< 1, from 53 bits.
  public mutating func uniform() -> Scalar {
    let (a, b) = (next32() >> 5, next32() >> 6)
    return (Scalar(a) * 67_108_864 + Scalar(b)) / 9_007_199_254_740_992
  }

  /// A number of the standard normal distribution.
  public mutating func normal() -> Scalar {
    if let kept = keptNormal {
      keptNormal = nil
      return kept
    }
    while true {
      let x1 = 2 * uniform() - 1
      let x2 = 2 * uniform() - 1
      let square = x1 * x1 + x2 * x2
      if square >= 1 || square == 0 { continue }
      let factor = (-2 * log(square) / square).squareRoot()
      keptNormal = factor * x1
      return factor * x2
    }
  }

  /// A whole number in 0 … `limit`: the fewest bits that hold `limit`, drawn until they do not exceed it.
  public mutating func whole(upTo limit: UInt64) -> UInt64 {
    if limit == 0 { return 0 }
    let mask = UInt64.max >> UInt64(limit.leadingZeroBitCount)
    if limit <= 0xffff_ffff {
      while true {
        let value = UInt64(next32()) & mask
        if value <= limit { return value }
      }
    }
    while true {
      let value = next64() & mask
      if value <= limit { return value }
    }
  }

  // MARK: Keeping

  /// Everything that decides what comes next, as numbers that a file can hold.
  public struct State: Sendable, Equatable {
    /// The 624 words of the generator.
    public var words: [UInt32]
    /// How many of them have been used.
    public var position: Int
    /// The second value of the polar method, if one is waiting.
    public var keptNormal: Scalar?

    /// A state as it was kept: the generator's 624 words, how many of them are used up, and the second number
    /// of a pair of normal ones.
    public init(words: [UInt32], position: Int, keptNormal: Scalar?) {
      self.words = words
      self.position = position
      self.keptNormal = keptNormal
    }
  }

  /// All that decides the numbers to come.
  public var state: State { State(words: words, position: position, keptNormal: keptNormal) }

  /// The stream that goes on from `state`; nil where no stream can have that state.
  public init?(_ state: State) {
    guard state.words.count == Self.size, (0...Self.size).contains(state.position),
      state.keptNormal?.isFinite ?? true
    else { return nil }
    words = state.words
    position = state.position
    keptNormal = state.keptNormal
  }
}
