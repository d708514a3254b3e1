// Products of middle size, without BLAS.
#ifndef NN_TILES_H
#define NN_TILES_H
#include <stdbool.h>
#include <stddef.h>
#include "nn_flag.h"

// Whether this processor has the wide fused arithmetic that makes tiles worth while.
bool has_tiles(void);

// How many doubles a vector of a tile holds; a result of fewer columns leaves part of it empty.
ptrdiff_t tile_width(void);

// What nn_product computes, as one fused running sum over k for each element: the bits depend neither on how the
// operands lie nor on what the result is cut into.
void tiled_product(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const double *a, bool a_transposed, const double *b,
                   bool b_transposed, double *y, const nn_flag *flag);

#endif
