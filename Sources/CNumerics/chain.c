// Several elementwise functions in one pass: each block of the result goes through all of them while it lies in the
// nearest cache, where one function after the other would walk through memory once for each.
#include "nn_chain.h"
#include "clones.h"
#include "fused.h"
#include "parallel.h"

// Elements: a block of two operands, the result and what lies between them fits 48 KB; a part is what a thread takes.
// A result from STREAMED on is larger than the cache next to a core and written around it, in blocks so short that the
// processor reads for the next while it writes.
enum { BLOCK = 1024, PART = 1 << 14, STREAMED = 1 << 19, STREAMED_BLOCK = 128 };

// A step, or two of them in one pass.
typedef struct {
  fused_function fused; // NULL where the step's own function is called
  nn_operand operands[3]; // of `fused`
  nn_step step; // the one that gives the result
} stage;

typedef struct {
  stage stages[NN_CHAIN_STEPS];
  int count;
  ptrdiff_t rows, columns, rows_in_part, columns_in_part, parts_across;
  double *result;
  const nn_flag *flag;
  bool streamed;
} chain;

typedef double lanes __attribute__((vector_size(64)));
typedef double unaligned_lanes __attribute__((vector_size(64), aligned(8)));

// Writes a block around the caches: the processor need not read what lies at `to` before it is overwritten, which for
// a large result is a third of all traffic.
NN_CLONES static void stream(ptrdiff_t count, const double *from, double *to) {
  ptrdiff_t i = 0;
  for (; i < count && (uintptr_t)(to + i) % sizeof(lanes); i++) to[i] = from[i];
  for (; i + 8 <= count; i += 8)
    __builtin_nontemporal_store((lanes) * (const unaligned_lanes *)(from + i), (lanes *)(to + i));
  for (; i < count; i++) to[i] = from[i];
}

static inline const double *place(const nn_operand *operand, double (*between)[BLOCK], ptrdiff_t row,
                                  ptrdiff_t column) {
  if (operand->between >= 0) return between[operand->between];
  return operand->elements + row * operand->row_step + column * operand->column_step;
}

// A number as often as a vector has places for it.
typedef struct { double copies[FUSED_LANES]; } wide_number;

static void run_fused(const stage *stage, double (*between)[BLOCK], ptrdiff_t row, ptrdiff_t column, ptrdiff_t count,
                      double *y, bool around) {
  wide_number numbers[3];
  const double *x[3];
  const nn_operand *operands = stage->operands;
  for (int i = 0; i < 3; i++) {
    x[i] = place(operands + i, between, row, column);
    if (operands[i].column_step) continue;
    for (int lane = 0; lane < FUSED_LANES; lane++) numbers[i].copies[lane] = *x[i];
    x[i] = numbers[i].copies;
  }
  stage->fused(count, x[0], operands[0].column_step, x[1], operands[1].column_step, x[2], operands[2].column_step, y,
               around);
}

static void run_block(const chain *w, double (*between)[BLOCK], ptrdiff_t row, ptrdiff_t column,
                      ptrdiff_t count) {
  for (int k = 0; k < w->count; k++) {
    const stage *stage = w->stages + k;
    const nn_step *step = &stage->step;
    double *result = w->result + row * w->columns + column;
    // Fused functions write around the caches by themselves where the result begins a line.
    const bool around = w->streamed && step->result < 0;
    const bool by_itself = around && stage->fused && (uintptr_t)result % sizeof(lanes) == 0;
    double *y = step->result >= 0 ? between[step->result] : around && !by_itself ? between[NN_CHAIN_BETWEEN] : result;
    if (stage->fused) run_fused(stage, between, row, column, count, y, by_itself);
    else if (step->unary) step->unary(count, place(&step->a, between, row, column), y);
    else
      step->binary(count, place(&step->a, between, row, column), step->a.column_step,
                   place(&step->b, between, row, column), step->b.column_step, y);
    if (around && !by_itself) stream(count, y, result);
  }
}

static ptrdiff_t least(ptrdiff_t a, ptrdiff_t b) { return a < b ? a : b; }

