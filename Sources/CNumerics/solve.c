// Linear systems. LAPACK stores matrices column by column, so it sees the transpose of what lies in memory; each
// function says how that is answered: by asking for the transposed problem where there is one, else by turning.
#include <math.h>
#include <string.h>
#include "lapack_job.h"
#include "nn_products.h"

static void fill(double *y, ptrdiff_t count, double value) {
  for (ptrdiff_t i = 0; i < count; i++) y[i] = value;
}

// The LU factors of the n×n matrix at j->a, in place, and an estimate of its condition.
static void factor(job *j, integer *pivots) {
  const integer n = (integer)j->n;
  double *work = job_doubles(j, 4, n);
  integer *whole = job_integers(j, n);
  if (j->outcome != NN_DONE) return;
  integer info = 0;
  const double norm = dlange_("1", &n, &n, j->a, &n, NULL, 1);
  dgetrf_(&n, &n, j->a, &n, pivots, &info);
  if (info > 0) j->outcome = NN_SINGULAR;
  else dgecon_("1", &n, j->a, &n, &norm, &j->rcond, work, whole, &info, 1);
}

// ---- square systems ------------------------------------------------------------------------
// j->b holds the right sides, column by column.
static void run_solve(job *j) {
  const integer n = (integer)j->n, r = (integer)j->r;
  integer *pivots = job_integers(j, n), info = 0;
  if (j->outcome == NN_DONE) factor(j, pivots);
  if (j->outcome == NN_DONE)
    dgetrs_(j->transposed ? "N" : "T", &n, &r, j->a, &n, pivots, j->b, &n, &info, 1);
}

nn_outcome nn_solve(ptrdiff_t n, ptrdiff_t r, const double *a, bool transposed, const double *b, double *x,
                    double *rcond, const nn_flag *flag) {
  *rcond = 1;
  if (n == 0 || r == 0) return NN_DONE;
  if (!fits_lapack(n) || !fits_lapack(r)) return NN_TOO_LARGE;
  if (!all_finite(a, n * n)) {
    *rcond = NAN;
    fill(x, n * r, NAN);
    return NN_DONE;
  }
  job *j = job_make(run_solve, n, n, r);
  if (!j) return NN_NO_MEMORY;
  j->transposed = transposed;
  j->a = job_copy(j, a, n, n);
  j->b = job_doubles(j, n, r);
  if (j->b) nn_transpose(n, r, b, j->b, flag);
  const nn_outcome outcome = job_run(j, (double)n * n * (n + r), flag);
  if (outcome == NN_INTERRUPTED) return job_drop(j, outcome);
  *rcond = outcome == NN_SINGULAR ? 0 : j->rcond;
  if (outcome == NN_DONE) nn_transpose(r, n, j->b, x, flag);
  return job_drop(j, outcome);
}

// The inverse of the transpose is the transpose of the inverse.
static void run_inverse(job *j) {
  const integer n = (integer)j->n, ask = -1;
  integer *pivots = job_integers(j, n), info = 0;
  if (j->outcome == NN_DONE) factor(j, pivots);
  if (j->outcome != NN_DONE) return;
  double best = 0;
  dgetri_(&n, j->a, &n, pivots, &best, &ask, &info);
  const integer length = (integer)best;
  double *work = job_doubles(j, length, 1);
  if (work) dgetri_(&n, j->a, &n, pivots, work, &length, &info);
}

nn_outcome nn_inverse(ptrdiff_t n, const double *a, double *y, double *rcond, const nn_flag *flag) {
  *rcond = 1;
  if (n == 0) return NN_DONE;
  if (!fits_lapack(n)) return NN_TOO_LARGE;
  if (!all_finite(a, n * n)) {
    *rcond = NAN;
    fill(y, n * n, NAN);
    return NN_DONE;
  }
  job *j = job_make(run_inverse, n, n, 0);
  if (!j) return NN_NO_MEMORY;
  j->a = job_copy(j, a, n, n);
  const nn_outcome outcome = job_run(j, 2.0 * (double)n * n * n, flag);
  if (outcome == NN_INTERRUPTED) return job_drop(j, outcome);
  *rcond = outcome == NN_SINGULAR ? 0 : j->rcond;
  if (outcome == NN_DONE) memcpy(y, j->a, (size_t)n * (size_t)n * sizeof(double));
  return job_drop(j, outcome);
}

