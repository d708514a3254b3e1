#define OPENBLAS_ITSELF
#include "openblas.h"

#if defined(__linux__)
#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>

static openblas_routines routines;
static const openblas_routines *opened = NULL;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void open_library(void) {
  static const char *const names[] = {"libopenblas.so.0", "libopenblas.so"};
  void *handle = NULL;
  for (size_t i = 0; i < sizeof names / sizeof *names && !handle; i++)
    handle = dlopen(names[i], RTLD_LAZY | RTLD_LOCAL);
  if (!handle) return;
#define USE(name)                                                                                          \
  *(void **)&routines.name = dlsym(handle, #name);                                                         \
  if (!routines.name) return;
  OPENBLAS_ROUTINES(USE)
#undef USE
  // Threads of the library would change last bits with their number.
  void (*set_threads)(int);
  *(void **)&set_threads = dlsym(handle, "openblas_set_num_threads");
  if (set_threads) set_threads(1);
  opened = &routines;
}

const openblas_routines *openblas(void) {
  pthread_once(&once, open_library);
  return opened;
}

bool has_linear_library(void) { return openblas() != NULL; }
#else
bool has_linear_library(void) { return true; }
#endif
