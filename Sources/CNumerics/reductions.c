#include "nn_reductions.h"
#include <math.h>
#include <string.h>
#include "clones.h"

#pragma STDC FP_CONTRACT OFF

// Sixteen partial results side by side: as many as keep the adders of a wide machine busy. A narrow machine splits
// the vector and does the same operations in the same order.
enum { LANES = 16, LEAF = 1024, ROW_LEAF = 32, STRIP = 256 };

// A fold is three things: its neutral element (which stays itself), what an element becomes, and how two join.
#define IDENTITY(x) (x)
#define SQUARE(x) ((x) * (x))
#define NONZERO(x) ((x) != 0 ? 1.0 : 0.0)
#define PLUS(p, q) ((p) + (q))
#define TIMES(p, q) ((p) * (q))
#define LARGER(p, q) ((p) > (q) ? (p) : (q))
#define SMALLER(p, q) ((p) < (q) ? (p) : (q))
// The same for numbers that may be nan, which wins.
#define LARGEST(p, q) ((p) != (p) ? (p) : (q) != (q) ? (q) : LARGER(p, q))
#define SMALLEST(p, q) ((p) != (p) ? (p) : (q) != (q) ? (q) : SMALLER(p, q))

#define HALVE(lanes, join)                                                                                   \
  for (int half = LANES / 2; half > 0; half /= 2)                                                            \
    for (int k = 0; k < half; k++) lanes[k] = join(lanes[k], lanes[k + half]);

#define LEAF_OF(name, neutral, of, join)                                                                     \
  NN_CLONES static double name##_leaf(ptrdiff_t n, const double *x) {                                        \
    if (n < LANES) {                                                                                         \
      double few = neutral;                                                                                  \
      for (ptrdiff_t i = 0; i < n; i++) few = join(few, of(x[i]));                                           \
      return few;                                                                                            \
    }                                                                                                        \
    double partial[LANES];                                                                                   \
    for (int k = 0; k < LANES; k++) partial[k] = neutral;                                                    \
    ptrdiff_t i = 0;                                                                                         \
    for (; i + LANES <= n; i += LANES)                                                                       \
      for (int k = 0; k < LANES; k++) partial[k] = join(partial[k], of(x[i + k]));                           \
    if (i < n) {                                                                                             \
      double rest[LANES];                                                                                    \
      for (int k = 0; k < LANES; k++) rest[k] = neutral;                                                     \
      memcpy(rest, x + i, (size_t)(n - i) * sizeof(double));                                                 \
      for (int k = 0; k < LANES; k++) partial[k] = join(partial[k], of(rest[k]));                            \
    }                                                                                                        \
    HALVE(partial, join)                                                                                     \
    return partial[0];                                                                                       \
  }

// Extremes look for nan beside the comparisons, which then depend on nothing but each other.
#define EXTREME_LEAF_OF(name, neutral, better, best)                                                         \
  NN_CLONES static double name##_leaf(ptrdiff_t n, const double *x) {                                        \
    if (n < LANES) {                                                                                         \
      double few = neutral;                                                                                  \
      for (ptrdiff_t i = 0; i < n; i++) few = best(few, x[i]);                                               \
      return few;                                                                                            \
    }                                                                                                        \
    double partial[LANES], strange[LANES] = {0};                                                             \
    for (int k = 0; k < LANES; k++) partial[k] = neutral;                                                    \
    ptrdiff_t i = 0;                                                                                         \
    for (; i + LANES <= n; i += LANES)                                                                       \
      for (int k = 0; k < LANES; k++) {                                                                      \
        partial[k] = better(x[i + k], partial[k]);                                                           \
        strange[k] += x[i + k] != x[i + k] ? 1.0 : 0.0;                                                      \
      }                                                                                                      \
    HALVE(partial, better)                                                                                   \
    HALVE(strange, PLUS)                                                                                     \
    for (; i < n; i++) {                                                                                     \
      partial[0] = better(x[i], partial[0]);                                                                 \
      strange[0] += x[i] != x[i] ? 1.0 : 0.0;                                                                \
    }                                                                                                        \
    return strange[0] > 0 ? NAN : partial[0];                                                                \
  }

