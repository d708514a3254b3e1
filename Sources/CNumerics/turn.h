// Turning part of a matrix.
#ifndef NN_TURN_H
#define NN_TURN_H
#include <stddef.h>

// y[j][i] = x[i][j] for `rows` rows and `columns` columns of x, rows lying x_row and y_row apart.
void turn(ptrdiff_t rows, ptrdiff_t columns, const double *x, ptrdiff_t x_row, double *y, ptrdiff_t y_row);

#endif
