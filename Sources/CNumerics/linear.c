#include "nn_linear.h"
#include <limits.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "lapack.h"
#include "nn_products.h"

// LAPACK stores matrices column by column, so it sees the transpose of what lies in memory. Each function says how
// that is answered: by asking for the transposed problem wherever there is one, else by turning a copy.

// ---- memory -------------------------------------------------------------------------
// Everything a call needs is taken in one piece from here and given back at its end.
typedef struct {
  void *blocks[8];
  int count;
  bool failed;
} pool;

static void *take(pool *p, size_t count, size_t size) {
  size_t bytes;
  if (__builtin_mul_overflow(count ? count : 1, size, &bytes)) bytes = SIZE_MAX;
  void *block = bytes == SIZE_MAX ? NULL : malloc(bytes);
  if (!block) p->failed = true;
  else p->blocks[p->count++] = block;
  return block;
}

static double *take_doubles(pool *p, ptrdiff_t rows, ptrdiff_t columns) {
  return take(p, (size_t)rows * (size_t)columns, sizeof(double));
}

static double *take_copy(pool *p, const double *from, ptrdiff_t rows, ptrdiff_t columns) {
  double *copy = take_doubles(p, rows, columns);
  if (copy) memcpy(copy, from, (size_t)rows * (size_t)columns * sizeof(double));
  return copy;
}

static nn_outcome finish(pool *p, nn_outcome outcome) {
  while (p->count > 0) free(p->blocks[--p->count]);
  return outcome;
}

static bool all_finite(ptrdiff_t count, const double *a) {
  double sum = 0;
  for (ptrdiff_t i = 0; i < count; i++) sum += a[i] * 0;
  return sum == 0;
}

static bool fits(ptrdiff_t n) { return n < INT_MAX / 4; }

static void fill(double *y, ptrdiff_t count, double value) {
  for (ptrdiff_t i = 0; i < count; i++) y[i] = value;
}

// ---- factors ----------------------------------------------------------------------------

// The LU factors of the n×n matrix at `a`, in place. An infinite or nan element is for the caller to keep out:
// LAPACK may search for ever in them.
static nn_outcome factor(integer n, double *a, integer *pivots) {
  integer info = 0;
  dgetrf_(&n, &n, a, &n, pivots, &info);
  return info > 0 ? NN_SINGULAR : NN_DONE;
}

static double reciprocal_condition(pool *p, integer n, const double *factors, double norm) {
  double rcond = 0;
  integer info = 0;
  double *work = take_doubles(p, 4, n);
  integer *whole = take(p, (size_t)n, sizeof(integer));
  if (work && whole) dgecon_("1", &n, factors, &n, &norm, &rcond, work, whole, &info, 1);
  return rcond;
}

nn_outcome nn_solve(ptrdiff_t n, ptrdiff_t r, const double *a, bool transposed, const double *b, double *x,
                    double *rcond, const nn_flag *flag) {
  *rcond = 1;
  if (n == 0 || r == 0) return NN_DONE;
  if (!fits(n) || !fits(r)) return NN_TOO_LARGE;
  if (!all_finite(n * n, a)) {
    *rcond = NAN;
    fill(x, n * r, NAN);
    return NN_DONE;
  }
  pool p = {0};
  const integer size = (integer)n, sides = (integer)r;
  double *factors = take_copy(&p, a, n, n), *turned = take_doubles(&p, n, r);
  integer *pivots = take(&p, (size_t)n, sizeof(integer));
  if (p.failed) return finish(&p, NN_NO_MEMORY);
  const double norm = dlange_("1", &size, &size, factors, &size, NULL, 1);
  const nn_outcome outcome = factor(size, factors, pivots);
  if (outcome != NN_DONE) return finish(&p, outcome);
  *rcond = reciprocal_condition(&p, size, factors, norm);
  if (p.failed) return finish(&p, NN_NO_MEMORY);
  nn_transpose(n, r, b, turned, flag);
  integer info = 0;
  dgetrs_(transposed ? "N" : "T", &size, &sides, factors, &size, pivots, turned, &size, &info, 1);
  nn_transpose(r, n, turned, x, flag);
  return finish(&p, NN_DONE);
}

