// Storage blocks of a TIFF: see blocks.go.
#ifndef TUBAN_BLOCKS_H
#define TUBAN_BLOCKS_H

#include <stddef.h>
#include <stdint.h>

// Finds the bytes of a storage block; 0 when the file does not store it, or GDAL reported a failure.
int tuban_block_range(void *dataset, int band, int bx, int by, uint64_t *offset, size_t *size);

// Opens the file for tuban_block_bytes; NULL when it cannot be opened, or is no TIFF in this machine's byte order.
void *tuban_block_open(const char *path);
void tuban_block_close(void *file);

// Reads n bytes at an offset; 0 when there are fewer.
int tuban_block_bytes(void *file, uint64_t offset, void *to, size_t n);

// Undoes DEFLATE. Returns how many bytes came out, 0 for a damaged stream or one that does not fit.
size_t tuban_block_inflate(const void *from, size_t n, void *to, size_t room);

// Takes w pixels of each of h rows from a decoded block, from its pixel x on, undoing the predictor of horizontal
// differences in place when there is one. Samples have 1 or 2 bytes; a row of the block has samples × row of them, and
// those called by select are taken, all in their order when it is NULL; they may be where they are to go. Returns whether
// one of those taken is sought, a number from 0 on; -1 seeks none.
int tuban_block_take(void *block, int bytes, int samples, int row, int predicted, int x, int w, int h, const int *select, int selected,
                     void *to, size_t to_row, int sought);

#endif
