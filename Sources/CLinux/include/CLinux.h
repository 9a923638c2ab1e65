#ifndef CLINUX_H
#define CLINUX_H

/// Kernel calls that Swift's Glibc module does not offer. Each returns what the
/// call returns and leaves the reason in `errno`.

/// `renameat2(2)`, with paths relative to nothing (both absolute).
int clinux_rename(const char *from, const char *to, unsigned int flags);

/// Refuse to replace an existing file.
extern const unsigned int clinux_rename_noreplace;
/// Swap the two names in one step.
extern const unsigned int clinux_rename_exchange;

#endif
