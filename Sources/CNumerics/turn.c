// Turning: rows become columns.
#include "turn.h"
#include "clones.h"
#include "nn_products.h"

typedef double v4 __attribute__((vector_size(32)));
typedef double u4 __attribute__((vector_size(32), aligned(8))); // wherever it lies

static inline __attribute__((always_inline)) void turn_four(const double *x, ptrdiff_t x_row, double *y,
                                                            ptrdiff_t y_row) {
  const v4 a = *(const u4 *)x, b = *(const u4 *)(x + x_row);
  const v4 c = *(const u4 *)(x + 2 * x_row), d = *(const u4 *)(x + 3 * x_row);
  const v4 even = __builtin_shufflevector(a, b, 0, 4, 2, 6), odd = __builtin_shufflevector(a, b, 1, 5, 3, 7);
  const v4 lower_even = __builtin_shufflevector(c, d, 0, 4, 2, 6);
  const v4 lower_odd = __builtin_shufflevector(c, d, 1, 5, 3, 7);
  *(u4 *)y = __builtin_shufflevector(even, lower_even, 0, 1, 4, 5);
  *(u4 *)(y + y_row) = __builtin_shufflevector(odd, lower_odd, 0, 1, 4, 5);
  *(u4 *)(y + 2 * y_row) = __builtin_shufflevector(even, lower_even, 2, 3, 6, 7);
  *(u4 *)(y + 3 * y_row) = __builtin_shufflevector(odd, lower_odd, 2, 3, 6, 7);
}

NN_CLONES void turn(ptrdiff_t rows, ptrdiff_t columns, const double *x, ptrdiff_t x_row, double *y,
                    ptrdiff_t y_row) {
  const ptrdiff_t whole_rows = rows & ~3, whole_columns = columns & ~3;
  for (ptrdiff_t j = 0; j < whole_columns; j += 4) {
    for (ptrdiff_t i = 0; i < whole_rows; i += 4) turn_four(x + i * x_row + j, x_row, y + j * y_row + i, y_row);
    for (ptrdiff_t i = whole_rows; i < rows; i++)
      for (ptrdiff_t q = j; q < j + 4; q++) y[q * y_row + i] = x[i * x_row + q];
  }
  for (ptrdiff_t j = whole_columns; j < columns; j++)
    for (ptrdiff_t i = 0; i < rows; i++) y[j * y_row + i] = x[i * x_row + j];
}

static ptrdiff_t least(ptrdiff_t a, ptrdiff_t b) { return a < b ? a : b; }

// Tiles that fit the nearest cache, so that neither side is walked with long strides.
void nn_transpose(ptrdiff_t rows, ptrdiff_t columns, const double *x, double *y, const nn_flag *flag) {
  enum { TILE = 32 };
  if (columns == 0) return; // of any number of rows
  for (ptrdiff_t i = 0; i < rows; i += TILE) {
    if (nn_flag_get(flag)) return;
    for (ptrdiff_t j = 0; j < columns; j += TILE)
      turn(least(TILE, rows - i), least(TILE, columns - j), x + i * columns + j, columns, y + j * rows + i, rows);
  }
}
