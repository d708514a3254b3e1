// Two arithmetic steps of a chain in one pass (fused.c).
#ifndef NN_FUSED_H
#define NN_FUSED_H
#include <stdbool.h>
#include <stddef.h>
#include "nn_elementwise.h"

enum { FUSED_LANES = 8 };

// y = (a first b) second c, or c second (a first b). A step is 1, or 0 where the operand is one number, FUSED_LANES
// times side by side. Where `around`, y begins a line of the cache and is written past the caches.
typedef void (*fused_function)(ptrdiff_t n, const double *a, ptrdiff_t a_step, const double *b, ptrdiff_t b_step,
                               const double *c, ptrdiff_t c_step, double *y, bool around);

// What does `first` and then `second` with its result as left or right operand; NULL where one of them is no sum,
// difference, product or quotient.
fused_function fused_pair(nn_binary_function first, nn_binary_function second, bool result_is_left);

// What does `function` alone; c is not read.
fused_function fused_single(nn_binary_function function);

#endif
