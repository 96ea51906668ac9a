package product

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// Priority decides, then what is surest, then what is largest, then the name; in whatever order patches come.
func TestByPriority(t *testing.T) {
	var rows []Row
	for _, line := range []string{ // cid JCBH YXJ score JCMJ, first to last
		"z - 1 - -", "a - 2 10 1", "m - 10 99 9000", "k - - 90 5", "b - - 80 700", "c - - 80 70.5", "d - - 80 -", "y 1 - - 8", "x 2 - - 8", "e - - - -", "f - - - -",
	} {
		texts := strings.Fields(line)
		for i := range texts {
			texts[i] = strings.TrimPrefix(texts[i], "-")
		}
		r, err := NewRow(nil, []string{"cid", "JCBH", "YXJ", "score", "JCMJ"}, texts)
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, r)
	}
	names := func(list []Row) (out []string) {
		for _, r := range list {
			out = append(out, r.Text("cid"))
		}
		return out
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		mixed := slices.Clone(rows)
		random.Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
		slices.SortStableFunc(mixed, ByPriority)
		if !slices.Equal(names(mixed), names(rows)) {
			t.Fatalf("%v, want %v", names(mixed), names(rows))
		}
	}
}
