// Reductions of rows (elements side by side) and of columns (elements one row apart).
//
// The order of the additions depends on the sizes only: partial sums joined pairwise, so results are the same in
// every run and keep their digits where a running sum loses them. Once the flag is up they return early, with
// garbage.
#ifndef NN_REDUCTIONS_H
#define NN_REDUCTIONS_H
#include <stddef.h>
#include "nn_flag.h"

typedef enum nn_fold {
  NN_FOLD_SUM,
  NN_FOLD_SUM_OF_SQUARES,
  NN_FOLD_PRODUCT,
  NN_FOLD_MAXIMUM, // a nan wins
  NN_FOLD_MINIMUM,
  NN_FOLD_ANY, // 1 where an element is not 0
  NN_FOLD_ALL
} nn_fold;

// y[i] = fold of row i, each `columns` elements; an empty row gives the fold's neutral element.
void nn_fold_rows(nn_fold fold, ptrdiff_t rows, ptrdiff_t columns, const double *_Nonnull x, double *_Nonnull y,
                  const nn_flag *_Nonnull flag);
// y[j] = fold of column j.
void nn_fold_columns(nn_fold fold, ptrdiff_t rows, ptrdiff_t columns, const double *_Nonnull x,
                     double *_Nonnull y, const nn_flag *_Nonnull flag);
// y[i] = sum of the products of row i, each `columns` elements, with x.
void nn_dot_rows(ptrdiff_t rows, ptrdiff_t columns, const double *_Nonnull a, const double *_Nonnull x,
                 double *_Nonnull y, const nn_flag *_Nonnull flag);
// y[j] = sum of w[i] times the element (i, j) of x, over at least one row.
void nn_weighted_columns(ptrdiff_t rows, ptrdiff_t columns, const double *_Nonnull w, const double *_Nonnull x,
                         double *_Nonnull y, const nn_flag *_Nonnull flag);

#endif
