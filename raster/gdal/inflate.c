// A decoder of DEFLATE for imagery. In an image whose neighbours were subtracted from one another about every other symbol is a
// match, and most are of 3 to 5 bytes, too irregular to be foreseen: a decoder that branches on what a symbol is mostly waits
// for wrong guesses. Here (inflate_symbols.c) a literal, a match, or the one after the other are a single step without a branch.
#include "inflate.h"

#include "inflate_codes.h"
#include "inflate_stream.h"

// stored copies a block that is not compressed (RFC 1951 §3.2.4).
static int stored(struct stream *s) {
  stream_take(s, s->held & 7);
  if (!stream_need(s, 32)) return 0;
  uint32_t n = stream_take(s, 16);
  if ((n ^ stream_take(s, 16)) != 0xffff || n > (size_t)(s->out_end - s->out)) return 0;
  for (; n && s->held; n--) *s->out++ = (uint8_t)stream_take(s, 8);
  if (n > (size_t)(s->in_end - s->in)) return 0;
  memcpy(s->out, s->in, n);
  s->in += n;
  s->out += n;
  return 1;
}

// fixed makes the codes that every decoder knows (RFC 1951 §3.2.6).
static int fixed(struct tables *t) {
  uint8_t lengths[288];
  for (int i = 0; i < 288; i++) lengths[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
  if (!tuban_code(&t->literals, lengths, 288)) return 0;
  memset(lengths, 5, 32);
  return tuban_code(&t->distances, lengths, 32);
}

// dynamic reads the codes of a block (RFC 1951 §3.2.7).
static int dynamic(struct stream *s, struct tables *t) {
  static const uint8_t order[19] = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
  if (!stream_need(s, 14)) return 0;
  int literals = (int)stream_take(s, 5) + 257, distances = (int)stream_take(s, 5) + 1, n = (int)stream_take(s, 4) + 4;
  if (literals > 286 || distances > 30) return 0;
  uint8_t lengths[286 + 30] = {0};
  for (int i = 0; i < n; i++) {
    if (!stream_need(s, 3)) return 0;
    lengths[order[i]] = (uint8_t)stream_take(s, 3);
  }
  struct code c;
  if (!tuban_code(&c, lengths, 19)) return 0;
  for (int i = 0, all = literals + distances; i < all;) {
    int symbol = stream_symbol(s, &c), times = 1;
    if (symbol < 0) return 0;
    uint8_t length = (uint8_t)symbol;
    if (symbol > 15) {
      if (symbol == 16 && i == 0) return 0;
      length = symbol == 16 ? lengths[i - 1] : 0;
      uint32_t more = symbol == 16 ? 2 : symbol == 17 ? 3 : 7;
      if (!stream_need(s, more)) return 0;
      times = (symbol == 18 ? 11 : 3) + (int)stream_take(s, more);
    }
    if (times > all - i) return 0;
    memset(lengths + i, length, (size_t)times);
    i += times;
  }
  // A block that cannot end is damaged whatever it holds.
  return lengths[256] && tuban_code(&t->literals, lengths, literals) && tuban_code(&t->distances, lengths + literals, distances);
}

// inflating is a zlib stream on its way: AGAIN while it is within a compressed block, END when all that it should have came out.
struct inflating {
  struct block b;
  uint32_t last;
  enum verdict state;
};

// finished is what becomes of a stream whose last block has ended.
static enum verdict finished(struct stream *s) {
  stream_take(s, s->held & 7);
  if (s->out != s->out_end || !stream_need(s, 32)) return DAMAGED;
  uint32_t sum = 0;
  for (int i = 0; i < 4; i++) sum = sum << 8 | stream_take(s, 8);
  return sum == tuban_adler32(s->begin, (size_t)(s->out_end - s->begin), s->plain) ? END : DAMAGED;
}

// next goes on to the symbols of the next block that is compressed (RFC 1951 §3.2.3), or to the end.
static enum verdict next(struct inflating *z) {
  struct stream *s = &z->b.s;
  struct tables *t = &z->b.t;
  while (!z->last) {
    if (!stream_need(s, 3)) return DAMAGED;
    z->last = stream_take(s, 1);
    switch (stream_take(s, 2)) {
      case 0:
        if (!stored(s)) return DAMAGED;
        continue;
      case 1:
        if (!fixed(t)) return DAMAGED;
        break;
      case 2:
        if (!dynamic(s, t)) return DAMAGED;
        break;
      default: return DAMAGED;
    }
    tuban_tables(t);
    return AGAIN;
  }
  return finished(s);
}

static void begin(struct inflating *z, const uint8_t *from, size_t n, uint8_t *to, size_t size, int plain) {
  struct stream *s = &z->b.s;
  *s = (struct stream){.in = from, .in_end = from + n, .out = to, .out_end = to + size, .begin = to, .plain = plain};
  z->last = 0;
  z->state = DAMAGED;
  // RFC 1950 §2.2: DEFLATE with a window of at most 32 KiB, a check of these two bytes, no preset dictionary.
  if (!stream_need(s, 16)) return;
  uint32_t cmf = stream_take(s, 8), flg = stream_take(s, 8);
  if ((cmf & 15) == 8 && cmf >> 4 <= 7 && (cmf << 8 | flg) % 31 == 0 && !(flg & 32)) z->state = next(z);
}

// after goes on where a block has ended with a verdict.
static void after(struct inflating *z, enum verdict v) { z->state = v == END ? next(z) : v; }

static int whole(struct inflating *z) {
  while (z->state == AGAIN) after(z, tuban_symbols(&z->b));
  return z->state == END;
}

int tuban_inflate(const uint8_t *from, size_t n, uint8_t *to, size_t size, int plain) {
  struct inflating z;
  begin(&z, from, n, to, size, plain);
  return whole(&z);
}

int tuban_inflate_two(const uint8_t *from1, size_t n1, uint8_t *to1, size_t size1, const uint8_t *from2, size_t n2, uint8_t *to2,
                      size_t size2, int plain) {
  struct inflating z[2];
  begin(&z[0], from1, n1, to1, size1, plain);
  begin(&z[1], from2, n2, to2, size2, plain);
  struct block *const of[2] = {&z[0].b, &z[1].b};
  while (z[0].state == AGAIN && z[1].state == AGAIN) {
    int which;
    enum verdict v = tuban_symbols_of_two(of, &which);
    after(&z[which], v);
  }
  return whole(&z[0]) | whole(&z[1]) << 1;
}
