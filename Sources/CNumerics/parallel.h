// A few worker threads for work that falls into independent parts.
#ifndef NN_PARALLEL_H
#define NN_PARALLEL_H
#include <stddef.h>

typedef void (*parallel_part)(const void *work, ptrdiff_t index);

// Calls part(work, i) once for every i below `count`, on several threads, the caller's among them, and returns when
// all are done. What a part computes must not depend on which thread runs it. Where the workers are busy with
// somebody else's work, or there are none, the caller does all parts.
void parallel_run(ptrdiff_t count, parallel_part part, const void *work);

// How many threads work at once, the caller's included.
int parallel_width(void);

#endif
