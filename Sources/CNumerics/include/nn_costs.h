// Sums of the terms of costs.
#ifndef NN_COSTS_H
#define NN_COSTS_H
#include <stddef.h>
#include "nn_flag.h"

typedef enum nn_cost {
  NN_COST_SQUARES, // (a - y)^2
  NN_COST_BINARY,  // -(y log(a) + (1 - y) log(1 - a))
  NN_COST_CLASSES  // -y log(a)
} nn_cost;

enum { NN_COST_BLOCK = 1024 };

// Logarithms stop here, as in PyTorch, so that a cost of saturated outputs stays finite.
#define NN_LEAST_LOG -100.0

// The sum of the terms of n elements, at most NN_COST_BLOCK.
double nn_cost_sum(nn_cost cost, ptrdiff_t n, const double *_Nonnull a, const double *_Nonnull y,
                   const nn_flag *_Nonnull flag);

#endif
