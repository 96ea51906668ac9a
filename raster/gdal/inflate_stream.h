// A stream of DEFLATE, and the bits of it (RFC 1951 §3.1.1: the lowest of a byte is the first).
#ifndef TUBAN_INFLATE_STREAM_H
#define TUBAN_INFLATE_STREAM_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "inflate_codes.h"

// A stream between two symbols. The lowest of bits is the next; those above the held ones are 0. At most 63 are held.
struct stream {
  const uint8_t *in, *in_end;
  uint8_t *out, *out_end, *begin;
  uint64_t bits;
  uint32_t held;
  int plain;
};

enum verdict { DAMAGED, END, AGAIN };

// A stream within a block of it that is compressed, with the codes of that block.
struct block {
  struct stream s;
  struct tables t;
};

// Takes the symbols of a block up to its end, and returns DAMAGED or END.
enum verdict tuban_symbols(struct block *b);

// Does so for one of two blocks, and for a part of the other meanwhile; which says for which.
enum verdict tuban_symbols_of_two(struct block *const of[2], int *which);

// stream_need makes n ≤ 32 bits available; 0 when the stream has no more.
static inline int stream_need(struct stream *s, uint32_t n) {
  while (s->held < n) {
    if (s->in == s->in_end) return 0;
    s->bits |= (uint64_t)*s->in++ << s->held;
    s->held += 8;
  }
  return 1;
}

// stream_fill makes as many bits available as there are, 56 if it can.
static inline void stream_fill(struct stream *s) {
  while (s->held < 56 && s->in < s->in_end) {
    s->bits |= (uint64_t)*s->in++ << s->held;
    s->held += 8;
  }
}

// stream_take takes n of the bits that are held, n < 32.
static inline uint32_t stream_take(struct stream *s, uint32_t n) {
  uint32_t v = (uint32_t)s->bits & ((1u << n) - 1);
  s->bits >>= n;
  s->held -= n;
  return v;
}

// stream_symbol takes a symbol of a code; −1 when there is none.
static inline int stream_symbol(struct stream *s, const struct code *c) {
  int l;
  stream_fill(s);
  int symbol = tuban_symbol(c, s->bits, &l);
  if (symbol < 0 || (uint32_t)l > s->held) return -1;
  stream_take(s, (uint32_t)l);
  return symbol;
}

#endif