// A singular matrix has a zero on the diagonal of its factors, which is its determinant then.
static void run_determinant(job *j) {
  const integer n = (integer)j->n;
  integer *pivots = job_integers(j, n), info = 0;
  if (!pivots) return;
  dgetrf_(&n, &n, j->a, &n, pivots, &info);
  double product = 1;
  for (ptrdiff_t i = 0; i < j->n; i++) product *= pivots[i] == i + 1 ? j->a[i * n + i] : -j->a[i * n + i];
  j->a[0] = product;
}

nn_outcome nn_determinant(ptrdiff_t n, const double *a, double *y, const nn_flag *flag) {
  *y = 1;
  if (n == 0) return NN_DONE;
  if (!fits_lapack(n)) return NN_TOO_LARGE;
  if (!all_finite(a, n * n)) {
    *y = NAN;
    return NN_DONE;
  }
  job *j = job_make(run_determinant, n, n, 0);
  if (!j) return NN_NO_MEMORY;
  j->a = job_copy(j, a, n, n);
  const nn_outcome outcome = job_run(j, (double)n * n * n, flag);
  if (outcome == NN_DONE) *y = j->a[0];
  return job_drop(j, outcome);
}

// ---- least squares ----------------------------------------------------------------------------
// j->a and j->b hold matrix and right sides column by column, the latter with room for the longer of m and n.
static void run_least_squares(job *j) {
  const integer m = (integer)j->m, n = (integer)j->n, r = (integer)j->r, height = m > n ? m : n, ask = -1;
  // Singular values below this part of the largest count as zero.
  const double threshold = 2.220446049250313e-16 * (double)height;
  double *singular = job_doubles(j, m < n ? m : n, 1);
  if (!singular) return;
  integer info = 0, whole_length = 0;
  double best = 0;
  dgelsd_(&m, &n, &r, j->a, &m, j->b, &height, singular, &threshold, &j->rank, &best, &ask, &whole_length, &info);
  const integer length = (integer)best;
  double *work = job_doubles(j, length, 1);
  integer *whole = job_integers(j, whole_length);
  if (j->outcome != NN_DONE) return;
  dgelsd_(&m, &n, &r, j->a, &m, j->b, &height, singular, &threshold, &j->rank, work, &length, whole, &info);
  if (info > 0) j->outcome = NN_NOT_CONVERGED;
}

nn_outcome nn_least_squares(ptrdiff_t m, ptrdiff_t n, ptrdiff_t r, const double *a, const double *b, double *x,
                            ptrdiff_t *rank, const nn_flag *flag) {
  *rank = 0;
  if (n == 0 || r == 0) return NN_DONE;
  if (m == 0) {
    fill(x, n * r, 0);
    return NN_DONE;
  }
  if (!fits_lapack(m) || !fits_lapack(n) || !fits_lapack(r)) return NN_TOO_LARGE;
  if (!all_finite(a, m * n) || !all_finite(b, m * r)) {
    fill(x, n * r, NAN);
    return NN_DONE;
  }
  job *j = job_make(run_least_squares, m, n, r);
  if (!j) return NN_NO_MEMORY;
  const ptrdiff_t height = m > n ? m : n;
  j->a = job_doubles(j, m, n);
  j->b = job_doubles(j, height, r);
  if (j->outcome == NN_DONE) {
    nn_transpose(m, n, a, j->a, flag);
    for (ptrdiff_t k = 0; k < r; k++)
      for (ptrdiff_t i = 0; i < m; i++) j->b[k * height + i] = b[i * r + k];
  }
  const nn_outcome outcome = job_run(j, 4.0 * (double)m * n * (n + r), flag);
  if (outcome == NN_INTERRUPTED) return job_drop(j, outcome);
  if (outcome == NN_DONE)
    for (ptrdiff_t k = 0; k < r; k++)
      for (ptrdiff_t i = 0; i < n; i++) x[i * r + k] = j->b[k * height + i];
  *rank = j->rank;
  return job_drop(j, outcome);
}
