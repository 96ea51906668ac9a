#include "sparse_holes.h"

#include <stdio.h>
#include <string.h>

#include "cpl_error.h"
#include "gdal.h"

// Whether a block is not stored, by both ways that GDAL has to tell, because each is wrong at times: the coverage also
// calls those empty whose zeros the file system does not store, and where GDAL cuts the only strip of a file into rows,
// those have no offset of their own. The first question is the cheap one.
static int lacks(GDALRasterBandH band, int bx, int by, int px, int py) {
  char item[64];
  snprintf(item, sizeof item, "BLOCK_OFFSET_%d_%d", bx, by);
  // After a failure nothing more is asked: libtiff aborts the process when it is used on a directory that it half knows.
  return !GDALGetMetadataItem(band, item, "TIFF") && CPLGetLastErrorType() < CE_Failure &&
         (GDALGetDataCoverageStatus(band, px, py, 1, 1, 0, NULL) & GDAL_DATA_COVERAGE_STATUS_EMPTY);
}

int tuban_holes(void *dataset, const int *bands, int nbands, int x, int y, int w, int h, unsigned char *holes) {
  int count = 0;
  CPLErrorReset();
  const char *interleave = GDALGetMetadataItem(dataset, "INTERLEAVE", "IMAGE_STRUCTURE");
  if (interleave && !strcmp(interleave, "PIXEL")) nbands = 1;
  for (int i = 0; i < nbands; i++) {
    GDALRasterBandH band = GDALGetRasterBand(dataset, bands[i]);
    if (!band) continue;
    int bw, bh;
    GDALGetBlockSize(band, &bw, &bh);
    int bx0 = x / bw, by0 = y / bh, bx1 = (x + w - 1) / bw, by1 = (y + h - 1) / bh;
    for (int by = by0; by <= by1; by++) {
      for (int bx = bx0; bx <= bx1; bx++) {
        unsigned char *hole = &holes[(size_t)(by - by0) * (size_t)(bx1 - bx0 + 1) + (size_t)(bx - bx0)];
        int px = bx * bw > x ? bx * bw : x, py = by * bh > y ? by * bh : y;
        if (!*hole && lacks(band, bx, by, px, py)) {
          *hole = 1;
          count++;
        }
        if (CPLGetLastErrorType() >= CE_Failure) return count;
      }
    }
  }
  return count;
}
