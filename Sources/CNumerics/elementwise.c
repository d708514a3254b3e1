#include "nn_elementwise.h"
#include "clones.h"

#pragma STDC FP_CONTRACT OFF

#define UNARY(name, expression)                                                                              \
  NN_CLONES NN_UNARY(name) {                                                                                 \
    NN_INDEPENDENT                                                                                           \
    for (ptrdiff_t i = 0; i < n; i++) {                                                                      \
      const double p = x[i];                                                                                 \
      y[i] = (expression);                                                                                   \
    }                                                                                                        \
  }

#define LOOP(p_value, q_value, expression)                                                                   \
  NN_INDEPENDENT                                                                                             \
  for (ptrdiff_t i = 0; i < n; i++) {                                                                        \
    const double p = (p_value), q = (q_value);                                                               \
    y[i] = (expression);                                                                                     \
  }

#define BINARY(name, expression)                                                                             \
  NN_CLONES NN_BINARY(name) {                                                                                \
    if (n <= 0) return;                                                                                      \
    const double a0 = a[0], b0 = b[0];                                                                       \
    if (a_step && b_step) {                                                                                  \
      LOOP(a[i], b[i], expression)                                                                           \
    } else if (a_step) {                                                                                     \
      LOOP(a[i], b0, expression)                                                                             \
    } else if (b_step) {                                                                                     \
      LOOP(a0, b[i], expression)                                                                             \
    } else {                                                                                                 \
      LOOP(a0, b0, expression)                                                                               \
    }                                                                                                        \
  }

#define TERNARY(name, expression)                                                                            \
  NN_CLONES NN_TERNARY(name) {                                                                               \
    NN_INDEPENDENT                                                                                           \
    for (ptrdiff_t i = 0; i < n; i++) {                                                                      \
      const double p = a[i * a_step], q = b[i * b_step], r = c[i * c_step];                                  \
      y[i] = (expression);                                                                                   \
    }                                                                                                        \
  }

BINARY(add, p + q)
BINARY(subtract, p - q)
BINARY(multiply, p * q)
BINARY(divide, p / q)
// A nan in either operand gives nan.
BINARY(maximum, ((p > q) | (p != p)) ? p : q)
BINARY(minimum, ((p < q) | (p != p)) ? p : q)
BINARY(equal, p == q ? 1.0 : 0.0)
BINARY(not_equal, p != q ? 1.0 : 0.0)
BINARY(less, p < q ? 1.0 : 0.0)
BINARY(less_equal, p <= q ? 1.0 : 0.0)
BINARY(greater, p > q ? 1.0 : 0.0)
BINARY(greater_equal, p >= q ? 1.0 : 0.0)
BINARY(and, ((p != 0) & (q != 0)) ? 1.0 : 0.0)
BINARY(or, ((p != 0) | (q != 0)) ? 1.0 : 0.0)
BINARY(leaky_relu, p > 0 ? p : q * p)

TERNARY(choose, p != 0 ? q : r)
TERNARY(clip, p < q ? q : (p > r ? r : p))

UNARY(negate, -p)
UNARY(not, p == 0 ? 1.0 : 0.0)
UNARY(abs, __builtin_elementwise_abs(p))
UNARY(sign, p != p ? p : (p > 0 ? 1.0 : 0.0) - (p < 0 ? 1.0 : 0.0))
UNARY(sqrt, __builtin_elementwise_sqrt(p))
UNARY(floor, __builtin_elementwise_floor(p))
UNARY(ceil, __builtin_elementwise_ceil(p))
UNARY(isnan, p != p ? 1.0 : 0.0)
UNARY(isinf, __builtin_elementwise_abs(p) == __builtin_inf() ? 1.0 : 0.0)
UNARY(isfinite, p - p == 0 ? 1.0 : 0.0)
UNARY(relu, ((p > 0) | (p != p)) ? p : 0.0)

// Half away from zero. x - trunc(x) is exact, where adding 0.5 is not.
NN_CLONES NN_UNARY(round) {
  NN_INDEPENDENT
  for (ptrdiff_t i = 0; i < n; i++) {
    const double whole = __builtin_elementwise_trunc(x[i]);
    const double half = __builtin_elementwise_abs(x[i] - whole) >= 0.5 ? 1.0 : 0.0;
    y[i] = whole + copysign(half, x[i]);
  }
}

// ---- scalar mathematics library ---------------------------------------------

#define SCALAR_UNARY(name)                                                                                   \
  NN_UNARY(name) {                                                                                           \
    for (ptrdiff_t i = 0; i < n; i++) y[i] = name(x[i]);                                                     \
  }

SCALAR_UNARY(log2)
SCALAR_UNARY(log10)
SCALAR_UNARY(sin)
SCALAR_UNARY(cos)
SCALAR_UNARY(tan)
SCALAR_UNARY(asin)
SCALAR_UNARY(acos)
SCALAR_UNARY(atan)
SCALAR_UNARY(sinh)
SCALAR_UNARY(cosh)

#define SCALAR_BINARY(name, function)                                                                        \
  NN_BINARY(name) {                                                                                          \
    for (ptrdiff_t i = 0; i < n; i++) y[i] = function(a[i * a_step], b[i * b_step]);                         \
  }

SCALAR_BINARY(modulo, nn_modulo_number)
SCALAR_BINARY(atan2, atan2)

NN_BINARY(power) {
  if (n > 0 && b_step == 0 && b[0] == 2) {
    nn_multiply(n, a, a_step, a, a_step, y);
  } else {
    for (ptrdiff_t i = 0; i < n; i++) y[i] = nn_power_number(a[i * a_step], b[i * b_step]);
  }
}

NN_CLONES void nn_descend(ptrdiff_t n, double rate, const double *gradient, double *values) {
  NN_INDEPENDENT
  for (ptrdiff_t i = 0; i < n; i++) values[i] -= rate * gradient[i];
}
