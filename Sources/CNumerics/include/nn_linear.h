// Linear algebra by LAPACK on matrices stored row by row. Operands are left as they are; each call works on copies
// of its own.
#ifndef NN_LINEAR_H
#define NN_LINEAR_H
#include <stdbool.h>
#include <stddef.h>
#include "nn_flag.h"

typedef enum nn_outcome {
  NN_DONE,
  NN_SINGULAR,
  NN_NOT_CONVERGED,
  NN_NO_MEMORY,
  NN_NO_LIBRARY, // LAPACK cannot be found
  NN_TOO_LARGE, // for LAPACK's 32-bit integers
  NN_INTERRUPTED
} nn_outcome;

// x (n×r) with a*x = b, or transpose(a)*x = b; rcond estimates 1/condition number (1-norm).
nn_outcome nn_solve(ptrdiff_t n, ptrdiff_t r, const double *_Nonnull a, bool transposed, const double *_Nonnull b,
                    double *_Nonnull x, double *_Nonnull rcond, const nn_flag *_Nonnull flag);
// x (n×r) of least norm with |a*x - b| least, a being m×n.
nn_outcome nn_least_squares(ptrdiff_t m, ptrdiff_t n, ptrdiff_t r, const double *_Nonnull a,
                            const double *_Nonnull b, double *_Nonnull x, ptrdiff_t *_Nonnull rank,
                            const nn_flag *_Nonnull flag);
nn_outcome nn_inverse(ptrdiff_t n, const double *_Nonnull a, double *_Nonnull y, double *_Nonnull rcond,
                      const nn_flag *_Nonnull flag);
nn_outcome nn_determinant(ptrdiff_t n, const double *_Nonnull a, double *_Nonnull y, const nn_flag *_Nonnull flag);
// Eigenvalues in ascending order; the columns of `vectors` (n×n) belong to them. a is symmetric.
nn_outcome nn_eigen_symmetric(ptrdiff_t n, const double *_Nonnull a, double *_Nonnull values,
                              double *_Nonnull vectors, const nn_flag *_Nonnull flag);
// Eigenvalues as LAPACK finds them, real and imaginary parts; vectors as dgeev packs them, in columns.
nn_outcome nn_eigen(ptrdiff_t n, const double *_Nonnull a, double *_Nonnull real, double *_Nonnull imaginary,
                    double *_Nonnull vectors, const nn_flag *_Nonnull flag);
// a (m×n) = u (m×r) * diag(s) * vt (r×n), r the smaller of m and n, s descending.
nn_outcome nn_svd(ptrdiff_t m, ptrdiff_t n, const double *_Nonnull a, double *_Nonnull u, double *_Nonnull s,
                  double *_Nonnull vt, const nn_flag *_Nonnull flag);

#endif
