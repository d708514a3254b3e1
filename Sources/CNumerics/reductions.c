#include "nn_reductions.h"
#include <math.h>
#include <string.h>
#include "clones.h"

#pragma STDC FP_CONTRACT OFF

// Sixteen partial results side by side: as many as keep the adders of a wide machine busy. A narrow machine splits
// the vector and does the same operations in the same order.
enum { LANES = 16, LEAF = 1024, ROW_LEAF = 32, STRIP = 256 };

// A fold is three things: its neutral element, what an element becomes, and how two results join.
#define IDENTITY(x) (x)
#define SQUARE(x) ((x) * (x))
#define NONZERO(x) ((x) != 0 ? 1.0 : 0.0)
#define PLUS(p, q) ((p) + (q))
#define TIMES(p, q) ((p) * (q))
#define LARGER(p, q) ((((p) > (q)) | ((p) != (p))) ? (p) : (q))
#define SMALLER(p, q) ((((p) < (q)) | ((p) != (p))) ? (p) : (q))

// Rows are cut into leaves of 1024 elements, leaves joined pairwise by their place in the row; the recursion is as
// deep as the logarithm of their number. Columns are cut into strips, and their rows into leaves likewise.
#define FOLD(name, neutral, of, join)                                                                        \
  NN_CLONES static double name##_leaf(ptrdiff_t n, const double *x) {                                        \
    double partial[LANES];                                                                                   \
    for (int k = 0; k < LANES; k++) partial[k] = neutral;                                                    \
    ptrdiff_t i = 0;                                                                                         \
    for (; i + LANES <= n; i += LANES)                                                                       \
      for (int k = 0; k < LANES; k++) partial[k] = join(partial[k], of(x[i + k]));                           \
    for (int k = 0; i + k < n; k++) partial[k] = join(partial[k], of(x[i + k]));                             \
    for (int half = LANES / 2; half > 0; half /= 2)                                                          \
      for (int k = 0; k < half; k++) partial[k] = join(partial[k], partial[k + half]);                       \
    return partial[0];                                                                                       \
  }                                                                                                          \
                                                                                                             \
  static double name##_row(ptrdiff_t n, const double *x, const nn_flag *flag) {                              \
    if (n <= LEAF) return nn_flag_get(flag) ? neutral : name##_leaf(n, x);                                   \
    ptrdiff_t half = LEAF;                                                                                   \
    while (half * 2 < n) half *= 2;                                                                          \
    const double left = name##_row(half, x, flag);                                                           \
    const double right = name##_row(n - half, x + half, flag);                                               \
    return join(left, right);                                                                                \
  }                                                                                                          \
                                                                                                             \
  NN_CLONES static void name##_strip_leaf(ptrdiff_t rows, ptrdiff_t stride, ptrdiff_t width,                 \
                                          const double *x, double *y) {                                      \
    for (ptrdiff_t j = 0; j < width; j++) y[j] = neutral;                                                    \
    for (ptrdiff_t i = 0; i < rows; i++, x += stride) {                                                      \
      NN_INDEPENDENT                                                                                         \
      for (ptrdiff_t j = 0; j < width; j++) y[j] = join(y[j], of(x[j]));                                     \
    }                                                                                                        \
  }                                                                                                          \
                                                                                                             \
  NN_CLONES static void name##_strip(ptrdiff_t rows, ptrdiff_t stride, ptrdiff_t width, const double *x,     \
                                     double *y, const nn_flag *flag) {                                       \
    if (rows <= ROW_LEAF) {                                                                                  \
      if (!nn_flag_get(flag)) name##_strip_leaf(rows, stride, width, x, y);                                  \
      return;                                                                                                \
    }                                                                                                        \
    ptrdiff_t half = ROW_LEAF;                                                                               \
    while (half * 2 < rows) half *= 2;                                                                       \
    double other[STRIP];                                                                                     \
    name##_strip(half, stride, width, x, y, flag);                                                           \
    name##_strip(rows - half, stride, width, x + half * stride, other, flag);                                \
    if (nn_flag_get(flag)) return;                                                                           \
    NN_INDEPENDENT                                                                                           \
    for (ptrdiff_t j = 0; j < width; j++) y[j] = join(y[j], other[j]);                                       \
  }                                                                                                          \
                                                                                                             \
  static void name##_rows(ptrdiff_t rows, ptrdiff_t columns, const double *x, double *y,                     \
                          const nn_flag *flag) {                                                             \
    for (ptrdiff_t i = 0; i < rows; i++) y[i] = name##_row(columns, x + i * columns, flag);                  \
  }                                                                                                          \
                                                                                                             \
  static void name##_columns(ptrdiff_t rows, ptrdiff_t columns, const double *x, double *y,                  \
                             const nn_flag *flag) {                                                          \
    if (columns == 1) {                                                                                      \
      y[0] = name##_row(rows, x, flag);                                                                      \
      return;                                                                                                \
    }                                                                                                        \
    for (ptrdiff_t j = 0; j < columns; j += STRIP)                                                           \
      name##_strip(rows, columns, columns - j < STRIP ? columns - j : STRIP, x + j, y + j, flag);            \
  }

FOLD(sum, 0.0, IDENTITY, PLUS)
FOLD(squares, 0.0, SQUARE, PLUS)
FOLD(product, 1.0, IDENTITY, TIMES)
FOLD(maximum, -INFINITY, IDENTITY, LARGER)
FOLD(minimum, INFINITY, IDENTITY, SMALLER)
FOLD(any, 0.0, NONZERO, LARGER)
FOLD(all, 1.0, NONZERO, SMALLER)

typedef void (*fold_function)(ptrdiff_t, ptrdiff_t, const double *, double *, const nn_flag *);

void nn_fold_rows(nn_fold fold, ptrdiff_t rows, ptrdiff_t columns, const double *x, double *y,
                  const nn_flag *flag) {
  static const fold_function table[] = {sum_rows,     squares_rows, product_rows, maximum_rows,
                                        minimum_rows, any_rows,     all_rows};
  table[fold](rows, columns, x, y, flag);
}

void nn_fold_columns(nn_fold fold, ptrdiff_t rows, ptrdiff_t columns, const double *x, double *y,
                     const nn_flag *flag) {
  static const fold_function table[] = {sum_columns,     squares_columns, product_columns, maximum_columns,
                                        minimum_columns, any_columns,     all_columns};
  table[fold](rows, columns, x, y, flag);
}

NN_CLONES static double dot_leaf(ptrdiff_t n, const double *a, const double *b) {
  double partial[LANES] = {0};
  ptrdiff_t i = 0;
  for (; i + LANES <= n; i += LANES)
    for (int k = 0; k < LANES; k++) partial[k] += a[i + k] * b[i + k];
  for (int k = 0; i + k < n; k++) partial[k] += a[i + k] * b[i + k];
  for (int half = LANES / 2; half > 0; half /= 2)
    for (int k = 0; k < half; k++) partial[k] += partial[k + half];
  return partial[0];
}

double nn_dot(ptrdiff_t n, const double *a, const double *b, const nn_flag *flag) {
  if (n <= LEAF) return nn_flag_get(flag) ? 0 : dot_leaf(n, a, b);
  ptrdiff_t half = LEAF;
  while (half * 2 < n) half *= 2;
  return nn_dot(half, a, b, flag) + nn_dot(n - half, a + half, b + half, flag);
}
