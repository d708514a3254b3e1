// libzip's own header, made importable from Swift.
#ifndef CZIP_H
#define CZIP_H
#include <zip.h>
#endif
