#include "nn_flag.h"

const nn_flag nn_never = {0};
