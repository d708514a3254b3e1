#define _GNU_SOURCE
#include "stack.h"
#include <pthread.h>

static uintptr_t ask(void) {
#if defined(__APPLE__)
  pthread_t thread = pthread_self();
  return (uintptr_t)pthread_get_stackaddr_np(thread) - pthread_get_stacksize_np(thread);
#else
  pthread_attr_t attributes;
  void *lowest = 0;
  size_t size = 0;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0) return 0;
  int status = pthread_attr_getstack(&attributes, &lowest, &size);
  pthread_attr_destroy(&attributes);
  return status == 0 ? (uintptr_t)lowest : 0;
#endif
}

// Asking takes system calls, and a thread's stack stays where it is.
uintptr_t nn_stack_lowest_address(void) {
  static _Thread_local uintptr_t known = 0;
  if (known == 0) known = ask();
  return known;
}
