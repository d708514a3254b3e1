#if defined(__linux__)
#define _GNU_SOURCE
#endif
#include "nn_memory.h"
#include <stdint.h>
#if defined(__linux__)
#include <sys/mman.h>
#endif

void nn_advise_large(void *block, size_t bytes) {
#if defined(__linux__) && defined(MADV_HUGEPAGE)
  const uintptr_t page = 4096, start = ((uintptr_t)block + page - 1) / page * page;
  const uintptr_t end = ((uintptr_t)block + bytes) / page * page;
  if (end > start) (void)madvise((void *)start, end - start, MADV_HUGEPAGE);
#else
  (void)block;
  (void)bytes;
#endif
}
