#if defined(__linux__)
#define _GNU_SOURCE
#include <sched.h>
#endif
#include "parallel.h"
#include <pthread.h>
#if !defined(__linux__)
#include <sched.h>
#endif
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

enum { MOST_THREADS = 16, SPINS = 2000 };
static const unsigned OPEN = 1u << 31;

// One piece of work at a time: `turn` is held from its start to its end. Workers wait for `generation` to change and
// pass the gate, if they are not too late for it; whoever counts `taken` up takes a part, the caller from the front and
// workers from the back, so that work on the same data finds most of it in the cache of the same processor again. The
// fields below the gate change only while it is closed and nobody is inside.
static struct {
  pthread_mutex_t turn, lock;
  pthread_cond_t wake;
  pthread_once_t once;
  int workers;
  atomic_uint generation;
  atomic_uint gate; // OPEN, plus the number of workers inside
  _Atomic(ptrdiff_t) taken, from_back;
  ptrdiff_t from_front, count;
  parallel_part part;
  const void *work;
} pool = {
    .turn = PTHREAD_MUTEX_INITIALIZER,
    .lock = PTHREAD_MUTEX_INITIALIZER,
    .wake = PTHREAD_COND_INITIALIZER,
    .once = PTHREAD_ONCE_INIT,
};

static void do_parts(bool is_caller) {
  while (atomic_fetch_add(&pool.taken, 1) < pool.count)
    pool.part(pool.work, is_caller ? pool.from_front++ : pool.count - 1 - atomic_fetch_add(&pool.from_back, 1));
}

static inline void relax(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

static void wait_for_work(unsigned seen) {
  for (int spin = 0; spin < SPINS; spin++) {
    if (atomic_load(&pool.generation) != seen) return;
    relax();
  }
  pthread_mutex_lock(&pool.lock);
  while (atomic_load(&pool.generation) == seen) pthread_cond_wait(&pool.wake, &pool.lock);
  pthread_mutex_unlock(&pool.lock);
}

static bool enter(void) {
  unsigned gate = atomic_load(&pool.gate);
  while (gate & OPEN)
    if (atomic_compare_exchange_weak(&pool.gate, &gate, gate + 1)) return true;
  return false;
}

static void *worker(void *unused) {
  (void)unused;
  for (unsigned seen = 0;;) {
    wait_for_work(seen);
    seen = atomic_load(&pool.generation);
    if (!enter()) continue;
    do_parts(false);
    atomic_fetch_sub(&pool.gate, 1);
  }
  return NULL;
}

// The threads that BLAS would use, had it been left to: the processors this process may run on, or fewer by the
// environment.
static int wanted_threads(void) {
  static const char *const names[] = {"OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"};
  for (int k = 0; k < 2; k++) {
    const char *text = getenv(names[k]);
    const long wanted = text ? strtol(text, NULL, 10) : 0;
    if (wanted > 0) return wanted < MOST_THREADS ? (int)wanted : MOST_THREADS;
  }
#if defined(__linux__)
  cpu_set_t set;
  const long cores = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
#else
  const long cores = sysconf(_SC_NPROCESSORS_ONLN);
#endif
  return cores < 1 ? 1 : cores < MOST_THREADS ? (int)cores : MOST_THREADS;
}

static void start_workers(void) {
  pthread_attr_t attributes;
  if (pthread_attr_init(&attributes) != 0) return;
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  for (int k = wanted_threads() - 1; k > 0; k--) {
    pthread_t thread;
    if (pthread_create(&thread, &attributes, worker, NULL) == 0) pool.workers++;
  }
  pthread_attr_destroy(&attributes);
}

int parallel_width(void) {
  pthread_once(&pool.once, start_workers);
  return pool.workers + 1;
}

void parallel_run(ptrdiff_t count, parallel_part part, const void *work) {
  if (count < 2 || parallel_width() == 1 || pthread_mutex_trylock(&pool.turn) != 0) {
    for (ptrdiff_t i = 0; i < count; i++) part(work, i);
    return;
  }
  pool.count = count;
  pool.part = part;
  pool.work = work;
  pool.from_front = 0;
  atomic_store(&pool.from_back, 0);
  atomic_store(&pool.taken, 0);
  atomic_store(&pool.gate, OPEN);
  pthread_mutex_lock(&pool.lock);
  atomic_fetch_add(&pool.generation, 1);
  pthread_cond_broadcast(&pool.wake);
  pthread_mutex_unlock(&pool.lock);
  do_parts(true);
  atomic_fetch_and(&pool.gate, ~OPEN);
  for (int spin = 0; atomic_load(&pool.gate) != 0; spin++) {
    if (spin < SPINS) relax();
    else sched_yield();
  }
  pthread_mutex_unlock(&pool.turn);
}
