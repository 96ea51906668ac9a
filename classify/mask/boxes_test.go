package mask

import (
	"testing"

	"pgregory.net/rapid"
)

func TestBoxesAgreeWithNaive(t *testing.T) {
	var b boxes
	rapid.Check(t, func(t *rapid.T) {
		b.w, b.h = rapid.SampledFrom([]int{1, 2, 3, 7, 16, 24, 150, 300}).Draw(t, "w"), rapid.IntRange(1, 24).Draw(t, "h")
		r := rapid.IntRange(1, 30).Draw(t, "r")
		src := make([]int32, b.w*b.h)
		for i := range src {
			src[i] = rapid.SampledFrom([]int32{0, 1, 5, 9, 8000, missing}).Draw(t, "v")
		}
		lo, hi, sum := make([]int32, len(src)), make([]int32, len(src)), make([]int32, len(src))
		for i, v := range src {
			sum[i] = v % 10
		}
		b.least(lo, src, r)
		b.greatest(hi, src, r)
		b.count(sum, r)
		for i := range src {
			least, greatest, total := int32(missing), int32(-1), int32(0)
			for y := max(0, i/b.w-r); y <= min(b.h-1, i/b.w+r); y++ {
				for x := max(0, i%b.w-r); x <= min(b.w-1, i%b.w+r); x++ {
					v := src[y*b.w+x]
					least = min(least, v)
					total += v % 10
					if v != missing {
						greatest = max(greatest, v)
					}
				}
			}
			if greatest < 0 {
				greatest = missing
			}
			if lo[i] != least || hi[i] != greatest || sum[i] != total {
				t.Fatalf("cell %d within %d: %d, %d, %d, naive %d, %d, %d", i, r, lo[i], hi[i], sum[i], least, greatest, total)
			}
		}
	})
}

func BenchmarkLeast(b *testing.B) {
	box := boxes{w: 1472, h: 734}
	src, dst := make([]int32, box.w*box.h), make([]int32, box.w*box.h)
	for i := range src {
		src[i] = int32(i*7919) & 8191
	}
	b.SetBytes(int64(4 * len(src)))
	for b.Loop() {
		box.least(dst, src, 8)
	}
}
