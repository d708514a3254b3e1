// Two arithmetic steps of a chain in one pass: what lies between stays in a register. A chain of such steps is bound by
// the loads and stores of the nearest cache, and this is a third less of them.
#include "fused.h"
#include "clones.h"

#pragma STDC FP_CONTRACT OFF

typedef double lanes __attribute__((vector_size(64)));
typedef double loose_lanes __attribute__((vector_size(64), aligned(8)));

#define AT(x) (*(const loose_lanes *)(x + i * x##_step))

// FIRST and SECOND are expressions in p and q, in vectors and in numbers alike.
#define FUSED(name, FIRST, SECOND)                                                                           \
  NN_CLONES static void name(ptrdiff_t n, const double *a, ptrdiff_t a_step, const double *b, ptrdiff_t b_step, \
                             const double *c, ptrdiff_t c_step, double *y, bool around) {                    \
    ptrdiff_t i = 0;                                                                                         \
    for (; i + FUSED_LANES <= n; i += FUSED_LANES) {                                                                     \
      const lanes first = FIRST(AT(a), AT(b)), result = SECOND(first, AT(c));                                \
      if (around) __builtin_nontemporal_store(result, (lanes *)(y + i));                                     \
      else *(loose_lanes *)(y + i) = result;                                                                 \
    }                                                                                                        \
    for (; i < n; i++) {                                                                                     \
      const double first = FIRST(a[i * a_step], b[i * b_step]);                                              \
      y[i] = SECOND(first, c[i * c_step]);                                                                   \
    }                                                                                                        \
  }

#define ADD(p, q) ((p) + (q))
#define SUBTRACT(p, q) ((p) - (q))
#define MULTIPLY(p, q) ((p) * (q))
#define DIVIDE(p, q) ((p) / (q))
#define SUBTRACT_FROM(p, q) ((q) - (p))
#define DIVIDE_INTO(p, q) ((q) / (p))
#define NOTHING(p, q) (p)

#define AFTER(first, FIRST)                        \
  FUSED(first, FIRST, NOTHING)                     \
  FUSED(first##_add, FIRST, ADD)                   \
  FUSED(first##_subtract, FIRST, SUBTRACT)         \
  FUSED(first##_multiply, FIRST, MULTIPLY)         \
  FUSED(first##_divide, FIRST, DIVIDE)             \
  FUSED(first##_subtract_from, FIRST, SUBTRACT_FROM) \
  FUSED(first##_divide_into, FIRST, DIVIDE_INTO)

AFTER(add, ADD)
AFTER(subtract, SUBTRACT)
AFTER(multiply, MULTIPLY)
AFTER(divide, DIVIDE)

// ---- the pick -------------------------------------------------------------------
// Rows by the first step; columns: alone, then with the result of the first as left operand, then as right one.
#define ROW(first)                                                                                  \
  {first,          first##_add,      first##_subtract,      first##_multiply, first##_divide,       \
   first##_add,    first##_subtract_from, first##_multiply, first##_divide_into}

static const fused_function table[4][9] = {ROW(add), ROW(subtract), ROW(multiply), ROW(divide)};

static int arithmetic(nn_binary_function function) {
  return function == nn_add ? 0 : function == nn_subtract ? 1 : function == nn_multiply ? 2 : function == nn_divide ? 3 : -1;
}

fused_function fused_pair(nn_binary_function first, nn_binary_function second, bool result_is_left) {
  const int row = arithmetic(first), column = arithmetic(second);
  return row < 0 || column < 0 ? NULL : table[row][1 + (result_is_left ? 0 : 4) + column];
}

fused_function fused_single(nn_binary_function function) {
  const int row = arithmetic(function);
  return row < 0 ? NULL : table[row][0];
}
