#include "integers.h"

#include <math.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
// The loops are compiled for AVX2 as well, and the processor chosen by when the program starts. They convert, compare and
// copy, so that both give the same bits.
#define WIDE __attribute__((optimize("O3"), target_clones("avx2", "default")))
#else
#define WIDE __attribute__((optimize("O3")))
#endif

#define ROWS(T, NAME)                                                                                              \
  WIDE static void NAME(const T *from, size_t step, size_t from_row, float *to, size_t to_row, int w, int h) {     \
    for (; h > 0; h--, from += from_row, to += to_row) {                                                           \
      if (step == 1)                                                                                               \
        for (int i = 0; i < w; i++) to[i] = (float)from[i];                                                        \
      else                                                                                                         \
        for (int i = 0; i < w; i++) to[i] = (float)from[(size_t)i * step];                                         \
    }                                                                                                              \
  }
ROWS(uint8_t, widen_u8)
ROWS(uint16_t, widen_u16)
ROWS(int16_t, widen_i16)

void tuban_widen(int type, const void *from, size_t step, size_t from_row, float *to, size_t to_row, int w, int h) {
  switch (type) {
    case TUBAN_UINT8: widen_u8(from, step, from_row, to, to_row, w, h); break;
    case TUBAN_UINT16: widen_u16(from, step, from_row, to, to_row, w, h); break;
    case TUBAN_INT16: widen_i16(from, step, from_row, to, to_row, w, h); break;
  }
}

static int widen4_plain(const uint16_t *p, float *a, float *b, float *c, float *d, int i, int w) {
  for (; i < w; i++) {
    a[i] = p[4 * i];
    b[i] = p[4 * i + 1];
    c[i] = p[4 * i + 2];
    d[i] = p[4 * i + 3];
  }
  return i;
}

#if defined(__x86_64__)
// Eight pixels at a time. Of two registers with four pixels each, the even halves of all are gathered, then the odd ones;
// a half holds two samples, one of which is what remains without the upper bits, the other without the lower.
__attribute__((target("avx2"))) static int widen4_avx2(const uint16_t *p, float *a, float *b, float *c, float *d, int w) {
  const __m256i low = _mm256_set1_epi32(0xffff);
  int i = 0;
  for (; i + 8 <= w; i += 8) {
    __m256 x = _mm256_castsi256_ps(_mm256_loadu_si256((const __m256i *)(p + 4 * i)));
    __m256 y = _mm256_castsi256_ps(_mm256_loadu_si256((const __m256i *)(p + 4 * i + 16)));
    __m256i even = _mm256_permute4x64_epi64(_mm256_castps_si256(_mm256_shuffle_ps(x, y, 0x88)), 0xd8);
    __m256i odd = _mm256_permute4x64_epi64(_mm256_castps_si256(_mm256_shuffle_ps(x, y, 0xdd)), 0xd8);
    _mm256_storeu_ps(a + i, _mm256_cvtepi32_ps(_mm256_and_si256(even, low)));
    _mm256_storeu_ps(b + i, _mm256_cvtepi32_ps(_mm256_srli_epi32(even, 16)));
    _mm256_storeu_ps(c + i, _mm256_cvtepi32_ps(_mm256_and_si256(odd, low)));
    _mm256_storeu_ps(d + i, _mm256_cvtepi32_ps(_mm256_srli_epi32(odd, 16)));
  }
  return i;
}
#endif

void tuban_widen4(const uint16_t *from, size_t from_row, float *a, float *b, float *c, float *d, size_t to_row, int w, int h) {
#if defined(__x86_64__)
  int avx2 = __builtin_cpu_supports("avx2");
#endif
  for (size_t y = 0; y < (size_t)h; y++) {
    const uint16_t *p = from + y * from_row;
    size_t o = y * to_row;
    int i = 0;
#if defined(__x86_64__)
    if (avx2) i = widen4_avx2(p, a + o, b + o, c + o, d + o, w);
#endif
    widen4_plain(p, a + o, b + o, c + o, d + o, i, w);
  }
}

void tuban_blank(const uint8_t *bad, size_t bad_row, float *to, size_t to_row, int w, int h) {
  for (; h > 0; h--, bad += bad_row, to += to_row) {
    const uint8_t *end = bad + w;
    for (const uint8_t *p = bad; (p = memchr(p, 1, (size_t)(end - p))) != NULL;)
      for (; p < end && *p; p++) to[p - bad] = NAN;
  }
}

#define ANY(T, NAME)                                                  \
  WIDE static int NAME(const T *from, size_t n, T v) {                \
    /* In pieces, so that it can stop, yet without a jump for each */ \
    while (n > 0) {                                                   \
      size_t m = n < 4096 ? n : 4096;                                 \
      T any = 0;                                                      \
      for (size_t i = 0; i < m; i++) any |= from[i] == v;             \
      if (any) return 1;                                              \
      from += m;                                                      \
      n -= m;                                                         \
    }                                                                 \
    return 0;                                                         \
  }
ANY(uint8_t, any_8)
ANY(uint16_t, any_16)

int tuban_any(int type, const void *from, size_t n, int v) {
  return type == TUBAN_UINT8 ? any_8(from, n, (uint8_t)v) : any_16(from, n, (uint16_t)v);
}

void tuban_mark(int type, const void *from, size_t step, size_t n, int v, uint8_t *bad) {
  if (type == TUBAN_UINT8) {
    const uint8_t *p = from;
    for (size_t i = 0; i < n; i++) bad[i] |= p[i * step] == (uint8_t)v;
  } else {
    const uint16_t *p = from;
    for (size_t i = 0; i < n; i++) bad[i] |= p[i * step] == (uint16_t)v;
  }
}

#define SUM(T, NAME)                                                                                                    \
  WIDE static void NAME(const T *from, size_t from_row, int step, const uint8_t *bad, size_t bad_row, uint32_t *to,     \
                        int w, int h) {                                                                                 \
    for (; h > 0; h--, from += from_row) {                                                                              \
      if (bad == NULL || memchr(bad, 1, (size_t)w) == NULL)                                                             \
        for (size_t i = 0, n = (size_t)w * (size_t)step; i < n; i++) to[i] += (uint32_t)from[i];                        \
      else                                                                                                              \
        for (size_t x = 0; x < (size_t)w; x++)                                                                          \
          if (!bad[x])                                                                                                  \
            for (size_t i = x * (size_t)step, n = i + (size_t)step; i < n; i++) to[i] += (uint32_t)from[i];             \
      if (bad != NULL) bad += bad_row;                                                                                  \
    }                                                                                                                   \
  }
SUM(uint8_t, sum_u8)
SUM(uint16_t, sum_u16)
SUM(int16_t, sum_i16)

void tuban_sum(int type, const void *from, size_t from_row, int step, const uint8_t *bad, size_t bad_row, uint32_t *to, int w, int h) {
  switch (type) {
    case TUBAN_UINT8: sum_u8(from, from_row, step, bad, bad_row, to, w, h); break;
    case TUBAN_UINT16: sum_u16(from, from_row, step, bad, bad_row, to, w, h); break;
    case TUBAN_INT16: sum_i16(from, from_row, step, bad, bad_row, to, w, h); break;
  }
}
