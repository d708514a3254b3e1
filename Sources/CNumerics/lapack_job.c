#include "lapack_job.h"
#include <limits.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const double QUICK = 1e8; // multiplications that nobody waits for
enum { STACK = 16 << 20, LOOK_EVERY = 5000000 /* nanoseconds */ };

job *job_make(void (*run)(job *), ptrdiff_t m, ptrdiff_t n, ptrdiff_t r) {
  job *j = calloc(1, sizeof *j);
  if (!j) return NULL;
  j->run = run;
  j->m = m;
  j->n = n;
  j->r = r;
  j->rcond = 1;
  j->outcome = NN_DONE;
  j->holders = 1;
  return j;
}

static void *take(job *j, size_t count, size_t size) {
  size_t bytes;
  const bool overflow = __builtin_mul_overflow(count ? count : 1, size, &bytes);
  void *block = overflow ? NULL : malloc(bytes);
  if (block) j->blocks[j->block_count++] = block;
  else j->outcome = NN_NO_MEMORY;
  return block;
}

double *job_doubles(job *j, ptrdiff_t rows, ptrdiff_t columns) {
  size_t count;
  const bool overflow = __builtin_mul_overflow((size_t)rows, (size_t)columns, &count);
  return take(j, overflow ? SIZE_MAX : count, sizeof(double));
}

double *job_copy(job *j, const double *from, ptrdiff_t rows, ptrdiff_t columns) {
  double *copy = job_doubles(j, rows, columns);
  if (copy) memcpy(copy, from, (size_t)rows * (size_t)columns * sizeof(double));
  return copy;
}

integer *job_integers(job *j, ptrdiff_t count) { return take(j, (size_t)count, sizeof(integer)); }

nn_outcome job_drop(job *j, nn_outcome outcome) {
  if (atomic_fetch_sub(&j->holders, 1) == 1) {
    while (j->block_count > 0) free(j->blocks[--j->block_count]);
    free(j);
  }
  return outcome;
}

bool all_finite(const double *a, ptrdiff_t count) {
  for (ptrdiff_t i = 0; i < count; i++)
    if (!(a[i] - a[i] == 0)) return false;
  return true;
}

bool fits_lapack(ptrdiff_t n) { return n < INT_MAX / 64; }

// ---- threads ----------------------------------------------------------------------------

static void *background(void *argument) {
  job *j = argument;
  j->run(j);
  job_drop(j, NN_DONE);
  return NULL;
}

static bool start(job *j) {
  pthread_attr_t attributes;
  pthread_t thread;
  if (pthread_attr_init(&attributes) != 0) return false;
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_attr_setstacksize(&attributes, STACK);
  atomic_fetch_add(&j->holders, 1);
  const bool started = pthread_create(&thread, &attributes, background, j) == 0;
  if (!started) atomic_fetch_sub(&j->holders, 1);
  pthread_attr_destroy(&attributes);
  return started;
}

nn_outcome job_run(job *j, double work, const nn_flag *flag) {
  if (j->outcome != NN_DONE) return j->outcome;
  if (!has_linear_library()) return NN_NO_LIBRARY;
  if (work < QUICK || !start(j)) {
    j->run(j);
    return j->outcome;
  }
  // The thread lets go of the job last, after everything it wrote.
  const struct timespec pause = {0, LOOK_EVERY};
  while (atomic_load(&j->holders) > 1) {
    if (nn_flag_get(flag)) return NN_INTERRUPTED;
    nanosleep(&pause, NULL);
  }
  return j->outcome;
}
