// Batches of features across the border between Go and OGR: one call moves hundreds of them.
#ifndef TUBAN_VECTOR_OGR_H
#define TUBAN_VECTOR_OGR_H

#include <stddef.h>

#include "cpl_conv.h"
#include "cpl_error.h"
#include "gdal.h"
#include "ogr_api.h"
#include "ogr_srs_api.h"

// A byte string that grows. All numbers in it are in the machine's own byte order.
typedef struct {
  unsigned char *data;
  size_t len, cap;
} tuban_buffer;

void tuban_buffer_free(tuban_buffer *b);

// Collects what GDAL says on this thread until tuban_log_end: per message int32 class, int32 code, uint32 length, text.
void tuban_log_begin(tuban_buffer *log);
void tuban_log_end(void);

typedef struct {
  OGRLayerH layer;
  OGRCoordinateTransformationH transform;  // NULL: coordinates as they are
  int nfields;
  const int *fields;  // indices of attributes; -1 is the feature id, -2 one that is always null
  long long read;     // features read so far
  int end;            // 1: the layer has been read; 2: the reading failed
} tuban_reader;

// Appends the next features to out until there are max of them or out holds about bytes bytes.
// Returns how many, and sets end when there are no more.
// Per feature: int64 id; then as uint32 length and text: type ("" for no geometry), problem, WKB, and each field.
int tuban_read(tuban_reader *r, int max, size_t bytes, tuban_buffer *out);

// Writes rows to layer as new features. Per row: uint32 length and WKB (length 0: no geometry), then per field
// a byte: 0 null; 1 text as uint32 length and bytes; 2 float64; 3 int64.
// Returns the number of rows written; fewer than there are means that the row of that number failed.
int tuban_write(OGRLayerH layer, OGRwkbGeometryType type, int nfields, const unsigned char *data, size_t len);

#endif
