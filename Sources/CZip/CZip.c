#include "CZip.h"
#include <pthread.h>
#include <stddef.h>

// Every function of the table, once.
#define FUNCTIONS(USE)                                                                                     \
  USE(source_buffer_create) USE(source_keep) USE(source_free) USE(source_open) USE(source_read)            \
  USE(source_close) USE(source_stat) USE(open_from_source) USE(close) USE(discard) USE(get_num_entries)    \
  USE(stat_index) USE(fopen_index) USE(fread) USE(fclose) USE(source_buffer) USE(file_add)                 \
  USE(set_file_compression) USE(file_set_dostime)

static nn_zip library;
static const nn_zip *loaded = NULL;
static pthread_once_t once = PTHREAD_ONCE_INIT;

#ifdef __linux__
#include <dlfcn.h>

// Debian's libzip bears the number 4, everyone else's and newer Debians' 5; the functions used are the same.
static void load(void) {
  static const char *const names[] = {"libzip.so.5", "libzip.so.4"};
  void *handle = NULL;
  for (size_t i = 0; i < sizeof names / sizeof *names && !handle; i++) {
    handle = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
  }
  if (!handle) return;
#define USE(name)                                                                                          \
  *(void **)&library.name = dlsym(handle, "zip_" #name);                                                   \
  if (!library.name) return;
  FUNCTIONS(USE)
#undef USE
  loaded = &library;
}
#else
static void load(void) {
#define USE(name) library.name = zip_##name;
  FUNCTIONS(USE)
#undef USE
  loaded = &library;
}
#endif

const nn_zip *nn_zip_library(void) {
  pthread_once(&once, load);
  return loaded;
}
