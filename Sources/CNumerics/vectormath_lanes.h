// The formulas of vectormath.c for one width: V holds WIDTH doubles, MATH(f) is the library's routine.

// `count` elements, the other lanes 1, which no routine treats as special.
TARGET static inline V NAME(load)(const double *x, ptrdiff_t count) {
  V v = SPLAT(1.0);
  memcpy(&v, x, (size_t)count * sizeof(double));
  return v;
}

#if WIDTH == 1
#define EXP(x) exp(x)
#else
#define EXP(x) NAME(exp_formula)(x)

// exp(x) - 1 in two parts: x = k*ln(2) + r, |r| <= ln(2)/2, and exp(r) - 1 by its series. k comes with the magic
// number still added to it, so that it is found in the last bits.
TARGET static inline V NAME(exp_parts)(V x, V *shifted) {
  const V magic = SPLAT(0x1.8p52);                  // adding it rounds to a whole number
  const V high = SPLAT(6.93147180369123816490e-01); // ln(2), its upper half exact in products with k
  const V low = SPLAT(1.90821492927058770002e-10);
  *shifted = FMA(x, SPLAT(1.4426950408889634), magic);
  const V k = *shifted - magic;
  const V upper = FMA(-k, high, x);
  const V r = FMA(-k, low, upper);
  const V rest = FMA(-k, low, upper - r);
  const V square = r * r;
  // Sums of neighbours first: short chains keep the arithmetic units busy.
  const V a = FMA(r, SPLAT(1.0 / 6), SPLAT(1.0 / 2));
  const V b = FMA(r, SPLAT(1.0 / 120), SPLAT(1.0 / 24));
  const V c = FMA(r, SPLAT(1.0 / 5040), SPLAT(1.0 / 720));
  const V d = FMA(r, SPLAT(1.0 / 362880), SPLAT(1.0 / 40320));
  const V e = FMA(r, SPLAT(1.0 / 39916800), SPLAT(1.0 / 3628800));
  const V f = FMA(r, SPLAT(1.0 / 6227020800), SPLAT(1.0 / 479001600));
  const V series = FMA(square, FMA(square, FMA(square, FMA(square, FMA(square, f, e), d), c), b), a);
  return r + FMA(square, series, rest);
}

// 2^k, of a k with the magic number added.
TARGET static inline V NAME(power_of_two)(V shifted) { return (V)(((M)shifted + 1023) << 52); }

// libmvec's exp is up to 2.9 units off in the last place with AVX-512, so that exp(1) is not e. This one stays
// below 0.8; 2^k in two halves, so that subnormal and overflowing results round once.
TARGET static inline V NAME(exp_formula)(V given) {
  const V magic = SPLAT(0x1.8p52);
  V shifted;
  const V part = NAME(exp_parts)(MAX(MIN(given, SPLAT(720.0)), SPLAT(-760.0)), &shifted);
  const V k = shifted - magic, half = FMA(k, SPLAT(0.5), magic), other = (k - (half - magic)) + magic;
  const V scaled = (1 + part) * NAME(power_of_two)(half) * NAME(power_of_two)(other);
  return SELECT(given == given, scaled, given);
}

// (1 - exp(-2|x|)) / (1 + exp(-2|x|)) with exp(…) = 2^k + 2^k*part, so that nothing is lost near 0, where k is 0 and the
// numerator is -part. libmvec's takes half as long again.
TARGET static inline V NAME(tanh_formula)(V given) {
  V shifted;
  const V part = NAME(exp_parts)(MAX(ABS(given) * -2.0, SPLAT(-44.0)), &shifted);
  const V scale = NAME(power_of_two)(shifted), rest = scale * part;
  const V y = ((1 - scale) - rest) / ((1 + scale) + rest);
  return SELECT(given == given, (V)((M)y | ((M)given ^ (M)ABS(given))), given);
}
#endif

#if WIDTH == 1
#define TANH(x) tanh(x)
#else
#define TANH(x) NAME(tanh_formula)(x)
#endif

#define LANES(name, formula)                                                                                 \
  TARGET static void NAME(name)(ptrdiff_t n, const double *from, double *to) {                               \
    ptrdiff_t i = 0;                                                                                         \
    for (; i + WIDTH <= n; i += WIDTH) {                                                                     \
      V x;                                                                                                   \
      memcpy(&x, from + i, sizeof x);                                                                        \
      const V y = formula;                                                                                   \
      memcpy(to + i, &y, sizeof y);                                                                          \
    }                                                                                                        \
    if (i < n) {                                                                                             \
      const V x = NAME(load)(from + i, n - i);                                                               \
      const V y = formula;                                                                                   \
      memcpy(to + i, &y, (size_t)(n - i) * sizeof(double));                                                  \
    }                                                                                                        \
  }

// 1/(1+exp(-x)) for x >= 0 and exp(x)/(1+exp(x)) below, so that exp never overflows.
TARGET static inline V NAME(sigmoid_formula)(V x) {
  const V z = EXP(-ABS(x));
  return SELECT(x >= 0, SPLAT(1.0), z) / (1 + z);
}

// log(1+exp(x)) as max(x,0) + log1p(exp(-|x|)); a nan stays one.
TARGET static inline V NAME(softplus_formula)(V x) {
  return SELECT(x < 0, SPLAT(0.0), x) + MATH(log1p)(EXP(-ABS(x)));
}

// x·Φ(x) by erfc, which keeps its digits far to the left; -inf would give inf·0.
TARGET static inline V NAME(gelu_formula)(V x) {
  const V y = 0.5 * x * MATH(erfc)(x * -0.70710678118654752440);
  return SELECT(x == -INFINITY, SPLAT(-0.0), y);
}

TARGET static inline V NAME(elu_formula)(V x, V alpha) {
  const V below = alpha * MATH(expm1)(SELECT(x > 0, SPLAT(0.0), x));
  return SELECT(x > 0, x, below);
}

LANES(exp, EXP(x))
LANES(log, MATH(log)(x))
LANES(tanh, TANH(x))
LANES(erf, MATH(erf)(x))
LANES(sigmoid, NAME(sigmoid_formula)(x))
LANES(softplus, NAME(softplus_formula)(x))
LANES(gelu, NAME(gelu_formula)(x))

TARGET static void NAME(elu)(ptrdiff_t n, const double *a, ptrdiff_t a_step, const double *b, ptrdiff_t b_step,
                             double *to) {
  for (ptrdiff_t i = 0; i < n; i += WIDTH) {
    const ptrdiff_t count = n - i < WIDTH ? n - i : WIDTH;
    const V x = a_step ? NAME(load)(a + i, count) : SPLAT(a[0]);
    const V alpha = b_step ? NAME(load)(b + i, count) : SPLAT(b[0]);
    const V y = NAME(elu_formula)(x, alpha);
    memcpy(to + i, &y, (size_t)count * sizeof(double));
  }
}

#undef LANES
#undef EXP
#undef TANH