static void part(const void *work, ptrdiff_t index) {
  const chain *w = work;
  const ptrdiff_t block = w->streamed ? STREAMED_BLOCK : BLOCK;
  double between[NN_CHAIN_BETWEEN + 1][BLOCK];
  const ptrdiff_t first_row = index / w->parts_across * w->rows_in_part;
  const ptrdiff_t first_column = index % w->parts_across * w->columns_in_part;
  const ptrdiff_t end_row = least(first_row + w->rows_in_part, w->rows);
  const ptrdiff_t end_column = least(first_column + w->columns_in_part, w->columns);
  if (nn_flag_get(w->flag)) return;
  for (ptrdiff_t row = first_row; row < end_row; row++)
    for (ptrdiff_t column = first_column; column < end_column; column += block)
      run_block(w, between, row, column, least(block, end_column - column));
#ifdef __x86_64__
  if (w->streamed) __builtin_ia32_sfence();
#endif
}

// Whether an operand is walked along the whole result as along one row.
static bool is_flat(const nn_operand *operand, ptrdiff_t columns) {
  return operand->between >= 0 || operand->row_step == operand->column_step * columns;
}

// Whether to write around the caches: only what is large, and no operand, whose lines are there already. Elsewhere
// than on x86-64 processors do so by themselves.
static bool is_streamed(const nn_step *steps, int count, ptrdiff_t elements, const double *result) {
#ifdef __x86_64__
  bool result_is_operand = false;
  for (int k = 0; k < count; k++)
    result_is_operand |= steps[k].a.elements == result || steps[k].b.elements == result;
  return elements >= STREAMED && !result_is_operand;
#else
  (void)steps, (void)count, (void)elements, (void)result;
  return false;
#endif
}

// A square is a product, as nn_power computes it.
static nn_step square_as_product(nn_step step) {
  const nn_operand *exponent = &step.b;
  const bool is_number = step.binary == nn_power && exponent->between < 0 && !exponent->row_step && !exponent->column_step;
  if (is_number && *exponent->elements == 2) step.binary = nn_multiply, step.b = step.a;
  return step;
}

// Takes steps together, two by two, where the second reads what the first gives: a value between is read by one step.
static void fuse(const nn_step *steps, int count, chain *work) {
  for (int k = 0; k < count; k++) {
    stage *stage = work->stages + work->count++;
    const nn_step step = square_as_product(steps[k]);
    stage->step = step, stage->fused = NULL;
    if (!step.binary) continue;
    stage->operands[0] = step.a, stage->operands[1] = stage->operands[2] = step.b;
    if (step.result >= 0) {
      const nn_step next = square_as_product(steps[k + 1]);
      const bool is_left = next.a.between == step.result, is_right = next.b.between == step.result;
      if (next.binary && is_left != is_right) stage->fused = fused_pair(step.binary, next.binary, is_left);
      if (stage->fused) stage->step = next, stage->operands[2] = is_left ? next.b : next.a, k++;
    }
    if (!stage->fused) stage->fused = fused_single(step.binary);
  }
}

void nn_run_chain(const nn_step *steps, int count, ptrdiff_t rows, ptrdiff_t columns, double *result,
                  const nn_flag *flag) {
  if (rows == 0 || columns == 0) return;
  bool flat = true;
  for (int k = 0; k < count; k++)
    flat = flat && is_flat(&steps[k].a, columns) && (steps[k].unary || is_flat(&steps[k].b, columns));
  if (flat) columns *= rows, rows = 1;
  const ptrdiff_t across = (columns + PART - 1) / PART, rows_in_part = columns < PART ? PART / columns : 1;
  chain work;
  work.count = 0, work.rows = rows, work.columns = columns, work.rows_in_part = rows_in_part;
  work.columns_in_part = PART, work.parts_across = across, work.result = result, work.flag = flag;
  work.streamed = is_streamed(steps, count, rows * columns, result);
  fuse(steps, count, &work);
  parallel_run((rows + rows_in_part - 1) / rows_in_part * across, part, &work);
}
