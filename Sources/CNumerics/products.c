#include "nn_products.h"
#include <limits.h>
#include <string.h>
#include "clones.h"
#include "nn_reductions.h"
#include "openblas.h"
#include "parallel.h"
#include "tiles.h"

// A product and a sum may be fused here: products are computed nowhere else.
#pragma STDC FP_CONTRACT ON

// ---- small: cheaper than calling BLAS -------------------------------------------
// Every element is a running sum over k, started at its first product, in whatever tile it is computed: tiles of
// four rows keep the adders busy, and the bits do not depend on the tile.

#define TILE(height, width)                                                                                  \
  static inline __attribute__((always_inline)) void tile_##height##_##width(                                 \
      ptrdiff_t k, const double *a, ptrdiff_t a_row, ptrdiff_t a_step, const double *b, ptrdiff_t b_step,    \
      double *y, ptrdiff_t y_row) {                                                                          \
    double sum[height][width];                                                                               \
    for (int i = 0; i < height; i++)                                                                         \
      for (int j = 0; j < width; j++) sum[i][j] = a[i * a_row] * b[j];                                       \
    for (ptrdiff_t p = 1; p < k; p++)                                                                        \
      for (int i = 0; i < height; i++)                                                                       \
        for (int j = 0; j < width; j++) sum[i][j] += a[i * a_row + p * a_step] * b[p * b_step + j];          \
    for (int i = 0; i < height; i++)                                                                         \
      for (int j = 0; j < width; j++) y[i * y_row + j] = sum[i][j];                                          \
  }

#define TILES(height)                                                                                        \
  TILE(height, 1)                                                                                            \
  TILE(height, 2)                                                                                            \
  TILE(height, 4)                                                                                            \
  TILE(height, 8)                                                                                            \
  TILE(height, 16)                                                                                           \
  static inline __attribute__((always_inline)) void band_##height(                                           \
      ptrdiff_t n, ptrdiff_t k, const double *a, ptrdiff_t a_row, ptrdiff_t a_step, const double *b,         \
      ptrdiff_t b_step, double *y) {                                                                         \
    ptrdiff_t j = 0;                                                                                         \
    for (; j + 16 <= n; j += 16) tile_##height##_16(k, a, a_row, a_step, b + j, b_step, y + j, n);           \
    if (n & 8) tile_##height##_8(k, a, a_row, a_step, b + j, b_step, y + j, n), j += 8;                      \
    if (n & 4) tile_##height##_4(k, a, a_row, a_step, b + j, b_step, y + j, n), j += 4;                      \
    if (n & 2) tile_##height##_2(k, a, a_row, a_step, b + j, b_step, y + j, n), j += 2;                      \
    if (n & 1) tile_##height##_1(k, a, a_row, a_step, b + j, b_step, y + j, n);                              \
  }

TILES(4)
TILES(1)

// Element (i, p) of a is a[i*a_row + p*a_step]; the rows of b lie b_step apart.
NN_FUSED_CLONES static void small_rows(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const double *a, ptrdiff_t a_row,
                                       ptrdiff_t a_step, const double *b, ptrdiff_t b_step, double *y) {
  ptrdiff_t i = 0;
  for (; i + 4 <= m; i += 4) band_4(n, k, a + i * a_row, a_row, a_step, b, b_step, y + i * n);
  for (; i < m; i++) band_1(n, k, a + i * a_row, a_row, a_step, b, b_step, y + i * n);
}

enum { SMALL = 4096, SMALL_OPERAND = 1024 };

static void small_product(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const double *a, bool a_transposed,
                          const double *b, bool b_transposed, double *y) {
  const ptrdiff_t a_row = a_transposed ? 1 : k, a_step = a_transposed ? m : 1;
  if (!b_transposed || n == 1 || k == 1) {
    small_rows(m, n, k, a, a_row, a_step, b, b_transposed && k != 1 ? 1 : n, y);
    return;
  }
  double turned[SMALL_OPERAND];
  for (ptrdiff_t p = 0; p < k; p++)
    for (ptrdiff_t j = 0; j < n; j++) turned[p * n + j] = b[j * k + p];
  small_rows(m, n, k, a, a_row, a_step, turned, n, y);
}

// ---- large: BLAS in blocks ----------------------------------------------------------
// The result is cut into blocks by its shape alone. Each is computed by single-threaded BLAS, whoever calls it, so
// the bits do not depend on the number of threads; the flag is read between calls, every few tens of milliseconds.

static const double MOST_WORK = 6e8; // multiplications in one call

typedef struct {
  ptrdiff_t m, n, k, rows, columns, depth, across;
  const double *a, *b;
  bool a_transposed, b_transposed;
  double *y;
  const nn_flag *flag;
} product;

static ptrdiff_t least(ptrdiff_t a, ptrdiff_t b) { return a < b ? a : b; }

