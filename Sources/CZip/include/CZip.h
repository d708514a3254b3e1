// The part of libzip that reads and writes archives in memory, loaded on first use.
#ifndef CZIP_H
#define CZIP_H
#include <zip.h>

// libzip's functions by their own names without the prefix; types and meanings are those of zip.h.
typedef struct nn_zip {
  __typeof__(zip_source_buffer_create) *source_buffer_create;
  __typeof__(zip_source_keep) *source_keep;
  __typeof__(zip_source_free) *source_free;
  __typeof__(zip_source_open) *source_open;
  __typeof__(zip_source_read) *source_read;
  __typeof__(zip_source_close) *source_close;
  __typeof__(zip_source_stat) *source_stat;
  __typeof__(zip_open_from_source) *open_from_source;
  __typeof__(zip_close) *close;
  __typeof__(zip_discard) *discard;
  __typeof__(zip_get_num_entries) *get_num_entries;
  __typeof__(zip_stat_index) *stat_index;
  __typeof__(zip_fopen_index) *fopen_index;
  __typeof__(zip_fread) *fread;
  __typeof__(zip_fclose) *fclose;
  __typeof__(zip_source_buffer) *source_buffer;
  __typeof__(zip_file_add) *file_add;
  __typeof__(zip_set_file_compression) *set_file_compression;
  __typeof__(zip_file_set_dostime) *file_set_dostime;
} nn_zip;

// The library, or NULL where it is not installed. Safe from any thread.
const nn_zip *nn_zip_library(void);
#endif
