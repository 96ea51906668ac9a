#include "inflate_codes.h"
#include "inflate_stream.h"

// Matches are copied by so many bytes at once; the commonest, which are shorter, without asking how long they are.
enum { CHUNK = 16 };

// Where there is no match, what is read instead lies so far ahead: what was just written can only be read once it has arrived in
// the nearest cache, and every other step would wait for the one before (measured: 0.93 of the speed).
enum { AHEAD = 64 };

// PLENTY is what a step, or rest, may touch of the output without asking how much room there is: two literals, and a chunk ahead.
enum { PLENTY = 2 + AHEAD + CHUNK };

static uint64_t load64(const uint8_t *p) {
  uint64_t v;
  memcpy(&v, p, sizeof v);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  v = __builtin_bswap64(v);
#endif
  return v;
}

// chunk copies CHUNK bytes that may overlap: all are read before one is written.
static inline void chunk(uint8_t *to, const uint8_t *from) {
  uint8_t v[CHUNK];
  memcpy(v, from, CHUNK);
  memcpy(to, v, CHUNK);
}

// literals writes those of an entry, or what is as good as nothing: two bytes, whose number the entry has.
static inline void literals(uint8_t *to, uint32_t entry) {
  uint16_t two = (uint16_t)(entry >> LITERALS);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  two = __builtin_bswap16(two);
#endif
  memcpy(to, &two, sizeof two);
}

// match repeats n bytes from a distance back, up to where the output ends.
static int match(struct stream *s, size_t distance, size_t n) {
  if (distance > (size_t)(s->out - s->begin) || n > (size_t)(s->out_end - s->out)) return 0;
  uint8_t *to = s->out, *end = to + n;
  const uint8_t *from = to - distance;
  if (distance == 1) {
    memset(to, *from, n);
  } else if ((size_t)(s->out_end - end) >= CHUNK) {
    // What repeats itself within a chunk does so several times as far back as well, once there is as much of it.
    size_t several = distance < CHUNK ? (CHUNK + distance - 1) / distance * distance : distance;
    for (size_t i = several - distance; i && to < end; i--) *to++ = *from++;
    from = to - several;
    for (; to < end; to += CHUNK, from += CHUNK) chunk(to, from);
  } else {
    while (to < end) *to++ = *from++;
  }
  s->out = end;
  return 1;
}

// rare takes a distance whose codeword is not in the table; 0, which is none, when it is not in the code.
static size_t rare(struct stream *s, const struct code *c) {
  int symbol = stream_symbol(s, c);
  if (symbol < 0 || symbol > 29 || !stream_need(s, tuban_distance_extra[symbol])) return 0;
  return tuban_distance_base[symbol] + stream_take(s, tuban_distance_extra[symbol]);
}

// one takes a symbol, and what belongs to it, where either end may be near.
static enum verdict one(struct stream *s, const struct tables *t) {
  int symbol = stream_symbol(s, &t->literals);
  if (symbol == 256) return END;
  if (symbol < 0 || symbol > 285 || s->out == s->out_end) return DAMAGED;
  if (symbol < 256) {
    *s->out++ = (uint8_t)symbol;
    return AGAIN;
  }
  symbol -= 257;
  if (!stream_need(s, tuban_length_extra[symbol])) return DAMAGED;
  size_t n = tuban_length_base[symbol] + stream_take(s, tuban_length_extra[symbol]);
  size_t distance = rare(s, &t->distances);
  return distance && match(s, distance, n) ? AGAIN : DAMAGED;
}

