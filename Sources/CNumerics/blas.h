// The routines of BLAS that are used, with 32-bit integers; OpenBLAS and Accelerate have both.
#ifndef NN_BLAS_H
#define NN_BLAS_H

enum { ROW_MAJOR = 101, AS_IS = 111, TRANSPOSED = 112 };
void cblas_dgemm(int order, int transpose_a, int transpose_b, int m, int n, int k, double alpha, const double *a,
                 int a_stride, const double *b, int b_stride, double beta, double *c, int c_stride);
void cblas_dgemv(int order, int transpose, int m, int n, double alpha, const double *a, int stride,
                 const double *x, int x_step, double beta, double *y, int y_step);

#if defined(__linux__)
void openblas_set_num_threads(int) __attribute__((weak));
#endif

#endif
