#include "vector_ogr.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Messages beyond this many bytes in one call are dropped: a damaged file may complain of each of its features.
enum { MAX_LOG = 1 << 16 };

static unsigned char *reserve(tuban_buffer *b, size_t n) {
  if (b->len + n > b->cap) {
    size_t cap = b->cap ? b->cap : 4096;
    while (cap < b->len + n) cap *= 2;
    unsigned char *data = realloc(b->data, cap);
    if (!data) abort();
    b->data = data;
    b->cap = cap;
  }
  unsigned char *p = b->data + b->len;
  b->len += n;
  return p;
}

static void put(tuban_buffer *b, const void *p, size_t n) {
  if (n) memcpy(reserve(b, n), p, n);
}

static void put_text(tuban_buffer *b, const char *s) {
  uint32_t n = s ? (uint32_t)strlen(s) : 0;
  put(b, &n, sizeof n);
  put(b, s, n);
}

void tuban_buffer_free(tuban_buffer *b) {
  free(b->data);
  b->data = NULL;
  b->len = b->cap = 0;
}

static void CPL_STDCALL collect(CPLErr class, CPLErrorNum code, const char *text) {
  tuban_buffer *log = CPLGetErrorHandlerUserData();
  if (class == CE_Debug || log->len > MAX_LOG) return;
  int32_t head[2] = {class, code};
  put(log, head, sizeof head);
  put_text(log, text);
}

void tuban_log_begin(tuban_buffer *log) { CPLPushErrorHandlerEx(collect, log); }

void tuban_log_end(void) { CPLPopErrorHandler(); }

// Numbers are written without the padding of their column; whole ones without exponent, so that long identifiers in
// a column of reals survive.
static void put_field(tuban_buffer *out, OGRFeatureH f, int i) {
  char text[64];
  if (i == -1) {
    snprintf(text, sizeof text, "%lld", (long long)OGR_F_GetFID(f));
    put_text(out, text);
    return;
  }
  if (i < 0 || !OGR_F_IsFieldSetAndNotNull(f, i)) {
    put_text(out, NULL);
    return;
  }
  OGRFieldType type = OGR_Fld_GetType(OGR_F_GetFieldDefnRef(f, i));
  if (type == OFTDate || type == OFTDateTime) {
    int year, month, day, hour, minute, second, zone;
    OGR_F_GetFieldAsDateTime(f, i, &year, &month, &day, &hour, &minute, &second, &zone);
    snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, day);
    put_text(out, text);
    return;
  }
  if (type == OFTReal) {
    double v = OGR_F_GetFieldAsDouble(f, i);
    if (v == floor(v) && fabs(v) < 1e19)
      snprintf(text, sizeof text, "%.0f", v);
    else
      snprintf(text, sizeof text, "%.15g", v);
    put_text(out, text);
    return;
  }
  put_text(out, OGR_F_GetFieldAsString(f, i));
}

static int is_surface(OGRGeometryH g) {
  OGRwkbGeometryType t = wkbFlatten(OGR_G_GetGeometryType(g));
  return t == wkbTIN || t == wkbPolyhedralSurface || t == wkbTriangle;
}

static int has_surface(OGRGeometryH g) {
  if (is_surface(g)) return 1;
  if (wkbFlatten(OGR_G_GetGeometryType(g)) != wkbGeometryCollection) return 0;
  for (int i = 0; i < OGR_G_GetGeometryCount(g); i++)
    if (has_surface(OGR_G_GetGeometryRef(g, i))) return 1;
  return 0;
}

// Adds the faces and polygons within g to a MultiPolygon.
static void add_polygons(OGRGeometryH polygons, OGRGeometryH g) {
  OGRwkbGeometryType t = wkbFlatten(OGR_G_GetGeometryType(g));
  if (t == wkbPolygon || t == wkbTriangle) {
    OGR_G_AddGeometryDirectly(polygons, OGR_G_ForceToPolygon(OGR_G_Clone(g)));
    return;
  }
  if (!is_surface(g) && t != wkbGeometryCollection && t != wkbMultiPolygon) return;
  for (int i = 0; i < OGR_G_GetGeometryCount(g); i++) add_polygons(polygons, OGR_G_GetGeometryRef(g, i));
}

// Makes g something that every reader of WKB knows: straight edges, no surfaces of triangles, two dimensions.
static OGRGeometryH plain(OGRGeometryH g) {
  if (OGR_G_HasCurveGeometry(g, FALSE)) {
    OGRGeometryH straight = OGR_G_GetLinearGeometry(g, 0, NULL);
    OGR_G_DestroyGeometry(g);
    g = straight;
    if (!g) return NULL;
  }
  if (has_surface(g)) {
    OGRGeometryH polygons = OGR_G_CreateGeometry(wkbMultiPolygon);
    add_polygons(polygons, g);
    OGR_G_DestroyGeometry(g);
    g = polygons;
  }
  OGR_G_FlattenTo2D(g);
  return g;
}

