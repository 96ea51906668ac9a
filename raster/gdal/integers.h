// Samples of 8 or 16 bits to values: see integers.go.
#ifndef TUBAN_INTEGERS_H
#define TUBAN_INTEGERS_H

#include <stddef.h>
#include <stdint.h>

enum { TUBAN_UINT8 = 1, TUBAN_UINT16 = 2, TUBAN_INT16 = 3 };

// Writes h rows of w samples as float32. Samples of a row lie step apart, rows from_row; lengths are in elements.
void tuban_widen(int type, const void *from, size_t step, size_t from_row, float *to, size_t to_row, int w, int h);

// tuban_widen for pixels of four samples of 16 bits, unsigned, which become a plane each.
void tuban_widen4(const uint16_t *from, size_t from_row, float *a, float *b, float *c, float *d, size_t to_row, int w, int h);

// Writes NaN where bad is not 0.
void tuban_blank(const uint8_t *bad, size_t bad_row, float *to, size_t to_row, int w, int h);

// Whether one of n samples is v.
int tuban_any(int type, const void *from, size_t n, int v);

// Sets bad where one of n samples, step apart, is v.
void tuban_mark(int type, const void *from, size_t step, size_t n, int v, uint8_t *bad);

// Adds h rows of w pixels of step samples, from_row samples apart, to one row of sums, modulo 2³²; not those pixels that are
// bad, where bad is given.
void tuban_sum(int type, const void *from, size_t from_row, int step, const uint8_t *bad, size_t bad_row, uint32_t *to, int w, int h);

#endif
