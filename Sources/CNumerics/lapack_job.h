// One call of LAPACK: its memory, and a thread to leave it to where it may take long.
#ifndef NN_LAPACK_JOB_H
#define NN_LAPACK_JOB_H
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include "nn_flag.h"
#include "nn_linear.h"
#include "openblas.h"

typedef struct job job;

// LAPACK cannot be stopped. So a job works on copies of its own: when the flag goes up the caller leaves it behind,
// and it gives its memory back by itself once it is done.
struct job {
  void (*run)(job *);
  ptrdiff_t m, n, r;
  bool transposed;
  double *a, *b, *c, *d; // operands and results, by what `run` says
  double rcond;
  integer rank;
  nn_outcome outcome;

  void *blocks[12];
  int block_count;
  atomic_int holders;
};

// A job with nothing in it yet; null where there is no memory.
job *job_make(void (*run)(job *), ptrdiff_t m, ptrdiff_t n, ptrdiff_t r);

// Memory that lasts as long as the job; a failure becomes its outcome, and the result is null.
double *job_doubles(job *j, ptrdiff_t rows, ptrdiff_t columns);
double *job_copy(job *j, const double *from, ptrdiff_t rows, ptrdiff_t columns);
integer *job_integers(job *j, ptrdiff_t count);

// Runs the job, some `work` multiplications, in a thread of its own where that takes long enough to be interrupted.
nn_outcome job_run(job *j, double work, const nn_flag *flag);

// The caller needs the job no longer. Returns `outcome`.
nn_outcome job_drop(job *j, nn_outcome outcome);

// Whether no element is infinite or nan: LAPACK may search for ever among those.
bool all_finite(const double *a, ptrdiff_t count);
// Whether LAPACK's 32-bit integers can say this size and its small multiples.
bool fits_lapack(ptrdiff_t n);

#endif
