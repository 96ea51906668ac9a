// For stat64, which GDAL speaks.
#define _GNU_SOURCE

#include "mount_vsi.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "_cgo_export.h"
#include "cpl_vsi.h"

static _Thread_local uintptr_t listener;

void tuban_listen(uintptr_t l) { listener = l; }

typedef struct {
  int mount;
  char *key;
  vsi_l_offset pos, size;
  int eof;
} file;

static long long size_of(int mount, const char *key) {
  long long size = tubanSize(mount, (char *)key, listener);
  if (size < 0) errno = size == -1 ? ENOENT : EIO;
  return size;
}

static int on_stat(void *mount, const char *key, VSIStatBufL *out, int flags) {
  (void)flags;
  long long size = size_of((int)(intptr_t)mount, key);
  if (size < 0) return -1;
  memset(out, 0, sizeof *out);
  out->st_mode = S_IFREG;
  out->st_size = size;
  return 0;
}

static void *on_open(void *mount, const char *key, const char *access) {
  if (strpbrk(access, "wa+")) {
    errno = EROFS;
    return NULL;
  }
  long long size = size_of((int)(intptr_t)mount, key);
  if (size < 0) return NULL;
  file *f = calloc(1, sizeof *f);
  char *copy = strdup(key);
  if (!f || !copy) {
    free(f);
    free(copy);
    errno = ENOMEM;
    return NULL;
  }
  f->mount = (int)(intptr_t)mount;
  f->key = copy;
  f->size = (vsi_l_offset)size;
  return f;
}

static int on_close(void *p) {
  file *f = p;
  free(f->key);
  free(f);
  return 0;
}

static vsi_l_offset on_tell(void *p) { return ((file *)p)->pos; }

static int on_seek(void *p, vsi_l_offset offset, int whence) {
  file *f = p;
  f->pos = offset + (whence == SEEK_CUR ? f->pos : whence == SEEK_END ? f->size : 0);
  f->eof = 0;
  return 0;
}

static int on_eof(void *p) { return ((file *)p)->eof; }

// What lies beyond the end is the file's own fault and no error of the storage: it is not asked for.
static size_t on_read(void *p, void *buf, size_t size, size_t count) {
  file *f = p;
  if (!size || !count || count > SIZE_MAX / size) return 0;
  size_t n = size * count;
  vsi_l_offset left = f->pos < f->size ? f->size - f->pos : 0;
  if (n > left) {
    n = (size_t)left;
    f->eof = 1;
  }
  if (n && tubanRead(f->mount, f->key, listener, buf, (long long)f->pos, (long long)n) != 0) {
    errno = EIO;
    return 0;
  }
  f->pos += n;
  return n / size;
}

static int on_read_multi(void *p, int n, void **bufs, const vsi_l_offset *offsets, const size_t *sizes) {
  file *f = p;
  for (int i = 0; i < n; i++)
    if (offsets[i] > f->size || sizes[i] > f->size - offsets[i]) return -1;
  if (n > 0 && tubanReadMulti(f->mount, f->key, listener, n, bufs, (unsigned long long *)offsets, (size_t *)sizes) != 0) {
    errno = EIO;
    return -1;
  }
  return 0;
}

int tuban_mount(const char *prefix, int number) {
  VSIFilesystemPluginCallbacksStruct *cb = VSIAllocFilesystemPluginCallbacksStruct();
  cb->pUserData = (void *)(intptr_t)number;
  cb->stat = on_stat;
  cb->open = on_open;
  cb->close = on_close;
  cb->tell = on_tell;
  cb->seek = on_seek;
  cb->eof = on_eof;
  cb->read = on_read;
  cb->read_multi_range = on_read_multi;
  // GDAL keeps the pointer, for as long as the process lives.
  int ok = VSIInstallPluginHandler(strdup(prefix), cb) == 0;
  VSIFreeFilesystemPluginCallbacksStruct(cb);
  return ok;
}
