// How one C function becomes machine code for several widths of vectors.
#ifndef NN_CLONES_H
#define NN_CLONES_H

// The loader picks the clone for this processor. The bits do not depend on the pick: lanes are independent, and
// no product is contracted with a sum.
#if defined(__x86_64__) && defined(__linux__)
#define NN_CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
// Clones whose sums of products may be fused, for the kernels of products, which agree with one another.
#define NN_FUSED_CLONES __attribute__((target_clones("avx512f", "arch=x86-64-v3", "default")))
#else
#define NN_CLONES
#define NN_FUSED_CLONES
#endif

// The result may be an operand itself (never overlap it shifted), so elements are independent.
#define NN_INDEPENDENT _Pragma("clang loop vectorize(assume_safety) interleave(enable)")

#endif
