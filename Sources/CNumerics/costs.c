// Terms of costs, summed block by block.
#include "nn_costs.h"
#include "nn_elementwise.h"
#include "nn_reductions.h"

#pragma STDC FP_CONTRACT OFF

static void logarithms(ptrdiff_t n, const double *x, double *y) {
  static const double least = NN_LEAST_LOG;
  nn_log(n, x, y);
  nn_maximum(n, y, 1, &least, 0, y);
}

static void squares(ptrdiff_t n, const double *a, const double *y, double *term) {
  nn_subtract(n, a, 1, y, 1, term);
  nn_multiply(n, term, 1, term, 1, term);
}

static void binary(ptrdiff_t n, const double *a, const double *y, double *term) {
  static const double one = 1;
  double other[NN_COST_BLOCK];
  logarithms(n, a, term);
  nn_multiply(n, term, 1, y, 1, term);
  nn_subtract(n, &one, 0, a, 1, other);
  logarithms(n, other, other);
  for (ptrdiff_t i = 0; i < n; i++) term[i] = -(term[i] + (1 - y[i]) * other[i]);
}

static void classes(ptrdiff_t n, const double *a, const double *y, double *term) {
  logarithms(n, a, term);
  for (ptrdiff_t i = 0; i < n; i++) term[i] = -(term[i] * y[i]);
}

double nn_cost_sum(nn_cost cost, ptrdiff_t n, const double *a, const double *y, const nn_flag *flag) {
  double term[NN_COST_BLOCK], sum;
  switch (cost) {
  case NN_COST_SQUARES: squares(n, a, y, term); break;
  case NN_COST_BINARY: binary(n, a, y, term); break;
  case NN_COST_CLASSES: classes(n, a, y, term); break;
  }
  nn_fold_rows(NN_FOLD_SUM, 1, n, term, &sum, flag);
  return sum;
}
