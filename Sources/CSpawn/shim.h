#pragma once
#include <spawn.h>

// The C library's own additions to POSIX, which its headers show only to who asks for them before the first of them is read.
int memfd_create(const char *name, unsigned int flags);
int pipe2(int ends[2], int flags);
int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);

// MFD_CLOEXEC.
static const unsigned int cspawn_memfd_cloexec = 1;
