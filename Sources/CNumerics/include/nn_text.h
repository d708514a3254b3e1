#ifndef NN_TEXT_H
#define NN_TEXT_H
#include <stdio.h>

// `value` as printf writes it with %.*f, %.*e or %.*g, whichever letter `notation` is; the result is snprintf's. Swift
// cannot call that, and its lists of arguments cost half a millisecond when the first is made.
static inline int nn_print_number(char *_Nonnull text, size_t capacity, char notation, int digits, double value) {
  switch (notation) {
  case 'f': return snprintf(text, capacity, "%.*f", digits, value);
  case 'e': return snprintf(text, capacity, "%.*e", digits, value);
  default: return snprintf(text, capacity, "%.*g", digits, value);
  }
}

#endif
