// A panel of a product for one width: V holds WIDTH doubles. HEIGHT times PANEL vectors of sums, PANEL of the right operand
// and two more have to fit the registers: one less, and the compiler keeps a sum in memory, which doubles the time.

// `height` rows of `vectors` vectors, the last of which may be cut off: y = a*b, or y + a*b where `more` of k came before.
TARGET static inline __attribute__((always_inline)) void NAME(tile)(int height, int vectors, bool cut, MASK mask,
                                                                    ptrdiff_t k, strided a, strided b, double *y,
                                                                    ptrdiff_t y_row, bool more) {
  V sum[HEIGHT][PANEL], row[PANEL];
#define EVERY_ROW UNROLLED for (int i = 0; i < height; i++)
#define EVERY_VECTOR UNROLLED for (int j = 0; j < vectors; j++)
#define LOADED(from) (cut && j + 1 == vectors ? LOAD_SOME(from, mask) : LOAD(from))
  // -0 is what nothing is changed by, be it 0 or -0, when it is added.
  EVERY_ROW EVERY_VECTOR sum[i][j] = more ? LOADED(y + i * y_row + j * WIDTH) : ALL(-0.0);
  for (ptrdiff_t p = 0; p < k; p++) {
    EVERY_VECTOR row[j] = LOADED(b.x + p * b.row + j * WIDTH);
    EVERY_ROW EVERY_VECTOR sum[i][j] += a.x[i * a.row + p * a.step] * row[j];
  }
  EVERY_ROW EVERY_VECTOR {
    double *to = y + i * y_row + j * WIDTH;
    if (cut && j + 1 == vectors) STORE_SOME(to, mask, sum[i][j]);
    else STORE(to, sum[i][j]);
  }
#undef EVERY_ROW
#undef EVERY_VECTOR
#undef LOADED
}

TARGET static inline __attribute__((always_inline)) void NAME(bands)(int vectors, bool cut, MASK mask, ptrdiff_t m,
                                                                     ptrdiff_t k, strided a, strided b, double *y,
                                                                     ptrdiff_t y_row, bool more) {
#define BAND(height)                                                                  \
  do {                                                                                \
    NAME(tile)(height, vectors, cut, mask, k, a, b, y, y_row, more);                  \
    a.x += height * a.row, y += height * y_row, m -= height;                          \
  } while (0)
  while (m >= HEIGHT) BAND(HEIGHT);
  if (HEIGHT > 4 && m >= 4) BAND(4);
  if (m >= 2) BAND(2);
  if (m >= 1) BAND(1);
#undef BAND
}

// `columns` columns of the result, at most PANEL vectors, and all of its rows.
TARGET static void NAME(panel)(ptrdiff_t m, ptrdiff_t columns, ptrdiff_t k, strided a, strided b, double *y,
                               ptrdiff_t y_row, bool more) {
  const int left = columns % WIDTH;
  const MASK mask = SOME(left);
  switch ((columns - 1) / WIDTH * 2 + (left != 0)) {
    case 0: NAME(bands)(1, false, mask, m, k, a, b, y, y_row, more); break;
    case 1: NAME(bands)(1, true, mask, m, k, a, b, y, y_row, more); break;
    case 2: NAME(bands)(2, false, mask, m, k, a, b, y, y_row, more); break;
    case 3: NAME(bands)(2, true, mask, m, k, a, b, y, y_row, more); break;
#if PANEL > 2
    case 4: NAME(bands)(3, false, mask, m, k, a, b, y, y_row, more); break;
    default: NAME(bands)(3, true, mask, m, k, a, b, y, y_row, more);
#endif
  }
}