// rest takes an entry that is no step: a match that is long, repeats itself, or has a rare distance; or a symbol that is alone.
// At least 56 bits are held, and PLENTY is left of the output.
static enum verdict rest(struct stream *s, const struct tables *t) {
  uint32_t e = t->literal[s->bits & ((1 << LITERAL_BITS) - 1)];
  size_t n = e >> MATCH & LONGEST_JOINED;
  if ((e & ALONE) == ALONE) {
    int symbol = e >> LITERALS & 0xffff;
    if (symbol == LONG) symbol = stream_symbol(s, &t->literals);
    else stream_take(s, e & 63);
    if (symbol == 256) return END;
    if (symbol < 0 || symbol > 285) return DAMAGED;
    if (symbol < 256) {
      *s->out++ = (uint8_t)symbol;
      return AGAIN;
    }
    n = tuban_length_base[symbol - 257] + stream_take(s, tuban_length_extra[symbol - 257]);
  } else {
    stream_take(s, e & 63);
    literals(s->out, e);
    s->out += e >> 6 & 3;
    if (e & NONE) return AGAIN;
  }
  // Of 56 bits at most 20 are taken, and a distance has at most 28.
  uint32_t d = t->distance[s->bits & ((1 << DISTANCE_BITS) - 1)];
  size_t distance;
  if (d) {
    stream_take(s, d >> 8 & 63);
    distance = (d >> 16) + stream_take(s, (d & 63) - (d >> 8 & 63));
  } else {
    distance = rare(s, &t->distances);
  }
  return distance && match(s, distance, n) ? AGAIN : DAMAGED;
}

// lane is what of a stream is kept in registers: its bits, which may have more of the stream above those that are held, of which
// only the number modulo 64 counts, and the entry for the lowest.
struct lane {
  const uint8_t *in;
  uint8_t *out;
  uint64_t bits;
  uint32_t held, entry;
};

#define INLINE static inline __attribute__((always_inline))

INLINE uint32_t entry(const struct tables *t, uint64_t bits) { return t->literal[bits & ((1 << LITERAL_BITS) - 1)]; }

// refill makes at least 56 bits available without asking how many there are: the bits of a byte that is not counted are the same
// when it is read again.
INLINE void refill(struct lane *a) {
  a->bits |= load64(a->in) << (a->held & 63);
  a->in += ~a->held >> 3 & 7;
  a->held |= 56;
}

// enter and leave move a stream to registers and back.
INLINE void enter(struct lane *a, const struct stream *s, const struct tables *t) {
  *a = (struct lane){.in = s->in, .out = s->out, .bits = s->bits, .held = s->held};
  refill(a);
  a->entry = entry(t, a->bits);
}

INLINE void leave(const struct lane *a, struct stream *s) {
  s->in = a->in;
  s->out = a->out;
  s->held = a->held & 63;
  s->bits = a->bits & (((uint64_t)1 << s->held) - 1);
}

// step takes an entry and, if there is a match in it, its distance; 0, and nothing is taken, when rest has to. What bounds it is
// one chain: bits, entry, shift, distance, shift, and then the next entry, for which enough bits were left; so that comes first
// (measured: 1.1 times as fast), and the copies are beside it. Where there is no match the distance is looked up all the same, and
// is 0: half the chain for nothing, but no wrong guess. With branch, for data of few matches, it is guessed that there are none.
INLINE int step(struct lane *a, const struct tables *t, const uint8_t *begin, int branch) {
  uint32_t e = a->entry;
  if (branch && e & NONE && e & 3 << 6) {
    literals(a->out, e);
    a->out += e >> 6 & 3;
    a->bits >>= e & 63;
    a->held -= e;
    a->entry = entry(t, a->bits);
    refill(a);
    return 1;
  }
  uint32_t none = (uint32_t)((int32_t)e >> 31);
  uint64_t after = a->bits >> (e & 63);
  uint32_t d = t->distance[after & ((1 << DISTANCE_BITS) - 1)] & ~none;
  size_t distance = (d >> 16) + ((after & (((uint64_t)1 << (d & 63)) - 1)) >> (d >> 8 & 63));
  after >>= d & 63;
  uint32_t next = entry(t, after);
  uint8_t *to = a->out + (e >> 6 & 3);
  size_t n = e >> MATCH & LONGEST_JOINED;
  // The distance of a symbol that is alone, and of a rare one, is 0 here: one comparison finds all that is no step.
  if (__builtin_expect(n > distance || distance > (size_t)(to - begin), 0)) return 0;
  a->bits = after;
  a->held -= e;
  a->held -= d;
  a->entry = next;
  refill(a);
  literals(a->out, e);
  chunk(to, to - distance + (none & AHEAD));
  a->out = to + n;
  return 1;
}

