// Prefix codes of DEFLATE as tables: see inflate_codes.c.
#ifndef TUBAN_INFLATE_CODES_H
#define TUBAN_INFLATE_CODES_H

#include <stdint.h>

enum { LONGEST = 15, LITERAL_BITS = 12, DISTANCE_BITS = 8 };

// A code, with what finds a symbol whose codeword is too long for a table. end[l] is the first number, of LONGEST bits and the
// first bit of the stream highest, after the codewords of up to l bits; symbols are in the order of their codewords.
struct code {
  uint32_t end[LONGEST + 1];
  uint16_t count[LONGEST + 1], symbol[288];
};

// An entry for the next LITERAL_BITS bits of the stream is up to two literals and, after them, the length of a match:
//   bits 0–5    how many bits they take (shifts look at no more, so that the entry itself is the count),
//   bits 6–7    how many literals,
//   bits 8–23   the literals,
//   bits 24–27  the length of the match; 0 for none,
//   bit 31      NONE: no match; it is the sign, which spreads over a mask.
// With NONE and a match of LONGEST_JOINED it is one symbol that needs more care, in bits 8–23; LONG if its codeword is longer.
#define NONE 0x80000000u
#define LONGEST_JOINED 15u
#define ALONE (NONE | LONGEST_JOINED << MATCH)
enum { LITERALS = 8, MATCH = 24, LONG = 0xffff };

// An entry for the next DISTANCE_BITS bits, after a length; 0 when the codeword is longer or none:
//   bits 0–5    how many bits the codeword and what follows it take,
//   bits 8–13   how many the codeword takes,
//   bits 16–31  the distance, without the bits that follow; 0 where there is no such distance.

// Makes the code of n lengths (RFC 1951 §3.2.2). Returns 0 when it is over-subscribed, or incomplete and not the single codeword
// of one bit that §3.2.7 allows, or none.
int tuban_code(struct code *c, const uint8_t *lengths, int n);

// Finds the symbol at the low end of bits, with at least LONGEST of them, and its length; −1 when there is none.
int tuban_symbol(const struct code *c, uint64_t bits, int *length);

struct tables {
  uint32_t literal[1 << LITERAL_BITS];
  uint32_t distance[1 << DISTANCE_BITS];
  struct code literals, distances;
  // How many of 2^LONGEST symbols are lengths of matches, by how long their codewords are.
  uint32_t matches;
};

// Fills the tables from the codes.
void tuban_tables(struct tables *t);

// What follows a length symbol 257 + i or a distance symbol i (RFC 1951 §3.2.5).
extern const uint16_t tuban_length_base[29], tuban_distance_base[30];
extern const uint8_t tuban_length_extra[29], tuban_distance_extra[30];

#endif