static void block(const void *work, ptrdiff_t index) {
  const product *w = work;
  const ptrdiff_t i = index / w->across * w->rows, j = index % w->across * w->columns;
  const ptrdiff_t rows = least(w->rows, w->m - i), columns = least(w->columns, w->n - j);
  for (ptrdiff_t p = 0; p < w->k; p += w->depth) {
    if (nn_flag_get(w->flag)) return;
    const double *a = w->a_transposed ? w->a + p * w->m + i : w->a + i * w->k + p;
    const double *b = w->b_transposed ? w->b + j * w->k + p : w->b + p * w->n + j;
    cblas_dgemm(ROW_MAJOR, w->a_transposed ? TRANSPOSED : AS_IS, w->b_transposed ? TRANSPOSED : AS_IS, (int)rows,
                (int)columns, (int)least(w->depth, w->k - p), 1, a, (int)(w->a_transposed ? w->m : w->k), b,
                (int)(w->b_transposed ? w->k : w->n), p == 0 ? 0 : 1, w->y + i * w->n + j, (int)w->n);
  }
}

// How many blocks are worth making: each packs its operands anew, which a small one would feel.
static int wanted_blocks(double work) {
  int blocks = work < 1e6 ? 1 : work < 2e9 ? 2 : 4;
  while (work / blocks > MOST_WORK && blocks < 1 << 20) blocks *= 2;
  return blocks;
}

// Half of a length, in sixteens as BLAS works.
static ptrdiff_t half(ptrdiff_t length) { return ((length + 1) / 2 + 15) / 16 * 16; }

static void large_product(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const double *a, bool a_transposed,
                          const double *b, bool b_transposed, double *y, const nn_flag *flag) {
  ptrdiff_t rows = m, columns = n;
  for (int left = wanted_blocks((double)m * (double)n * (double)k); left > 1; left /= 2) {
    // Blocks of whole rows cost least: BLAS copies the right operand once for each.
    ptrdiff_t *side = rows >= 128 ? &rows : &columns;
    if (*side <= 32) break;
    *side = half(*side);
  }
  const ptrdiff_t across = (n + columns - 1) / columns;
  const double depth = MOST_WORK / (double)rows / (double)columns;
  const product work = {m, n, k, rows, columns, depth < (double)k ? (ptrdiff_t)depth + 1 : k, across, a, b,
                        a_transposed, b_transposed, y, flag};
  parallel_run((m + rows - 1) / rows * across, block, &work);
}

// Sizes that BLAS's 32-bit integers cannot say, and systems without a BLAS, on old processors: correct, and slow.
static void plain_product(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const double *a, bool a_transposed,
                          const double *b, bool b_transposed, double *y, const nn_flag *flag) {
  for (ptrdiff_t i = 0; i < m; i++)
    for (ptrdiff_t j = 0; j < n; j++) {
      double sum = 0;
      for (ptrdiff_t p = 0; p < k; p++) {
        if (p % 65536 == 0 && nn_flag_get(flag)) return;
        sum += (a_transposed ? a[p * m + i] : a[i * k + p]) * (b_transposed ? b[j * k + p] : b[p * n + j]);
      }
      y[i * n + j] = sum;
    }
}

// ---- the choice, by the shapes alone -----------------------------------------------------
// Three matrices that fit the second cache are computed by tiles, if the result fills a vector.
enum { SECOND_CACHE = 1 << 18 };

static bool is_middle(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k) {
  return n >= tile_width() && m <= SECOND_CACHE && n <= SECOND_CACHE && k <= SECOND_CACHE &&
         m * k + k * n + m * n <= SECOND_CACHE;
}

void nn_product(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const double *a, bool a_transposed, const double *b,
                bool b_transposed, double *y, const nn_flag *flag) {
  if (m == 0 || n == 0) return;
  if (k == 0) {
    memset(y, 0, (size_t)m * (size_t)n * sizeof(double));
  } else if ((double)m * (double)n * (double)k <= SMALL && n * k <= SMALL_OPERAND) {
    small_product(m, n, k, a, a_transposed, b, b_transposed, y);
  } else if (n == 1 && (!a_transposed || m == 1)) {
    nn_dot_rows(m, k, a, b, y, flag); // a matrix times a column: one accurate sum for each row
  } else if (m == 1 && (b_transposed || n == 1)) {
    nn_dot_rows(n, k, b, a, y, flag);
  } else if (m == 1) {
    nn_weighted_columns(k, n, a, b, y, flag); // a row times a matrix: its rows, weighted and added up
  } else if (n == 1) {
    nn_weighted_columns(k, m, b, a, y, flag);
  } else if (is_middle(m, n, k) && has_tiles()) {
    tiled_product(m, n, k, a, a_transposed, b, b_transposed, y, flag);
  } else if (m <= INT_MAX && n <= INT_MAX && k <= INT_MAX && has_linear_library()) {
    large_product(m, n, k, a, a_transposed, b, b_transposed, y, flag);
  } else if (has_tiles()) {
    tiled_product(m, n, k, a, a_transposed, b, b_transposed, y, flag);
  } else {
    plain_product(m, n, k, a, a_transposed, b, b_transposed, y, flag);
  }
}