nn_outcome nn_inverse(ptrdiff_t n, const double *a, double *y, double *rcond, const nn_flag *flag) {
  *rcond = 1;
  if (n == 0) return NN_DONE;
  if (!fits(n)) return NN_TOO_LARGE;
  if (!all_finite(n * n, a)) {
    *rcond = NAN;
    fill(y, n * n, NAN);
    return NN_DONE;
  }
  (void)flag;
  pool p = {0};
  const integer size = (integer)n;
  integer *pivots = take(&p, (size_t)n, sizeof(integer));
  if (p.failed) return finish(&p, NN_NO_MEMORY);
  memcpy(y, a, (size_t)n * (size_t)n * sizeof(double));
  const double norm = dlange_("1", &size, &size, y, &size, NULL, 1);
  const nn_outcome outcome = factor(size, y, pivots);
  if (outcome != NN_DONE) return finish(&p, outcome);
  *rcond = reciprocal_condition(&p, size, y, norm);
  integer info = 0, length = -1;
  double best = 0;
  dgetri_(&size, y, &size, pivots, &best, &length, &info);
  length = (integer)best;
  double *work = take_doubles(&p, length, 1);
  if (p.failed) return finish(&p, NN_NO_MEMORY);
  dgetri_(&size, y, &size, pivots, work, &length, &info); // inverse of the transpose = transpose of the inverse
  return finish(&p, info > 0 ? NN_SINGULAR : NN_DONE);
}

nn_outcome nn_determinant(ptrdiff_t n, const double *a, double *y, const nn_flag *flag) {
  *y = 1;
  if (n == 0) return NN_DONE;
  if (!fits(n)) return NN_TOO_LARGE;
  if (!all_finite(n * n, a)) {
    *y = NAN;
    return NN_DONE;
  }
  (void)flag;
  pool p = {0};
  double *factors = take_copy(&p, a, n, n);
  integer *pivots = take(&p, (size_t)n, sizeof(integer));
  if (p.failed) return finish(&p, NN_NO_MEMORY);
  factor((integer)n, factors, pivots);
  double product = 1;
  for (ptrdiff_t i = 0; i < n; i++) product *= pivots[i] == i + 1 ? factors[i * n + i] : -factors[i * n + i];
  *y = product;
  return finish(&p, NN_DONE);
}

nn_outcome nn_least_squares(ptrdiff_t m, ptrdiff_t n, ptrdiff_t r, const double *a, const double *b, double *x,
                            ptrdiff_t *rank, const nn_flag *flag) {
  *rank = 0;
  if (n == 0 || r == 0) return NN_DONE;
  if (!fits(m) || !fits(n) || !fits(r)) return NN_TOO_LARGE;
  if (!all_finite(m * n, a) || !all_finite(m * r, b)) {
    fill(x, n * r, NAN);
    return NN_DONE;
  }
  pool p = {0};
  const integer rows = (integer)m, columns = (integer)n, sides = (integer)r;
  const integer height = rows > columns ? rows : columns;
  double *turned = take_doubles(&p, m, n), *right = take_doubles(&p, height, r);
  double *singular = take_doubles(&p, m < n ? m : n, 1);
  if (p.failed) return finish(&p, NN_NO_MEMORY);
  nn_transpose(m, n, a, turned, flag);
  for (ptrdiff_t j = 0; j < r; j++)
    for (ptrdiff_t i = 0; i < m; i++) right[j * height + i] = b[i * r + j];
  // Singular values below this part of the largest count as zero.
  const double threshold = 2.220446049250313e-16 * (double)height;
  integer info = 0, found = 0, length = -1, whole_length = 0;
  double best = 0;
  dgelsd_(&rows, &columns, &sides, turned, &rows, right, &height, singular, &threshold, &found, &best, &length,
          &whole_length, &info);
  length = (integer)best;
  double *work = take_doubles(&p, length, 1);
  integer *whole = take(&p, (size_t)whole_length, sizeof(integer));
  if (p.failed) return finish(&p, NN_NO_MEMORY);
  dgelsd_(&rows, &columns, &sides, turned, &rows, right, &height, singular, &threshold, &found, work, &length,
          whole, &info);
  for (ptrdiff_t j = 0; j < r; j++)
    for (ptrdiff_t i = 0; i < n; i++) x[i * r + j] = right[j * height + i];
  *rank = found;
  return finish(&p, info > 0 ? NN_NOT_CONVERGED : NN_DONE);
}

