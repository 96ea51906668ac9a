// What a file does not store: see sparse.go.
#ifndef TUBAN_SPARSE_HOLES_H
#define TUBAN_SPARSE_HOLES_H

// Marks the storage blocks under the window x, y, w, h, in pixels, that the file does not store in one of the bands;
// bands are counted from 1. holes has a byte, 0 before the call, for each block that the window touches, row by row.
// Returns how many were marked, of the first blocks only when GDAL reported a failure.
int tuban_holes(void *dataset, const int *bands, int nbands, int x, int y, int w, int h, unsigned char *holes);

#endif
