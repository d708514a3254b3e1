#ifndef NN_FLAG_H
#define NN_FLAG_H
#include <stdatomic.h>
#include <stdbool.h>

// ---- interrupt flag --------------------------------------------------------
// Set from a signal handler or another thread, polled by loops and kernels.
typedef struct nn_flag { _Atomic(unsigned) raised; } nn_flag;

static inline void nn_flag_set(nn_flag *_Nonnull flag, bool raised) {
  atomic_store_explicit(&flag->raised, raised, memory_order_relaxed);
}
static inline bool nn_flag_get(const nn_flag *_Nonnull flag) {
  return atomic_load_explicit(&((nn_flag *)flag)->raised, memory_order_relaxed) != 0;
}

// A flag that nobody raises, for work too short to be worth stopping.
extern const nn_flag nn_never;
static inline const nn_flag *_Nonnull nn_never_flag(void) { return &nn_never; }

#endif
