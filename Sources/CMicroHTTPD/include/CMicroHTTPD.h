#ifndef CMICROHTTPD_H
#define CMICROHTTPD_H
#include <microhttpd.h>
#include <stdint.h>
#include <stdbool.h>
extern const uint64_t cmhd_size_unknown;
#endif