// steps is how many steps can be taken before either end of s is near: each takes at most 7 bytes, and makes at most 17. What
// is left then is enough for a last refill and for rest.
static size_t steps(const struct stream *s) {
  size_t in = (size_t)(s->in_end - s->in), out = (size_t)(s->out_end - s->out);
  if (in < 32 + 7 || out < PLENTY + 17) return 0;
  in = (in - 32) / 7;
  out = (out - PLENTY) / 17;
  return in < out ? in : out;
}

// many takes symbols while neither end is near.
INLINE enum verdict many(struct stream *s, const struct tables *t, int branch) {
  for (size_t n; (n = steps(s)) != 0;) {
    struct lane a;
    enter(&a, s, t);
    do
      if (!step(&a, t, s->begin, branch)) break;
    while (--n);
    leave(&a, s);
    if (n) {
      enum verdict v = rest(s, t);
      if (v != AGAIN) return v;
    }
  }
  return AGAIN;
}

// both is many for two streams, a step of the one after a step of the other: the chain of each is gone through while the other's
// is waited for. It ends when it would end for one of them, that which which tells.
INLINE enum verdict both(struct block *const of[2], int *which) {
  struct stream *s = &of[0]->s, *z = &of[1]->s;
  const struct tables *t = &of[0]->t, *u = &of[1]->t;
  for (;;) {
    size_t n = steps(s), m = steps(z);
    *which = m < n;
    if (m < n) n = m;
    if (n == 0) return AGAIN;
    struct lane a, b;
    enter(&a, s, t);
    enter(&b, z, u);
    do {
      if (!step(&a, t, s->begin, 0)) {
        *which = 0;
        break;
      }
      if (!step(&b, u, z->begin, 0)) {
        *which = 1;
        break;
      }
    } while (--n);
    leave(&a, s);
    leave(&b, z);
    if (n) {
      enum verdict v = rest(&of[*which]->s, &of[*which]->t);
      if (v != AGAIN) return v;
    }
  }
}

static enum verdict steps_plain(struct stream *s, const struct tables *t) { return many(s, t, 0); }
static enum verdict literals_plain(struct stream *s, const struct tables *t) { return many(s, t, 1); }
static enum verdict both_plain(struct block *const of[2], int *which) { return both(of, which); }

#if defined(__x86_64__)
// With BMI2 a shift by any register is one instruction, and the flags are left alone: 4 of them are in a step.
#define BMI2 __attribute__((target("bmi,bmi2")))
BMI2 static enum verdict steps_bmi2(struct stream *s, const struct tables *t) { return many(s, t, 0); }
BMI2 static enum verdict literals_bmi2(struct stream *s, const struct tables *t) { return many(s, t, 1); }
BMI2 static enum verdict both_bmi2(struct block *const of[2], int *which) { return both(of, which); }
static int bmi2(const struct stream *s) { return !s->plain && __builtin_cpu_supports("bmi2"); }
#endif

// few says whether it is best guessed that there is no match. Measured: with 30 % of matches both are as fast, with 20 % the guess
// is 1.2 times as fast, with 40 % 0.9 times.
static int few(const struct tables *t) { return t->matches < 1 << LONGEST >> 2; }

enum verdict tuban_symbols(struct block *b) {
  struct stream *s = &b->s;
  const struct tables *t = &b->t;
  enum verdict (*run)(struct stream *, const struct tables *) = few(t) ? literals_plain : steps_plain;
#if defined(__x86_64__)
  if (bmi2(s)) run = few(t) ? literals_bmi2 : steps_bmi2;
#endif
  for (;;) {
    enum verdict v = run(s, t);
    if (v == AGAIN) v = one(s, t);
    if (v != AGAIN) return v;
  }
}

enum verdict tuban_symbols_of_two(struct block *const of[2], int *which) {
  // A stream of few matches waits less for itself, and gains a tenth.
  for (*which = 0; *which < 2; ++*which)
    if (few(&of[*which]->t)) return tuban_symbols(of[*which]);
  enum verdict (*run)(struct block *const[2], int *) = both_plain;
#if defined(__x86_64__)
  if (bmi2(&of[0]->s)) run = both_bmi2;
#endif
  enum verdict v = run(of, which);
  return v == AGAIN ? tuban_symbols(of[*which]) : v; // its end is near
}
