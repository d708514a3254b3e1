// Chains of elementwise functions, computed in one pass (chain.c).
#ifndef NN_CHAIN_H
#define NN_CHAIN_H
#include <stddef.h>
#include "nn_elementwise.h"
#include "nn_flag.h"

// How many steps a chain may have, and how many values may wait at once between two of them.
enum { NN_CHAIN_STEPS = 32, NN_CHAIN_BETWEEN = 6 };

// What a step reads: the value of an earlier step in place `between`, or, where that is -1, elements with the steps
// from row to row and along a row that lay them over the result; both are 0 for a number.
typedef struct nn_operand {
  const double *_Nullable elements;
  ptrdiff_t row_step, column_step;
  int between;
} nn_operand;

// One of the two functions is there. `result` is the place of the value, or -1 for the result of the chain, which
// the last step has and no other. column_step is 1 for a value between, which one later step reads and no other.
typedef struct nn_step {
  nn_unary_function _Nullable unary;
  nn_binary_function _Nullable binary;
  nn_operand a, b;
  int result;
} nn_step;

// Fills `result` (rows×columns), which may be an operand that is laid over it as it is. Once the flag is up it
// returns early, with garbage.
void nn_run_chain(const nn_step *_Nonnull steps, int count, ptrdiff_t rows, ptrdiff_t columns,
                  double *_Nonnull result, const nn_flag *_Nonnull flag);

#endif
