#define _GNU_SOURCE
#include "CLinux.h"

#include <fcntl.h>
#include <stdio.h>

const unsigned int clinux_rename_noreplace = RENAME_NOREPLACE;
const unsigned int clinux_rename_exchange = RENAME_EXCHANGE;

int clinux_rename(const char *from, const char *to, unsigned int flags) {
    return renameat2(AT_FDCWD, from, AT_FDCWD, to, flags);
}
