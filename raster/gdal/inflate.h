// Undoing DEFLATE (RFC 1951) as zlib wraps it (RFC 1950): see inflate.c.
#ifndef TUBAN_INFLATE_H
#define TUBAN_INFLATE_H

#include <stddef.h>
#include <stdint.h>

// Undoes a zlib stream of n bytes to exactly size bytes. Returns 1, or 0 when the stream is damaged, ends too early, or holds
// more or fewer bytes; what is at to is undefined then. Nothing outside of the two is read or written.
// plain asks for the same without what only some processors have.
int tuban_inflate(const uint8_t *from, size_t n, uint8_t *to, size_t size, int plain);

// Does so for two streams, which takes less time than one after the other. Bit 0 of what is returned is what tuban_inflate would
// return for the first, bit 1 for the second.
int tuban_inflate_two(const uint8_t *from1, size_t n1, uint8_t *to1, size_t size1, const uint8_t *from2, size_t n2, uint8_t *to2,
                      size_t size2, int plain);

// Adler-32 of n bytes (RFC 1950 §8.2).
uint32_t tuban_adler32(const uint8_t *p, size_t n, int plain);

#endif
