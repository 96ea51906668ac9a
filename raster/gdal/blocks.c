#include "blocks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cpl_conv.h"
#include "cpl_error.h"
#include "cpl_vsi.h"
#include "gdal.h"
#include "integers.h"

int tuban_block_range(void *dataset, int band, int bx, int by, uint64_t *offset, uint64_t *size) {
  GDALRasterBandH b = GDALGetRasterBand(dataset, band);
  char item[64];
  CPLErrorReset();
  snprintf(item, sizeof item, "BLOCK_OFFSET_%d_%d", bx, by);
  const char *text = b ? GDALGetMetadataItem(b, item, "TIFF") : NULL;
  if (!text) return 0;
  *offset = strtoull(text, NULL, 10);
  snprintf(item, sizeof item, "BLOCK_SIZE_%d_%d", bx, by);
  text = GDALGetMetadataItem(b, item, "TIFF");
  if (!text || CPLGetLastErrorType() >= CE_Failure) return 0;
  *size = strtoull(text, NULL, 10);
  return *offset != 0 && *size != 0;
}

void *tuban_block_open(const char *path) {
  VSILFILE *f = VSIFOpenL(path, "rb");
  if (!f) return NULL;
  const uint16_t one = 1;
  const char *order = *(const char *)&one ? "II" : "MM";
  char begin[2];
  if (VSIFReadL(begin, 1, 2, f) != 2 || memcmp(begin, order, 2) != 0) {
    VSIFCloseL(f);
    return NULL;
  }
  return f;
}

void tuban_block_close(void *file) { VSIFCloseL(file); }

int tuban_block_bytes(void *file, uint64_t offset, void *to, size_t n) {
  return VSIFSeekL(file, offset, SEEK_SET) == 0 && VSIFReadL(to, 1, n, file) == n;
}

size_t tuban_block_inflate(const void *from, size_t n, void *to, size_t room) {
  size_t out = 0;
  return CPLZLibInflate(from, n, to, room, &out) ? out : 0;
}

// Four samples of 16 bits, the commonest pixel, are summed in one register.
typedef uint16_t four __attribute__((vector_size(8)));

static void sum4x16(uint16_t *p, int n) {
  four sum = {0}, v;
  for (int i = 0; i < n; i++, p += 4) {
    memcpy(&v, p, sizeof v);
    sum += v;
    memcpy(p, &sum, sizeof sum);
  }
}

static void sum16(uint16_t *p, int samples, int n) {
  for (int i = samples; i < n * samples; i++) p[i] = (uint16_t)(p[i] + p[i - samples]);
}

static void sum8(uint8_t *p, int samples, int n) {
  for (int i = samples; i < n * samples; i++) p[i] = (uint8_t)(p[i] + p[i - samples]);
}

static void unpredict(void *row, int bytes, int samples, int n) {
  if (bytes == 1) sum8(row, samples, n);
  else if (samples == 4) sum4x16(row, n);
  else sum16(row, samples, n);
}

int tuban_block_take(void *block, int bytes, int samples, int row, int predicted, int x, int w, int h, const int *select, int selected,
                     void *to, size_t to_row, int sought) {
  size_t pixel = (size_t)samples * (size_t)bytes, taken = (size_t)w * (size_t)(select ? selected : samples);
  int found = 0;
  for (int y = 0; y < h; y++) {
    char *from = (char *)block + (size_t)y * (size_t)row * pixel, *dst = (char *)to + (size_t)y * to_row, *p = dst;
    if (predicted) unpredict(from, bytes, samples, x + w);
    from += (size_t)x * pixel;
    if (!select) {
      memcpy(dst, from, (size_t)w * pixel);
    } else if (bytes == 1) {
      for (int i = 0; i < w; i++, from += pixel)
        for (int k = 0; k < selected; k++) *p++ = from[select[k]];
    } else {
      for (int i = 0; i < w; i++, from += pixel)
        for (int k = 0; k < selected; k++, p += 2) memcpy(p, from + 2 * select[k], 2);
    }
    // While the row is in the nearest cache; afterwards it would be a pass of its own.
    if (sought >= 0 && !found) found = tuban_any(bytes == 1 ? TUBAN_UINT8 : TUBAN_UINT16, dst, taken, sought);
  }
  return found;
}