// Rows are cut into leaves of 1024 elements, leaves joined pairwise by their place in the row; the recursion is as
// deep as the logarithm of their number. Columns are cut into strips, and their rows into leaves likewise.
#define TREES(name, neutral, of, join)                                                                       \
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
  static void name##_strip(ptrdiff_t rows, ptrdiff_t stride, ptrdiff_t width, const double *x, double *y,    \
                           const nn_flag *flag) {                                                            \
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

#define FOLD(name, neutral, of, join)                                                                        \
  LEAF_OF(name, neutral, of, join)                                                                           \
  TREES(name, neutral, of, join)

FOLD(sum, 0.0, IDENTITY, PLUS)
FOLD(squares, 0.0, SQUARE, PLUS)
FOLD(product, 1.0, IDENTITY, TIMES)
FOLD(any, 0.0, NONZERO, LARGER)
FOLD(all, 1.0, NONZERO, SMALLER)
EXTREME_LEAF_OF(maximum, -INFINITY, LARGER, LARGEST)
TREES(maximum, -INFINITY, IDENTITY, LARGEST)
EXTREME_LEAF_OF(minimum, INFINITY, SMALLER, SMALLEST)
TREES(minimum, INFINITY, IDENTITY, SMALLEST)

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

// ---- sums of products ---------------------------------------------------------------

static inline __attribute__((always_inline)) double dot_leaf(ptrdiff_t n, const double *a, const double *b) {
  if (n < LANES) {
    double few = 0;
    for (ptrdiff_t i = 0; i < n; i++) few += a[i] * b[i];
    return few;
  }
  double partial[LANES] = {0};
  ptrdiff_t i = 0;
  for (; i + LANES <= n; i += LANES)
    for (int k = 0; k < LANES; k++) partial[k] += a[i + k] * b[i + k];
  if (i < n) {
    double left[LANES] = {0}, right[LANES] = {0};
    memcpy(left, a + i, (size_t)(n - i) * sizeof(double));
    memcpy(right, b + i, (size_t)(n - i) * sizeof(double));
    for (int k = 0; k < LANES; k++) partial[k] += left[k] * right[k];
  }
  HALVE(partial, PLUS)
  return partial[0];
}

// y[i] = row i of a (m×k, rows `stride` apart) times x; k at most LEAF.
NN_CLONES static void dot_leaves(ptrdiff_t m, ptrdiff_t k, const double *a, ptrdiff_t stride, const double *x,
                                 double *y) {
  for (ptrdiff_t i = 0; i < m; i++) y[i] = dot_leaf(k, a + i * stride, x);
}

static double dot(ptrdiff_t n, const double *a, const double *b, const nn_flag *flag) {
  if (n <= LEAF) {
    double y = 0;
    if (!nn_flag_get(flag)) dot_leaves(1, n, a, n, b, &y);
    return y;
  }
  ptrdiff_t half = LEAF;
  while (half * 2 < n) half *= 2;
  return dot(half, a, b, flag) + dot(n - half, a + half, b + half, flag);
}

void nn_dot_rows(ptrdiff_t rows, ptrdiff_t columns, const double *a, const double *x, double *y,
                 const nn_flag *flag) {
  if (columns > LEAF) {
    for (ptrdiff_t i = 0; i < rows; i++) y[i] = dot(columns, a + i * columns, x, flag);
    return;
  }
  for (ptrdiff_t i = 0; i < rows && !nn_flag_get(flag); i += LEAF)
    dot_leaves(rows - i < LEAF ? rows - i : LEAF, columns, a + i * columns, columns, x, y + i);
}

NN_CLONES static void weighted_leaf(ptrdiff_t rows, ptrdiff_t stride, ptrdiff_t width, const double *w,
                                    const double *x, double *y) {
  for (ptrdiff_t j = 0; j < width; j++) y[j] = w[0] * x[j];
  for (ptrdiff_t i = 1; i < rows; i++) {
    const double weight = w[i];
    const double *row = x + i * stride;
    NN_INDEPENDENT
    for (ptrdiff_t j = 0; j < width; j++) y[j] += weight * row[j];
  }
}

NN_CLONES static void weighted_strip(ptrdiff_t rows, ptrdiff_t stride, ptrdiff_t width, const double *w,
                                     const double *x, double *y, const nn_flag *flag) {
  if (rows <= ROW_LEAF) {
    if (!nn_flag_get(flag)) weighted_leaf(rows, stride, width, w, x, y);
    return;
  }
  ptrdiff_t half = ROW_LEAF;
  while (half * 2 < rows) half *= 2;
  double other[STRIP];
  weighted_strip(half, stride, width, w, x, y, flag);
  weighted_strip(rows - half, stride, width, w + half, x + half * stride, other, flag);
  if (nn_flag_get(flag)) return;
  NN_INDEPENDENT
  for (ptrdiff_t j = 0; j < width; j++) y[j] += other[j];
}

void nn_weighted_columns(ptrdiff_t rows, ptrdiff_t columns, const double *w, const double *x, double *y,
                         const nn_flag *flag) {
  for (ptrdiff_t j = 0; j < columns; j += STRIP)
    weighted_strip(rows, columns, columns - j < STRIP ? columns - j : STRIP, w, x + j, y + j, flag);
}
