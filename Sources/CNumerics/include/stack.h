// The current thread's stack, for recursion that must stop before its end.
#ifndef CNUMERICS_STACK_H
#define CNUMERICS_STACK_H
#include <stdint.h>

// The lowest address of the current thread's stack; 0 when the system does not say.
uintptr_t nn_stack_lowest_address(void);

#endif
