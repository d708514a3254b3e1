// The routine of BLAS that is used, with 32-bit integers; OpenBLAS and Accelerate have it.
#ifndef NN_BLAS_H
#define NN_BLAS_H

enum { ROW_MAJOR = 101, AS_IS = 111, TRANSPOSED = 112 };
void cblas_dgemm(int order, int transpose_a, int transpose_b, int m, int n, int k, double alpha, const double *a,
                 int a_stride, const double *b, int b_stride, double beta, double *c, int c_stride);

#endif
