// GDAL's files, served by Go: see mount.go.
#ifndef TUBAN_MOUNT_VSI_H
#define TUBAN_MOUNT_VSI_H

#include <stddef.h>
#include <stdint.h>

// Makes GDAL read what begins with prefix through the mount of that number. Returns 0 when it cannot be registered.
int tuban_mount(const char *prefix, int number);

// Says to whom reads on this thread report their errors: a handle of Go's, 0 for nobody.
void tuban_listen(uintptr_t listener);

#endif
