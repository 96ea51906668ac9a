package main

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"tuban/pipeline"
)

// size is a number of bytes as a flag: 800MiB, 1GiB, 2G.
type size int64

func (s *size) String() string {
	if *s == 0 {
		return "1GiB"
	}
	return fmt.Sprintf("%dMiB", *s>>20)
}

func (s *size) Type() string { return "SIZE" }

func (s *size) Set(text string) error {
	number := strings.TrimRight(strings.ToUpper(strings.TrimSpace(text)), "IB")
	factor := 1.0
	for unit, f := range map[string]float64{"K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40} {
		if cut, ok := strings.CutSuffix(number, unit); ok {
			number, factor = cut, f
			break
		}
	}
	v, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if err != nil || !(v > 0) || v*factor > math.MaxInt64/2 {
		return fmt.Errorf("%q is no size: write 800MiB or 4GiB", text)
	}
	*s = size(v * factor)
	return nil
}

// inputError marks an error as a mistake in what the user gave.
func inputError(err error) error { return pipeline.NewInputError(err) }

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

// byteSize writes a number of bytes for people.
func byteSize(n int64) string {
	switch {
	case n >= 1<<30:
		return fmt.Sprintf("%.1f GiB", float64(n)/(1<<30))
	case n >= 1<<20:
		return fmt.Sprintf("%.0f MiB", float64(n)/(1<<20))
	}
	return fmt.Sprintf("%.0f KiB", float64(n)/(1<<10))
}
