// exp, log, tanh and what is made of them, several elements at a time.
//
// glibc's vector library (libmvec) has one routine per width, exp is our own; the widest that the processor has is
// picked when the program starts. Ends of arrays are padded and go through the same routine. Where there is no such library the
// same formulas run one element at a time.
#include "nn_elementwise.h"
#include <math.h>
#include <string.h>

#pragma STDC FP_CONTRACT OFF

typedef struct {
  void (*exp)(ptrdiff_t, const double *, double *);
  void (*log)(ptrdiff_t, const double *, double *);
  void (*tanh)(ptrdiff_t, const double *, double *);
  void (*erf)(ptrdiff_t, const double *, double *);
  void (*sigmoid)(ptrdiff_t, const double *, double *);
  void (*softplus)(ptrdiff_t, const double *, double *);
  void (*gelu)(ptrdiff_t, const double *, double *);
  void (*elu)(ptrdiff_t, const double *, ptrdiff_t, const double *, ptrdiff_t, double *);
} vector_math;

#define PASTE_(a, b) a##b
#define PASTE(a, b) PASTE_(a, b)

// ---- one at a time ------------------------------------------------------------
#define WIDTH 1
#define NAME(name) PASTE(name, _1)
#define TARGET
#define MATH(name) name
typedef double v1;
#define V v1
#define ABS(x) fabs(x)
#define SELECT(condition, a, b) ((condition) ? (a) : (b))
#define SPLAT(x) (x)
#include "vectormath_lanes.h"
#undef WIDTH
#undef NAME
#undef TARGET
#undef MATH
#undef V
#undef ABS
#undef SELECT
#undef SPLAT

#if defined(__x86_64__) && defined(__linux__) && defined(__GLIBC__)
#define HAS_LIBMVEC 1

typedef double v2 __attribute__((vector_size(16), aligned(16)));
typedef double v4 __attribute__((vector_size(32), aligned(32)));
typedef double v8 __attribute__((vector_size(64), aligned(64)));
typedef long long m2 __attribute__((vector_size(16)));
typedef long long m4 __attribute__((vector_size(32)));
typedef long long m8 __attribute__((vector_size(64)));

// log is in every libmvec; the others came with glibc 2.35, so an older one leaves them null.
#define DECLARE(V, prefix, attribute)                                                                        \
  extern attribute V prefix##log(V);                                                                         \
  extern attribute __attribute__((weak)) V prefix##tanh(V);                                                  \
  extern attribute __attribute__((weak)) V prefix##expm1(V);                                                 \
  extern attribute __attribute__((weak)) V prefix##log1p(V);                                                 \
  extern attribute __attribute__((weak)) V prefix##erf(V);                                                   \
  extern attribute __attribute__((weak)) V prefix##erfc(V);
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wpsabi"
DECLARE(v2, _ZGVbN2v_, )
DECLARE(v4, _ZGVdN4v_, __attribute__((target("avx2,fma"))))
DECLARE(v8, _ZGVeN8v_, __attribute__((target("avx512f"))))

#define ABS(x) __builtin_elementwise_abs(x)
#define MAX(x, y) __builtin_elementwise_max(x, y)
#define MIN(x, y) __builtin_elementwise_min(x, y)
#define SELECT(condition, a, b) ((V)(((condition) & (M)(a)) | (~(condition) & (M)(b))))
#define SPLAT(x) ((V){} + (x))

#define WIDTH 2
#define V v2
#define M m2
#define NAME(name) PASTE(name, _2)
#define TARGET
#define MATH(name) PASTE(_ZGVbN2v_, name)
#define FMA(a, b, c) ((a) * (b) + (c))
#include "vectormath_lanes.h"
#undef WIDTH
#undef V
#undef M
#undef NAME
#undef TARGET
#undef MATH
#undef FMA

#define WIDTH 4
#define V v4
#define M m4
#define NAME(name) PASTE(name, _4)
#define TARGET __attribute__((target("avx2,fma")))
#define MATH(name) PASTE(_ZGVdN4v_, name)
#define FMA(a, b, c) __builtin_elementwise_fma(a, b, c)
#include "vectormath_lanes.h"
#undef WIDTH
#undef V
#undef M
#undef NAME
#undef TARGET
#undef MATH

#define WIDTH 8
#define V v8
#define M m8
#define NAME(name) PASTE(name, _8)
#define TARGET __attribute__((target("avx512f")))
#define MATH(name) PASTE(_ZGVeN8v_, name)
#include "vectormath_lanes.h"
#pragma clang diagnostic pop
#endif

// ---- the pick -------------------------------------------------------------------
static vector_math chosen = {exp_1, log_1, tanh_1, erf_1, sigmoid_1, softplus_1, gelu_1, elu_1};

#ifdef HAS_LIBMVEC
__attribute__((constructor)) static void choose_width(void) {
  if (!_ZGVbN2v_tanh) return;
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f"))
    chosen = (vector_math){exp_8, log_8, tanh_8, erf_8, sigmoid_8, softplus_8, gelu_8, elu_8};
  else if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    chosen = (vector_math){exp_4, log_4, tanh_4, erf_4, sigmoid_4, softplus_4, gelu_4, elu_4};
  else
    chosen = (vector_math){exp_2, log_2, tanh_2, erf_2, sigmoid_2, softplus_2, gelu_2, elu_2};
}
#endif

NN_UNARY(exp) { chosen.exp(n, x, y); }
NN_UNARY(log) { chosen.log(n, x, y); }
NN_UNARY(tanh) { chosen.tanh(n, x, y); }
NN_UNARY(erf) { chosen.erf(n, x, y); }
NN_UNARY(sigmoid) { chosen.sigmoid(n, x, y); }
NN_UNARY(softplus) { chosen.softplus(n, x, y); }
NN_UNARY(gelu) { chosen.gelu(n, x, y); }
NN_BINARY(elu) { chosen.elu(n, a, a_step, b, b_step, y); }
