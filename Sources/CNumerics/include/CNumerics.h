// The numeric floor of nnrepl: an interrupt flag, vector kernels, BLAS and LAPACK.
#ifndef CNUMERICS_H
#define CNUMERICS_H
#include "nn_chain.h"
#include "nn_costs.h"
#include "nn_elementwise.h"
#include "nn_flag.h"
#include "nn_linear.h"
#include "nn_memory.h"
#include "nn_products.h"
#include "nn_reductions.h"
#include "nn_text.h"
#include "stack.h"
#endif
