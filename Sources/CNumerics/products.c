#include "nn_products.h"
#include <limits.h>
#include <string.h>
#include "blas.h"
#include "clones.h"
#include "nn_reductions.h"

#pragma STDC FP_CONTRACT OFF

// ---- small: cheaper than calling BLAS -------------------------------------------
// Every element is a running sum over k, started at its first product, whatever the piece it is computed in.

#define PIECE(width)                                                                                         \
  static inline __attribute__((always_inline)) void piece_##width(                                           \
      ptrdiff_t k, const double *a, ptrdiff_t a_step, const double *b, ptrdiff_t b_step, double *y) {        \
    double sum[width];                                                                                       \
    for (int j = 0; j < width; j++) sum[j] = a[0] * b[j];                                                    \
    for (ptrdiff_t p = 1; p < k; p++) {                                                                      \
      const double factor = a[p * a_step];                                                                   \
      const double *row = b + p * b_step;                                                                    \
      for (int j = 0; j < width; j++) sum[j] += factor * row[j];                                             \
    }                                                                                                        \
    for (int j = 0; j < width; j++) y[j] = sum[j];                                                           \
  }

PIECE(1)
PIECE(2)
PIECE(4)
PIECE(8)
PIECE(16)

// Element (i, p) of a is a[i*a_row + p*a_step]; the rows of b lie b_step apart.
NN_CLONES static void small_rows(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const double *a, ptrdiff_t a_row,
                                 ptrdiff_t a_step, const double *b, ptrdiff_t b_step, double *y) {
  for (ptrdiff_t i = 0; i < m; i++, a += a_row, y += n) {
    ptrdiff_t j = 0;
    for (; j + 16 <= n; j += 16) piece_16(k, a, a_step, b + j, b_step, y + j);
    if (n - j >= 8) piece_8(k, a, a_step, b + j, b_step, y + j), j += 8;
    if (n - j >= 4) piece_4(k, a, a_step, b + j, b_step, y + j), j += 4;
    if (n - j >= 2) piece_2(k, a, a_step, b + j, b_step, y + j), j += 2;
    if (n - j >= 1) piece_1(k, a, a_step, b + j, b_step, y + j);
  }
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
  for (ptrdiff_t j = 0; j < n; j++)
    for (ptrdiff_t p = 0; p < k; p++) turned[p * n + j] = b[j * k + p];
  small_rows(m, n, k, a, a_row, a_step, turned, n, y);
}

// ---- large: BLAS in blocks ----------------------------------------------------------
// Blocks are bounded in work, so that the flag is read every few tens of milliseconds.

enum { BLOCK_ROWS = 512, BLOCK_DEPTH = 16384 };
static const double BLOCK_WORK = 4e8; // multiplications between two looks at the flag

static ptrdiff_t least(ptrdiff_t a, ptrdiff_t b) { return a < b ? a : b; }

static void large_product(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const double *a, bool a_transposed,
                          const double *b, bool b_transposed, double *y, const nn_flag *flag) {
  ptrdiff_t rows = m, columns = n, depth = k;
  if ((double)m * (double)n * (double)k > BLOCK_WORK) {
    depth = least(k, BLOCK_DEPTH);
    columns = least(n, (ptrdiff_t)(BLOCK_WORK / (double)depth / (double)least(m, BLOCK_ROWS)) + 1);
    rows = least(m, (ptrdiff_t)(BLOCK_WORK / (double)depth / (double)columns) + 1);
  }
  for (ptrdiff_t i = 0; i < m; i += rows)
    for (ptrdiff_t j = 0; j < n; j += columns)
      for (ptrdiff_t p = 0; p < k; p += depth) {
        if (nn_flag_get(flag)) return;
        const double *a_block = a_transposed ? a + p * m + i : a + i * k + p;
        const double *b_block = b_transposed ? b + j * k + p : b + p * n + j;
        cblas_dgemm(ROW_MAJOR, a_transposed ? TRANSPOSED : AS_IS, b_transposed ? TRANSPOSED : AS_IS,
                    (int)least(rows, m - i), (int)least(columns, n - j), (int)least(depth, k - p), 1, a_block,
                    (int)(a_transposed ? m : k), b_block, (int)(b_transposed ? k : n), p == 0 ? 0 : 1,
                    y + i * n + j, (int)n);
      }
}

// Sizes that BLAS's 32-bit integers cannot say: correct, and slow; only very long operands come here.
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

// A matrix times a column: one accurate dot product per row, as fast as memory allows.
static void rows_times_column(ptrdiff_t m, ptrdiff_t k, const double *a, const double *x, double *y,
                              const nn_flag *flag) {
  for (ptrdiff_t i = 0; i < m; i++) y[i] = nn_dot(k, a + i * k, x, flag);
}

void nn_product(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const double *a, bool a_transposed, const double *b,
                bool b_transposed, double *y, const nn_flag *flag) {
  if (m == 0 || n == 0) return;
  if (k == 0) {
    memset(y, 0, (size_t)m * (size_t)n * sizeof(double));
  } else if ((double)m * (double)n * (double)k <= SMALL && n * k <= SMALL_OPERAND) {
    small_product(m, n, k, a, a_transposed, b, b_transposed, y);
  } else if (n == 1 && (!a_transposed || m == 1)) {
    rows_times_column(m, k, a, b, y, flag);
  } else if (m == 1 && (b_transposed || n == 1)) {
    rows_times_column(n, k, b, a, y, flag);
  } else if (m > INT_MAX || n > INT_MAX || k > INT_MAX) {
    plain_product(m, n, k, a, a_transposed, b, b_transposed, y, flag);
  } else {
    large_product(m, n, k, a, a_transposed, b, b_transposed, y, flag);
  }
}

// Tiles that fit the nearest cache, so that neither side is walked with long strides.
void nn_transpose(ptrdiff_t rows, ptrdiff_t columns, const double *x, double *y, const nn_flag *flag) {
  enum { TILE = 32 };
  for (ptrdiff_t i = 0; i < rows; i += TILE) {
    if (nn_flag_get(flag)) return;
    const ptrdiff_t i_end = least(i + TILE, rows);
    for (ptrdiff_t j = 0; j < columns; j += TILE) {
      const ptrdiff_t j_end = least(j + TILE, columns);
      for (ptrdiff_t q = j; q < j_end; q++)
        for (ptrdiff_t p = i; p < i_end; p++) y[q * rows + p] = x[p * columns + q];
    }
  }
}

// Threads of the library would change last bits with their number.
__attribute__((constructor)) static void one_thread(void) {
#if defined(__linux__)
  if (openblas_set_num_threads) openblas_set_num_threads(1);
#endif
}
