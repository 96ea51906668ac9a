#include <string.h>

#include "inflate.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

enum { MODULUS = 65521 };

// Sums of 5,552 bytes at most fit 32 bits before they have to be reduced.
enum { UNREDUCED = 5552 };

static uint32_t adler_plain(uint32_t adler, const uint8_t *p, size_t n) {
  uint32_t s1 = adler & 0xffff, s2 = adler >> 16;
  while (n) {
    size_t m = n < UNREDUCED ? n : UNREDUCED;
    for (n -= m; m; m--) s2 += s1 += *p++;
    s1 %= MODULUS;
    s2 %= MODULUS;
  }
  return s2 << 16 | s1;
}

#if defined(__x86_64__)
// Rows of 32 bytes. A byte counts once in the second sum for each byte from it to the end: 32 times for every row that follows,
// which is what the sum of the first sums gives, and 32 − i times for its own row.
__attribute__((target("avx2"))) static uint32_t adler_avx2(const uint8_t *p, size_t n) {
  const __m256i zero = _mm256_setzero_si256(), ones = _mm256_set1_epi16(1);
  const __m256i weights = _mm256_setr_epi8(32, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9,
                                           8, 7, 6, 5, 4, 3, 2, 1);
  uint32_t s1 = 1, s2 = 0;
  while (n >= 32) {
    size_t rows = (n < UNREDUCED ? n : UNREDUCED) / 32;
    n -= rows * 32;
    s2 += s1 * (uint32_t)rows * 32;
    __m256i a = zero, before = zero, own = zero;
    for (size_t i = 0; i < rows; i++, p += 32) {
      __m256i v = _mm256_loadu_si256((const __m256i *)p);
      before = _mm256_add_epi32(before, a);
      a = _mm256_add_epi32(a, _mm256_sad_epu8(v, zero));
      own = _mm256_add_epi32(own, _mm256_madd_epi16(_mm256_maddubs_epi16(v, weights), ones));
    }
    own = _mm256_add_epi32(own, _mm256_slli_epi32(before, 5));
    uint32_t la[8], lb[8];
    _mm256_storeu_si256((__m256i *)la, a);
    _mm256_storeu_si256((__m256i *)lb, own);
    for (int k = 0; k < 8; k++) s1 += la[k], s2 += lb[k];
    s1 %= MODULUS;
    s2 %= MODULUS;
  }
  return adler_plain(s2 << 16 | s1, p, n);
}
#endif

uint32_t tuban_adler32(const uint8_t *p, size_t n, int plain) {
#if defined(__x86_64__)
  if (!plain && __builtin_cpu_supports("avx2")) return adler_avx2(p, n);
#endif
  (void)plain;
  return adler_plain(1, p, n);
}
