// The routines of LAPACK that are used. A Fortran compiler passes the length of each text argument after all
// others; leaving them out is undefined, and C implementations ignore them.
#ifndef NN_LAPACK_H
#define NN_LAPACK_H
#include <stddef.h>

typedef int integer;

void dgetrf_(const integer *m, const integer *n, double *a, const integer *lda, integer *pivots, integer *info);
void dgetrs_(const char *trans, const integer *n, const integer *nrhs, const double *a, const integer *lda,
             const integer *pivots, double *b, const integer *ldb, integer *info, size_t);
void dgetri_(const integer *n, double *a, const integer *lda, const integer *pivots, double *work,
             const integer *lwork, integer *info);
double dlange_(const char *norm, const integer *m, const integer *n, const double *a, const integer *lda,
               double *work, size_t);
void dgecon_(const char *norm, const integer *n, const double *a, const integer *lda, const double *anorm,
             double *rcond, double *work, integer *iwork, integer *info, size_t);
void dgelsd_(const integer *m, const integer *n, const integer *nrhs, double *a, const integer *lda, double *b,
             const integer *ldb, double *s, const double *rcond, integer *rank, double *work,
             const integer *lwork, integer *iwork, integer *info);
void dsyevd_(const char *jobz, const char *uplo, const integer *n, double *a, const integer *lda, double *w,
             double *work, const integer *lwork, integer *iwork, const integer *liwork, integer *info, size_t,
             size_t);
void dgeev_(const char *jobvl, const char *jobvr, const integer *n, double *a, const integer *lda, double *wr,
            double *wi, double *vl, const integer *ldvl, double *vr, const integer *ldvr, double *work,
            const integer *lwork, integer *info, size_t, size_t);
void dgesdd_(const char *jobz, const integer *m, const integer *n, double *a, const integer *lda, double *s,
             double *u, const integer *ldu, double *vt, const integer *ldvt, double *work, const integer *lwork,
             integer *iwork, integer *info, size_t);

#endif
