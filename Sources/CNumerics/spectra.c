// Eigenvalues and singular values. As in solve.c, LAPACK sees the transpose of what lies in memory.
#include <string.h>
#include "lapack_job.h"
#include "nn_products.h"

// A symmetric matrix is its own transpose; the vectors come out column by column in j->a, the values in j->b.
static void run_symmetric(job *j) {
  const integer n = (integer)j->n, ask = -1;
  integer info = 0, whole_length = 0;
  double best = 0;
  dsyevd_("V", "U", &n, j->a, &n, j->b, &best, &ask, &whole_length, &ask, &info, 1, 1);
  const integer length = (integer)best;
  double *work = job_doubles(j, length, 1);
  integer *whole = job_integers(j, whole_length);
  if (j->outcome != NN_DONE) return;
  dsyevd_("V", "U", &n, j->a, &n, j->b, work, &length, whole, &whole_length, &info, 1, 1);
  if (info > 0) j->outcome = NN_NOT_CONVERGED;
}

nn_outcome nn_eigen_symmetric(ptrdiff_t n, const double *a, double *values, double *vectors,
                              const nn_flag *flag) {
  if (n == 0) return NN_DONE;
  if (!fits_lapack(n)) return NN_TOO_LARGE;
  if (!all_finite(a, n * n)) return NN_NOT_CONVERGED;
  job *j = job_make(run_symmetric, n, n, 0);
  if (!j) return NN_NO_MEMORY;
  j->a = job_copy(j, a, n, n);
  j->b = job_doubles(j, n, 1);
  const nn_outcome outcome = job_run(j, 9.0 * (double)n * n * n, flag);
  if (outcome == NN_DONE) {
    memcpy(values, j->b, (size_t)n * sizeof(double));
    nn_transpose(n, n, j->a, vectors, flag);
  }
  return job_drop(j, outcome);
}

// Left eigenvectors of the transpose are right ones of the matrix (conjugated, which real ones do not notice); they
// come out in j->d, the parts of the values in j->b and j->c.
static void run_eigen(job *j) {
  const integer n = (integer)j->n, one = 1, ask = -1;
  integer info = 0;
  double best = 0;
  dgeev_("V", "N", &n, j->a, &n, j->b, j->c, j->d, &n, NULL, &one, &best, &ask, &info, 1, 1);
  const integer length = (integer)best;
  double *work = job_doubles(j, length, 1);
  if (!work) return;
  dgeev_("V", "N", &n, j->a, &n, j->b, j->c, j->d, &n, NULL, &one, work, &length, &info, 1, 1);
  if (info > 0) j->outcome = NN_NOT_CONVERGED;
}

nn_outcome nn_eigen(ptrdiff_t n, const double *a, double *real, double *imaginary, double *vectors,
                    const nn_flag *flag) {
  if (n == 0) return NN_DONE;
  if (!fits_lapack(n)) return NN_TOO_LARGE;
  if (!all_finite(a, n * n)) return NN_NOT_CONVERGED;
  job *j = job_make(run_eigen, n, n, 0);
  if (!j) return NN_NO_MEMORY;
  j->a = job_copy(j, a, n, n);
  j->b = job_doubles(j, n, 1);
  j->c = job_doubles(j, n, 1);
  j->d = job_doubles(j, n, n);
  const nn_outcome outcome = job_run(j, 25.0 * (double)n * n * n, flag);
  if (outcome == NN_DONE) {
    memcpy(real, j->b, (size_t)n * sizeof(double));
    memcpy(imaginary, j->c, (size_t)n * sizeof(double));
    nn_transpose(n, n, j->d, vectors, flag);
  }
  return job_drop(j, outcome);
}

// The transpose is v*diag(s)*u'. Its left vectors, column by column, are the rows of v' (j->d), and its right ones,
// row by row but stored by columns, those of u (j->c); s comes out in j->b.
static void run_svd(job *j) {
  const integer m = (integer)j->n, n = (integer)j->m, least = m < n ? m : n, ask = -1;
  integer *whole = job_integers(j, 8 * (ptrdiff_t)least), info = 0;
  if (!whole) return;
  double best = 0;
  dgesdd_("S", &m, &n, j->a, &m, j->b, j->d, &m, j->c, &least, &best, &ask, whole, &info, 1);
  const integer length = (integer)best;
  double *work = job_doubles(j, length, 1);
  if (!work) return;
  dgesdd_("S", &m, &n, j->a, &m, j->b, j->d, &m, j->c, &least, work, &length, whole, &info, 1);
  if (info > 0) j->outcome = NN_NOT_CONVERGED;
}

nn_outcome nn_svd(ptrdiff_t m, ptrdiff_t n, const double *a, double *u, double *s, double *vt,
                  const nn_flag *flag) {
  if (m == 0 || n == 0) return NN_DONE;
  if (!fits_lapack(m) || !fits_lapack(n)) return NN_TOO_LARGE;
  if (!all_finite(a, m * n)) return NN_NOT_CONVERGED;
  job *j = job_make(run_svd, m, n, 0);
  if (!j) return NN_NO_MEMORY;
  const ptrdiff_t r = m < n ? m : n;
  j->a = job_copy(j, a, m, n);
  j->b = job_doubles(j, r, 1);
  j->c = job_doubles(j, m, r);
  j->d = job_doubles(j, r, n);
  const nn_outcome outcome = job_run(j, 20.0 * (double)m * n * r, flag);
  if (outcome == NN_DONE) {
    memcpy(s, j->b, (size_t)r * sizeof(double));
    memcpy(u, j->c, (size_t)m * (size_t)r * sizeof(double));
    memcpy(vt, j->d, (size_t)r * (size_t)n * sizeof(double));
  }
  return job_drop(j, outcome);
}
