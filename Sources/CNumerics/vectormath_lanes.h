// The formulas of vectormath.c for one width: V holds WIDTH doubles, MATH(f) is the library's routine.

// `count` elements, the other lanes 1, which no routine treats as special.
TARGET static inline V NAME(load)(const double *x, ptrdiff_t count) {
  V v = SPLAT(1.0);
  memcpy(&v, x, (size_t)count * sizeof(double));
  return v;
}

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
  const V z = MATH(exp)(-ABS(x));
  return SELECT(x >= 0, SPLAT(1.0), z) / (1 + z);
}

// log(1+exp(x)) as max(x,0) + log1p(exp(-|x|)); a nan stays one.
TARGET static inline V NAME(softplus_formula)(V x) {
  return SELECT(x < 0, SPLAT(0.0), x) + MATH(log1p)(MATH(exp)(-ABS(x)));
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

LANES(exp, MATH(exp)(x))
LANES(log, MATH(log)(x))
LANES(tanh, MATH(tanh)(x))
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
