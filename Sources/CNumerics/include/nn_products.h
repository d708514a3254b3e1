// Matrix products, row by row.
#ifndef NN_PRODUCTS_H
#define NN_PRODUCTS_H
#include <stdbool.h>
#include <stddef.h>
#include "nn_flag.h"

// y (m×n) = a (m×k) times b (k×n); a flag says that the operand lies transposed in memory (k×m, n×k).
// The shapes alone choose how it is computed, so the same product gives the same bits wherever it stands.
// Once the flag is up it returns early, with garbage.
void nn_product(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const double *_Nonnull a, bool a_transposed,
                const double *_Nonnull b, bool b_transposed, double *_Nonnull y, const nn_flag *_Nonnull flag);

// y (columns×rows) = the transpose of x (rows×columns).
void nn_transpose(ptrdiff_t rows, ptrdiff_t columns, const double *_Nonnull x, double *_Nonnull y,
                  const nn_flag *_Nonnull flag);

#endif
