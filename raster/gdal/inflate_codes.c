#include "inflate_codes.h"

#include <string.h>

const uint16_t tuban_length_base[29] = {3,  4,  5,  6,  7,  8,  9,  10, 11,  13,  15,  17,  19,  23, 27,
                                        31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258};
const uint8_t tuban_length_extra[29] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};
const uint16_t tuban_distance_base[30] = {1,   2,   3,   4,   5,   7,    9,    13,   17,   25,   33,   49,   65,    97,    129,
                                          193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577};
const uint8_t tuban_distance_extra[30] = {0, 0, 0, 0, 1, 1, 2, 2,  3,  3,  4,  4,  5,  5,  6,
                                          6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13};

int tuban_code(struct code *c, const uint8_t *lengths, int n) {
  memset(c->count, 0, sizeof c->count);
  for (int i = 0; i < n; i++) c->count[lengths[i]]++;
  c->count[0] = 0;
  uint16_t next[LONGEST + 1];
  uint32_t end = 0, used = 0;
  for (int l = 1; l <= LONGEST; l++) {
    next[l] = (uint16_t)used;
    used += c->count[l];
    end += (uint32_t)c->count[l] << (LONGEST - l);
    c->end[l] = end;
  }
  for (int i = 0; i < n; i++)
    if (lengths[i]) c->symbol[next[lengths[i]]++] = (uint16_t)i;
  return end == 1 << LONGEST || used == 0 || (used == 1 && c->count[1] == 1);
}

int tuban_symbol(const struct code *c, uint64_t bits, int *length) {
  uint32_t v = (uint32_t)bits, first = 0, before = 0;
  v = (v & 0x5555) << 1 | (v >> 1 & 0x5555);
  v = (v & 0x3333) << 2 | (v >> 2 & 0x3333);
  v = (v & 0x0f0f) << 4 | (v >> 4 & 0x0f0f);
  v = ((v & 0xff) << 8 | v >> 8) >> (16 - LONGEST);
  for (int l = 1; l <= LONGEST; l++) {
    if (v < c->end[l]) {
      *length = l;
      return c->symbol[before + ((v - first) >> (LONGEST - l))];
    }
    before += c->count[l];
    first = c->end[l];
  }
  return -1;
}

// successor is the codeword of l bits after one, both with the first bit lowest, as the stream has them.
static uint32_t successor(uint32_t code, int l) {
  uint32_t bit = 1u << (l - 1);
  while (code & bit) code ^= bit, bit >>= 1;
  return code | bit;
}

// spread fills a table of so many bits. It grows with the codewords: those of l bits are put into one of 2^l entries,
// which is then doubled, so that each entry is written about twice however many there are for a codeword.
static void spread(uint32_t *table, int bits, const struct code *c, const uint32_t *entry, uint32_t a_bit, uint32_t none, uint16_t *word) {
  uint32_t code = 0;
  const uint16_t *s = c->symbol;
  table[0] = none;
  for (int l = 1; l <= bits; l++) {
    memcpy(table + (1 << (l - 1)), table, sizeof *table << (l - 1));
    for (int i = 0; i < c->count[l]; i++, s++) {
      table[code] = entry[*s] + (uint32_t)l * a_bit;
      word[*s] = (uint16_t)code;
      code = successor(code, l);
    }
  }
}

static void literal_table(uint32_t *t, const struct code *c) {
  enum { LAST = 1 << LITERAL_BITS };
  uint32_t entry[288];
  uint16_t word[288];
  uint8_t length[288] = {0};
  for (uint32_t i = 0; i < 288; i++)
    entry[i] = i < 256 ? NONE | 1 << 6 | i << LITERALS : i > 256 && i < 265 ? (i - 254) << MATCH : ALONE | i << LITERALS;
  spread(t, LITERAL_BITS, c, entry, 1, ALONE | (uint32_t)LONG << LITERALS, word);
  const uint16_t *s = c->symbol;
  for (int l = 1; l <= LITERAL_BITS; l++)
    for (int i = 0; i < c->count[l]; i++) length[*s++] = (uint8_t)l;

  // A length whose further bits are there as well is as good as one without.
  for (int i = 8; tuban_length_base[i] <= LONGEST_JOINED; i++) {
    int l = length[257 + i], all = l + tuban_length_extra[i];
    if (!l || all > LITERAL_BITS) continue;
    for (int more = 0; more < 1 << tuban_length_extra[i]; more++) {
      uint32_t match = tuban_length_base[i] + (uint32_t)more;
      if (match > LONGEST_JOINED) break;
      for (int k = word[257 + i] | more << l; k < LAST; k += 1 << all) t[k] = match << MATCH | (uint32_t)all;
    }
  }

  // Symbols are joined while they fit. What follows a literal is at a lower index, and not yet joined.
  for (int k = LAST - 1; k >= 0; k--) {
    uint32_t a = t[k];
    if (!(a & 1 << 6)) continue;
    uint32_t bits = a & 63, b = t[k >> bits];
    bits += b & 63;
    if (bits > LITERAL_BITS || (b & ALONE) == ALONE) continue;
    if (b & NONE) {
      a = (a & 0xff00) | (b & 0xff00) << 8 | 2 << 6;
      b = t[k >> bits];
      if (b & NONE || bits + (b & 63) > LITERAL_BITS) {
        t[k] = a | NONE | bits;
        continue;
      }
      bits += b & 63;
    }
    t[k] = (a & 0xffffc0) | (b & LONGEST_JOINED << MATCH) | bits;
  }
}

static void distance_table(uint32_t *t, const struct code *c) {
  uint32_t entry[32] = {0};
  uint16_t word[32];
  for (int i = 0; i < 30; i++) entry[i] = (uint32_t)tuban_distance_base[i] << 16 | tuban_distance_extra[i];
  spread(t, DISTANCE_BITS, c, entry, 0x101, 0, word);
}

static uint32_t matches(const struct code *c) {
  uint32_t n = 0;
  const uint16_t *s = c->symbol;
  for (int l = 1; l <= LONGEST; l++)
    for (int i = 0; i < c->count[l]; i++)
      if (*s++ > 256) n += 1u << (LONGEST - l);
  return n;
}

void tuban_tables(struct tables *t) {
  t->matches = matches(&t->literals);
  literal_table(t->literal, &t->literals);
  distance_table(t->distance, &t->distances);
}
