// Elementwise work shared by several threads. An element's bits do not depend on its position, so cutting an array
// anywhere changes nothing.
#include "nn_elementwise.h"
#include "parallel.h"

enum { PART = 1 << 14 }; // elements: a part's operands stay in the nearer caches

typedef struct {
  nn_unary_function unary;
  nn_binary_function binary;
  ptrdiff_t n, a_step, b_step;
  const double *a, *b;
  double *y;
  const nn_flag *flag;
} spread;

static void part(const void *work, ptrdiff_t index) {
  const spread *w = work;
  const ptrdiff_t start = index * PART, left = w->n - start, count = left < PART ? left : PART;
  if (nn_flag_get(w->flag)) return;
  if (w->unary) w->unary(count, w->a + start, w->y + start);
  else
    w->binary(count, w->a + start * w->a_step, w->a_step, w->b + start * w->b_step, w->b_step, w->y + start);
}

void nn_spread_unary(nn_unary_function function, ptrdiff_t n, const double *x, double *y, const nn_flag *flag) {
  const spread work = {.unary = function, .n = n, .a = x, .y = y, .flag = flag};
  parallel_run((n + PART - 1) / PART, part, &work);
}

void nn_spread_binary(nn_binary_function function, ptrdiff_t n, const double *a, ptrdiff_t a_step,
                      const double *b, ptrdiff_t b_step, double *y, const nn_flag *flag) {
  const spread work = {.binary = function, .n = n, .a_step = a_step, .b_step = b_step, .a = a, .b = b, .y = y,
                       .flag = flag};
  parallel_run((n + PART - 1) / PART, part, &work);
}