// A feature that arrived with a failure and without geometry had one that the driver could not read.
static void put_geometry(tuban_buffer *out, OGRFeatureH f, OGRCoordinateTransformationH transform) {
  OGRGeometryH g = OGR_F_StealGeometry(f);
  uint32_t none = 0;
  put_text(out, g ? OGR_G_GetGeometryName(g) : NULL);
  const char *problem = !g && CPLGetLastErrorType() >= CE_Failure ? "its geometry is damaged" : NULL;
  if (g) {
    g = plain(g);
    if (!g) problem = "its curves cannot be made straight";
  }
  if (g && !OGR_G_IsEmpty(g) && transform && OGR_G_Transform(g, transform) != OGRERR_NONE)
    problem = "its coordinates cannot be transformed";
  put_text(out, problem);
  int size = g && !problem && !OGR_G_IsEmpty(g) ? OGR_G_WkbSize(g) : 0;
  if (size > 0) {
    uint32_t n = (uint32_t)size;
    put(out, &n, sizeof n);
    OGR_G_ExportToIsoWkb(g, wkbNDR, reserve(out, n));
  } else {
    put(out, &none, sizeof none);
  }
  if (g) OGR_G_DestroyGeometry(g);
}

int tuban_read(tuban_reader *r, int max, size_t bytes, tuban_buffer *out) {
  int n = 0;
  while (n < max && out->len < bytes) {
    CPLErrorReset();
    OGRFeatureH f = OGR_L_GetNextFeature(r->layer);
    if (!f) {
      r->end = CPLGetLastErrorType() >= CE_Failure ? 2 : 1;
      break;
    }
    int64_t id = OGR_F_GetFID(f);
    put(out, &id, sizeof id);
    put_geometry(out, f, r->transform);
    for (int i = 0; i < r->nfields; i++) put_field(out, f, r->fields[i]);
    OGR_F_Destroy(f);
    n++;
  }
  r->read += n;
  return n;
}

static uint32_t get_length(const unsigned char **p) {
  uint32_t n;
  memcpy(&n, *p, sizeof n);
  *p += sizeof n;
  return n;
}

// Gives f the geometry at wkb in the type of the layer; 0 when it does not fit.
static int set_geometry(OGRFeatureH f, OGRwkbGeometryType type, const unsigned char *wkb, uint32_t n) {
  OGRGeometryH g = NULL;
  if (OGR_G_CreateFromWkb(wkb, NULL, &g, (int)n) != OGRERR_NONE) {
    CPLError(CE_Failure, CPLE_AppDefined, "the geometry is not well-known binary");
    return 0;
  }
  if (type == wkbMultiPolygon && wkbFlatten(OGR_G_GetGeometryType(g)) == wkbPolygon) g = OGR_G_ForceToMultiPolygon(g);
  if (type == wkbPolygon && wkbFlatten(OGR_G_GetGeometryType(g)) == wkbMultiPolygon && OGR_G_GetGeometryCount(g) == 1)
    g = OGR_G_ForceToPolygon(g);
  if (type != wkbUnknown && OGR_G_GetGeometryType(g) != type) {
    CPLError(CE_Failure, CPLE_AppDefined, "a %s does not fit a layer of %s", OGR_G_GetGeometryName(g),
             OGRGeometryTypeToName(type));
    OGR_G_DestroyGeometry(g);
    return 0;
  }
  return OGR_F_SetGeometryDirectly(f, g) == OGRERR_NONE;
}

// Gives the field i of f a text; a day is one of UTC, for drivers that store it with a time.
static void set_text(OGRFeatureH f, int i, const char *text) {
  int year, month, day;
  if (OGR_Fld_GetType(OGR_F_GetFieldDefnRef(f, i)) == OFTDate && sscanf(text, "%d-%d-%d", &year, &month, &day) == 3)
    OGR_F_SetFieldDateTime(f, i, year, month, day, 0, 0, 0, 100);
  else
    OGR_F_SetFieldString(f, i, text);
}

int tuban_write(OGRLayerH layer, OGRwkbGeometryType type, int nfields, const unsigned char *data, size_t len) {
  OGRFeatureDefnH defn = OGR_L_GetLayerDefn(layer);
  tuban_buffer text = {0};
  const unsigned char *p = data;
  int rows = 0;
  while (p < data + len) {
    OGRFeatureH f = OGR_F_Create(defn);
    uint32_t n = get_length(&p);
    int ok = n == 0 || set_geometry(f, type, p, n);
    p += n;
    for (int i = 0; i < nfields; i++) {
      double real;
      int64_t whole;
      switch (*p++) {
        case 0:
          OGR_F_SetFieldNull(f, i);
          break;
        case 1:
          n = get_length(&p);
          text.len = 0;
          put(&text, p, n);
          *reserve(&text, 1) = 0;
          set_text(f, i, (const char *)text.data);
          p += n;
          break;
        case 2:
          memcpy(&real, p, sizeof real);
          OGR_F_SetFieldDouble(f, i, real);
          p += sizeof real;
          break;
        case 3:
          memcpy(&whole, p, sizeof whole);
          OGR_F_SetFieldInteger64(f, i, whole);
          p += sizeof whole;
          break;
      }
    }
    ok = ok && OGR_L_CreateFeature(layer, f) == OGRERR_NONE;
    OGR_F_Destroy(f);
    if (!ok) break;
    rows++;
  }
  tuban_buffer_free(&text);
  return rows;
}
