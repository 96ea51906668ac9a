package bandmath

import (
	"fmt"
	"slices"
	"testing"
)

// A power means the same whether its exponent is written or read from a band.
func TestExponentOfABand(t *testing.T) {
	p := mustCompile(t, Options{SingleDate: true}, "red ** nir", "red ** 2", "red ** 3", "red ** 0.5", "red ** 1.7")
	m := p.NewMachine()
	for i, exponent := range []float32{2, 3, 0.5, 1.7} {
		red, nir := make([]float32, Chunk), make([]float32, Chunk)
		for j := range red {
			red[j], nir[j] = float32(j-20)*1.37, exponent
		}
		m.Begin(Chunk, [][]float32{red, nir})
		if got, want := m.Value(0), m.Value(i+1); !slices.EqualFunc(got, want, same) {
			t.Errorf("exponent %g: %v, want %v", exponent, got, want)
		}
	}
}

// evaluated tells which operations of a kind were computed for the chunk.
func evaluated(m *Machine, o op) (names string) {
	for id, n := range m.p.nodes {
		if n.op == o && n.slot >= 0 && m.values.chunk[n.slot] == m.chunk {
			names += fmt.Sprintf(" %%%d", id)
		}
	}
	return names
}

func TestLaziness(t *testing.T) {
	// Each value is a source of its own, so that it has a slot whose freshness shows whether it was computed.
	p := mustCompile(t, Options{SingleDate: true}, "exp(red) > 2 and nir > 1", "exp(red)",
		"exp(red) > 2 or nir > 1", "nir > 1 ? exp(red) : 0")
	m := p.NewMachine()
	red, nir := []float32{1, 2}, []float32{0, 0.5}
	m.Begin(2, [][]float32{red, nir})
	if got := m.Condition(0); got[0] != 0 || got[1] != 0 || evaluated(m, opExp) != "" {
		t.Errorf("a conjunction did not stop at its cheap false term: %v%s", got, evaluated(m, opExp))
	}
	if got := m.Value(3); got[0] != 0 || got[1] != 0 || evaluated(m, opExp) != "" {
		t.Errorf("a choice computed a side that no pixel takes: %v%s", got, evaluated(m, opExp))
	}
	m.Begin(2, [][]float32{red, {3, 4}})
	if got := m.Condition(2); got[0] != 2 || got[1] != 2 || evaluated(m, opExp) != "" {
		t.Errorf("a disjunction did not stop at its cheap true term: %v%s", got, evaluated(m, opExp))
	}
	if got := m.Condition(0); got[0] != 2 || got[1] != 2 || evaluated(m, opExp) == "" {
		t.Errorf("a conjunction stopped too soon: %v", got)
	}
	m.Begin(1, [][]float32{{nan}, {nan}})
	if got := m.Condition(0); got[0] != 1 {
		t.Errorf("unknown and unknown is %d", got[0])
	}
	m.Begin(0, [][]float32{nil, nil})
	if got := m.Condition(0); len(got) != 0 {
		t.Errorf("no pixels give %v", got)
	}
}

func TestNothingIsAllocated(t *testing.T) {
	p := mustCompile(t, Options{}, rule, "before.ndvi ** 1.5 + max(before.red, 3)", "after.red > 1 ? after.si : before.red")
	m := p.NewMachine()
	planes := benchPlanes(p, Chunk)
	if n := testing.AllocsPerRun(10, func() {
		m.Begin(Chunk, planes)
		m.Condition(0)
		m.Value(1)
	}); n != 0 {
		t.Errorf("%v allocations per chunk", n)
	}
}

func TestMisuse(t *testing.T) {
	p := mustCompile(t, Options{SingleDate: true}, "red > 1", "nir")
	m := p.NewMachine()
	plane := make([]float32, Chunk+1)
	for name, f := range map[string]func(){
		"too many pixels":          func() { m.Begin(Chunk+1, [][]float32{plane, plane}) },
		"too few inputs":           func() { m.Begin(1, [][]float32{plane}) },
		"short input":              func() { m.Begin(2, [][]float32{plane, plane[:1]}) },
		"the value of a condition": func() { m.Value(0) },
		"the condition of a value": func() { m.Condition(1) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			f()
		}()
	}
}

// rule is a plain one: three indices, three limits.
const rule = "before.ndvi > 0.3 and after.ndvi < 0.2 and after.ndwi < 0.1"

func benchPlanes(p *Program, n int) [][]float32 {
	planes := make([][]float32, len(p.Inputs()))
	state := uint32(1)
	for i := range planes {
		planes[i] = make([]float32, n)
		for j := range planes[i] {
			state = state*1664525 + 1013904223
			planes[i][j] = float32(state>>20 + 1)
		}
	}
	return planes
}

// BenchmarkRule reports Mpx/s of one core on pixels in cache; nothing is abandoned, because every chunk has all cases.
func BenchmarkRule(b *testing.B) {
	for _, c := range []struct{ name, text string }{
		{"plain", rule},
		{"one index", "after.ndvi < 0.2"},
		{"abandoned", "before.ndvi > 2 and after.ndvi < 0.2 and after.ndwi < 0.1"},
		{"bands", "after.red > 100 and after.nir < before.nir and before.red < 4000"},
		{"texture", "sqrt(after.pantex) / after.brightness > 0.1 and after.ndvi < 0.2"},
		{"power", "after.si > 0.5"},
	} {
		b.Run(c.name, func(b *testing.B) {
			p := mustCompile(b, Options{}, c.text)
			m := p.NewMachine()
			planes := benchPlanes(p, Chunk)
			b.ReportAllocs()
			for b.Loop() {
				m.Begin(Chunk, planes)
				m.Condition(0)
			}
			b.ReportMetric(float64(b.N)*Chunk/1e6/b.Elapsed().Seconds(), "Mpx/s")
		})
	}
}

func BenchmarkCompile(b *testing.B) {
	for b.Loop() {
		if _, err := Compile([]Source{{Name: "rule", Text: rule, Condition: true}}, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
