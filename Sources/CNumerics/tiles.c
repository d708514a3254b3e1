// Products that fit the second cache, where BLAS would spend half of its time on copying operands into its own order.
//
// The result is cut into panels of columns and each into bands of rows, so that a tile of sums stays in registers while
// k runs along: each step loads some vectors of the right operand and multiplies them by one number after another of
// the left one. A panel of the right operand is copied only where its columns do not lie side by side, or where its rows
// would drive each other out of the nearest cache.
#include "tiles.h"
#include "parallel.h"
#include "turn.h"

#if defined(__x86_64__)
#include <immintrin.h>
#include <string.h>

// A product and a sum are fused, as in the kernels for small products.
#pragma STDC FP_CONTRACT ON

// Element (i, p) of the left operand is x[i*row + p*step], row p of the right one begins at x + p*row.
typedef struct {
  const double *x;
  ptrdiff_t row, step;
} strided;

enum { MOST_COLUMNS = 24, DEPTH = 512 };

#define UNROLLED _Pragma("clang loop unroll(full)")
#define PASTE_(a, b) a##b
#define PASTE(a, b) PASTE_(a, b)

#define WIDTH 4
#define HEIGHT 6
#define PANEL 2
#define V __m256d
#define ALL(x) _mm256_set1_pd(x)
#define MASK __m256i
#define SOME(count) _mm256_cmpgt_epi64(_mm256_set1_epi64x(count), _mm256_setr_epi64x(0, 1, 2, 3))
#define LOAD(from) _mm256_loadu_pd(from)
#define LOAD_SOME(from, mask) _mm256_maskload_pd(from, mask)
#define STORE(to, v) _mm256_storeu_pd(to, v)
#define STORE_SOME(to, mask, v) _mm256_maskstore_pd(to, mask, v)
#define NAME(name) PASTE(name, _4)
#define TARGET __attribute__((target("avx2,fma")))
#include "tiles_lanes.h"
#undef WIDTH
#undef HEIGHT
#undef PANEL
#undef V
#undef ALL
#undef MASK
#undef SOME
#undef LOAD
#undef LOAD_SOME
#undef STORE
#undef STORE_SOME
#undef NAME
#undef TARGET

#define WIDTH 8
#define HEIGHT 8
#define PANEL 3
#define V __m512d
#define ALL(x) _mm512_set1_pd(x)
#define MASK __mmask8
#define SOME(count) ((__mmask8)((1 << (count)) - 1))
#define LOAD(from) _mm512_loadu_pd(from)
#define LOAD_SOME(from, mask) _mm512_maskz_loadu_pd(mask, from)
#define STORE(to, v) _mm512_storeu_pd(to, v)
#define STORE_SOME(to, mask, v) _mm512_mask_storeu_pd(to, mask, v)
#define NAME(name) PASTE(name, _8)
#define TARGET __attribute__((target("avx512f")))
#include "tiles_lanes.h"

// ---- the pick -------------------------------------------------------------------
static struct {
  ptrdiff_t width, vectors; // doubles in a vector, vectors in a panel
  void (*panel)(ptrdiff_t m, ptrdiff_t columns, ptrdiff_t k, strided a, strided b, double *y, ptrdiff_t y_row,
                bool more);
} chosen;

__attribute__((constructor)) static void choose_width(void) {
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f")) chosen.width = 8, chosen.vectors = 3, chosen.panel = panel_8;
  else if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    chosen.width = 4, chosen.vectors = 2, chosen.panel = panel_4;
}

bool has_tiles(void) { return chosen.panel != NULL; }
ptrdiff_t tile_width(void) { return chosen.width; }

// ---- one product ------------------------------------------------------------------
typedef struct {
  ptrdiff_t m, n, k, rows, columns, across; // parts of rows by columns, so many beside each other
  strided a;
  const double *b;
  bool b_transposed;
  double *y;
  const nn_flag *flag;
} product;

static ptrdiff_t least(ptrdiff_t a, ptrdiff_t b) { return a < b ? a : b; }

// Whether `depth` rows that lie `row` doubles apart fit half of the nearest cache, where each band of rows finds them
// again. Its 64 sets of 8 lines of 64 bytes are used unevenly where rows lie a power of two apart: those of a matrix
// with 256 columns share two of them.
static bool stays_near(ptrdiff_t depth, ptrdiff_t row, ptrdiff_t columns) {
  ptrdiff_t sets = 64;
  for (ptrdiff_t left = row; left % 16 == 0 && sets > 1; left /= 2) sets /= 2;
  return depth * ((columns + 7) / 8) <= sets * 8 / 2;
}

// Fewer rows do not pay for copying a panel.
enum { ROWS_FOR_A_COPY = 24 };

static void part(const void *work, ptrdiff_t index) {
  const product *w = work;
  const ptrdiff_t i = index / w->across * w->rows, j = index % w->across * w->columns;
  const ptrdiff_t rows = least(w->rows, w->m - i), columns = least(w->columns, w->n - j);
  double copy[DEPTH * MOST_COLUMNS] __attribute__((aligned(64)));
  for (ptrdiff_t p = 0; p < w->k; p += DEPTH) {
    if (nn_flag_get(w->flag)) return;
    const ptrdiff_t depth = least(DEPTH, w->k - p);
    strided b = {w->b + p * w->n + j, w->n, 1};
    if (w->b_transposed) {
      b = (strided){copy, columns, 1};
      turn(columns, depth, w->b + j * w->k + p, w->k, copy, columns);
    } else if (rows >= ROWS_FOR_A_COPY && !stays_near(depth, w->n, columns)) {
      for (ptrdiff_t q = 0; q < depth; q++) memcpy(copy + q * columns, b.x + q * w->n, (size_t)columns * sizeof(double));
      b = (strided){copy, columns, 1};
    }
    const strided a = {w->a.x + i * w->a.row + p * w->a.step, w->a.row, w->a.step};
    chosen.panel(rows, columns, depth, a, b, w->y + i * w->n + j, w->n, p > 0);
  }
}

void tiled_product(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const double *a, bool a_transposed, const double *b,
                   bool b_transposed, double *y, const nn_flag *flag) {
  // Panels of about the same number of vectors: 32 columns are 16 and 16, not 24 and 8.
  const ptrdiff_t vectors = (n + chosen.width - 1) / chosen.width, panels = (vectors + chosen.vectors - 1) / chosen.vectors;
  const ptrdiff_t columns = (vectors + panels - 1) / panels * chosen.width;
  product work = {m, n, k, m, columns, (n + columns - 1) / columns, {a, a_transposed ? 1 : k, a_transposed ? m : 1},
                  b, b_transposed, y, flag};
  if ((double)m * (double)n * (double)k >= 5e5 && parallel_width() > 1) {
    // Parts enough that no thread waits long for another; each copies its panel anew.
    const ptrdiff_t wanted = 2 * parallel_width(), pieces = (wanted + work.across - 1) / work.across;
    if (m >= 16 * pieces) work.rows = ((m + pieces - 1) / pieces + 7) / 8 * 8;
  }
  parallel_run((m + work.rows - 1) / work.rows * work.across, part, &work);
}

#else
bool has_tiles(void) { return false; }
ptrdiff_t tile_width(void) { return 1; }
void tiled_product(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const double *a, bool a_transposed, const double *b,
                   bool b_transposed, double *y, const nn_flag *flag) {}
#endif