// ---- spectra ------------------------------------------------------------------------------

nn_outcome nn_eigen_symmetric(ptrdiff_t n, const double *a, double *values, double *vectors,
                              const nn_flag *flag) {
  if (n == 0) return NN_DONE;
  if (!fits(n)) return NN_TOO_LARGE;
  if (!all_finite(n * n, a)) return NN_NOT_CONVERGED;
  pool p = {0};
  const integer size = (integer)n;
  double *copy = take_copy(&p, a, n, n);
  if (p.failed) return finish(&p, NN_NO_MEMORY);
  integer info = 0, length = -1, whole_length = -1, whole_best = 0;
  double best = 0;
  dsyevd_("V", "U", &size, copy, &size, values, &best, &length, &whole_best, &whole_length, &info, 1, 1);
  length = (integer)best;
  whole_length = whole_best;
  double *work = take_doubles(&p, length, 1);
  integer *whole = take(&p, (size_t)whole_length, sizeof(integer));
  if (p.failed) return finish(&p, NN_NO_MEMORY);
  dsyevd_("V", "U", &size, copy, &size, values, work, &length, whole, &whole_length, &info, 1, 1);
  nn_transpose(n, n, copy, vectors, flag);
  return finish(&p, info > 0 ? NN_NOT_CONVERGED : NN_DONE);
}

nn_outcome nn_eigen(ptrdiff_t n, const double *a, double *real, double *imaginary, double *vectors,
                    const nn_flag *flag) {
  if (n == 0) return NN_DONE;
  if (!fits(n)) return NN_TOO_LARGE;
  if (!all_finite(n * n, a)) return NN_NOT_CONVERGED;
  pool p = {0};
  const integer size = (integer)n, one = 1;
  double *copy = take_copy(&p, a, n, n), *left = take_doubles(&p, n, n);
  if (p.failed) return finish(&p, NN_NO_MEMORY);
  integer info = 0, length = -1;
  double best = 0;
  // Left eigenvectors of the transpose are right ones of a (conjugated, which real ones do not notice).
  dgeev_("V", "N", &size, copy, &size, real, imaginary, left, &size, NULL, &one, &best, &length, &info, 1, 1);
  length = (integer)best;
  double *work = take_doubles(&p, length, 1);
  if (p.failed) return finish(&p, NN_NO_MEMORY);
  dgeev_("V", "N", &size, copy, &size, real, imaginary, left, &size, NULL, &one, work, &length, &info, 1, 1);
  nn_transpose(n, n, left, vectors, flag);
  return finish(&p, info > 0 ? NN_NOT_CONVERGED : NN_DONE);
}

nn_outcome nn_svd(ptrdiff_t m, ptrdiff_t n, const double *a, double *u, double *s, double *vt,
                  const nn_flag *flag) {
  if (m == 0 || n == 0) return NN_DONE;
  if (!fits(m) || !fits(n)) return NN_TOO_LARGE;
  if (!all_finite(m * n, a)) return NN_NOT_CONVERGED;
  (void)flag;
  pool p = {0};
  // The transpose is v*diag(s)*u': its left vectors, column by column, are the rows of vt, and so for u.
  const integer rows = (integer)n, columns = (integer)m, least = rows < columns ? rows : columns;
  double *copy = take_copy(&p, a, m, n);
  integer *whole = take(&p, 8 * (size_t)least, sizeof(integer));
  if (p.failed) return finish(&p, NN_NO_MEMORY);
  integer info = 0, length = -1;
  double best = 0;
  dgesdd_("S", &rows, &columns, copy, &rows, s, vt, &rows, u, &least, &best, &length, whole, &info, 1);
  length = (integer)best;
  double *work = take_doubles(&p, length, 1);
  if (p.failed) return finish(&p, NN_NO_MEMORY);
  dgesdd_("S", &rows, &columns, copy, &rows, s, vt, &rows, u, &least, work, &length, whole, &info, 1);
  return finish(&p, info > 0 ? NN_NOT_CONVERGED : NN_DONE);
}
