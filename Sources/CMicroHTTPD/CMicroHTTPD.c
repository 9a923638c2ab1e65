#include "CMicroHTTPD.h"
const uint64_t cmhd_size_unknown = MHD_SIZE_UNKNOWN;
