// Elementwise kernels. Every one gives an element the same bits whatever its position, the length, the steps and
// the width of the machine's vectors, so that a fused plan and a single line agree.
//
// y may be an operand itself. A step is 1, or 0 for an operand that is one number.
#ifndef NN_ELEMENTWISE_H
#define NN_ELEMENTWISE_H
#include <math.h>
#include <stddef.h>
#include "nn_flag.h"

#define NN_UNARY(name) void nn_##name(ptrdiff_t n, const double *_Nonnull x, double *_Nonnull y)
#define NN_BINARY(name)                                                                                     \
  void nn_##name(ptrdiff_t n, const double *_Nonnull a, ptrdiff_t a_step, const double *_Nonnull b,        \
                 ptrdiff_t b_step, double *_Nonnull y)
#define NN_TERNARY(name)                                                                                    \
  void nn_##name(ptrdiff_t n, const double *_Nonnull a, ptrdiff_t a_step, const double *_Nonnull b,        \
                 ptrdiff_t b_step, const double *_Nonnull c, ptrdiff_t c_step, double *_Nonnull y)

// Plain arithmetic and comparisons (elementwise.c).
NN_BINARY(add);
NN_BINARY(subtract);
NN_BINARY(multiply);
NN_BINARY(divide);
NN_BINARY(maximum);
NN_BINARY(minimum);
NN_BINARY(equal);
NN_BINARY(not_equal);
NN_BINARY(less);
NN_BINARY(less_equal);
NN_BINARY(greater);
NN_BINARY(greater_equal);
NN_BINARY(and);
NN_BINARY(or);
NN_BINARY(leaky_relu);
NN_TERNARY(choose);
NN_TERNARY(clip);
NN_UNARY(negate);
NN_UNARY(not);
NN_UNARY(abs);
NN_UNARY(sign);
NN_UNARY(sqrt);
NN_UNARY(floor);
NN_UNARY(ceil);
NN_UNARY(round);
NN_UNARY(isnan);
NN_UNARY(isinf);
NN_UNARY(isfinite);
NN_UNARY(relu);

// values -= rate * gradient, as two operations each.
void nn_descend(ptrdiff_t n, double rate, const double *_Nonnull gradient, double *_Nonnull values);

// By the scalar mathematics library, for exact powers and decades (elementwise.c).
NN_BINARY(power);
NN_BINARY(modulo);
NN_BINARY(atan2);
NN_UNARY(log2);
NN_UNARY(log10);
NN_UNARY(sin);
NN_UNARY(cos);
NN_UNARY(tan);
NN_UNARY(asin);
NN_UNARY(acos);
NN_UNARY(atan);
NN_UNARY(sinh);
NN_UNARY(cosh);

// By vector mathematics (vectormath.c).
NN_UNARY(exp);
NN_UNARY(log);
NN_UNARY(tanh);
NN_UNARY(erf);
NN_UNARY(sigmoid);
NN_UNARY(softplus);
NN_UNARY(gelu);
NN_BINARY(elu);

// ---- many elements --------------------------------------------------------------
// The same over operands so long that several threads share the work. Once the flag is up they return early.

typedef void (*nn_unary_function)(ptrdiff_t n, const double *_Nonnull x, double *_Nonnull y);
typedef void (*nn_binary_function)(ptrdiff_t n, const double *_Nonnull a, ptrdiff_t a_step,
                                   const double *_Nonnull b, ptrdiff_t b_step, double *_Nonnull y);

void nn_spread_unary(nn_unary_function _Nonnull function, ptrdiff_t n, const double *_Nonnull x,
                     double *_Nonnull y, const nn_flag *_Nonnull flag);
void nn_spread_binary(nn_binary_function _Nonnull function, ptrdiff_t n, const double *_Nonnull a,
                      ptrdiff_t a_step, const double *_Nonnull b, ptrdiff_t b_step, double *_Nonnull y,
                      const nn_flag *_Nonnull flag);

// ---- one number -------------------------------------------------------------
// The same formulas for a number that is in no array.

// The remainder with the divisor's sign; nan for a divisor of zero.
static inline double nn_modulo_number(double a, double b) {
  // Whole numbers of 31 bits, as counters are, in one short division.
  if (a >= 0 && a < 0x1p31 && b > 0 && b < 0x1p31) {
    const int x = (int)a, y = (int)b;
    if (x == a && y == b) return x % y;
  }
  const double limit = 9007199254740992.0; // 2^53: below it whole numbers are exact, and fmod is slow
  double r;
  if (fabs(a) < limit && fabs(b) < limit && a == (double)(long long)a && b == (double)(long long)b && b != 0)
    r = (double)((long long)a % (long long)b);
  else
    r = fmod(a, b);
  if (r == 0) return copysign(0.0, b);
  return (r < 0) != (b < 0) ? r + b : r;
}

// A square is one multiplication, so that x.^2 and x.*x agree.
static inline double nn_power_number(double a, double b) { return b == 2 ? a * a : pow(a, b); }

#endif
