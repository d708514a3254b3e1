// OpenBLAS on Linux, opened when a routine of it is first needed. Linked, it would have the loader look up fourteen
// thousand names at every start, which takes longer than everything else until `1+1` is answered.
#ifndef NN_OPENBLAS_H
#define NN_OPENBLAS_H
#include <stdbool.h>
#include "blas.h"
#include "lapack.h"

// Whether the routines below can be called.
bool has_linear_library(void);

#if defined(__linux__)

// Every routine that is used, once.
#define OPENBLAS_ROUTINES(USE)                                                                             \
  USE(cblas_dgemm) USE(dgetrf_) USE(dgetrs_) USE(dgetri_) USE(dlange_) USE(dgecon_) USE(dgelsd_)           \
  USE(dsyevd_) USE(dgeev_) USE(dgesdd_)

typedef struct {
#define USE(name) __typeof__(name) *name;
  OPENBLAS_ROUTINES(USE)
#undef USE
} openblas_routines;

// Null where the library cannot be opened.
const openblas_routines *openblas(void);

#if !defined(OPENBLAS_ITSELF)
#define cblas_dgemm (openblas()->cblas_dgemm)
#define dgetrf_ (openblas()->dgetrf_)
#define dgetrs_ (openblas()->dgetrs_)
#define dgetri_ (openblas()->dgetri_)
#define dlange_ (openblas()->dlange_)
#define dgecon_ (openblas()->dgecon_)
#define dgelsd_ (openblas()->dgelsd_)
#define dsyevd_ (openblas()->dsyevd_)
#define dgeev_ (openblas()->dgeev_)
#define dgesdd_ (openblas()->dgesdd_)
#endif

#endif
#endif
