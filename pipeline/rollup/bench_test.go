package rollup

import (
	"fmt"
	"io"
	"math/rand"
	"testing"
	"time"
)

// BenchmarkProvince sums the candidates of a province and a quarter, 73,553 of them in 60 counties, 900 towns and 9,000 villages, one in
// ten across units, and writes the workbook and the page.
func BenchmarkProvince(b *testing.B) {
	draw := rand.New(rand.NewSource(1))
	var list []*patch
	candidates := 73553
	if testing.Short() {
		candidates = 3000
	}
	for i := range candidates {
		p := &patch{cid: fmt.Sprint(i), gv: "g", after: "JZ", values: map[Dimension]string{
			ByCategory: []string{"cropland_lost", "forest_lost", none}[i%3], ByKind: "built", ByTriage: []string{"matched", "unmatched"}[i%2], ByTrack: "new", ByVerdict: none,
		}}
		for range 1 + draw.Intn(10)/9 {
			county := fmt.Sprintf("22%04d", 100+draw.Intn(60))
			town := fmt.Sprintf("%s%03d", county, draw.Intn(15))
			x := part{place: placeOf(Unit{Code: county}, Unit{Code: town}, Unit{Code: fmt.Sprintf("%s%03d", town, draw.Intn(10))}), area: Area(20000 + draw.Intn(500000))}
			x.crop = x.area / 2
			p.area += x.area
			p.parts = append(p.parts, x)
		}
		crop := Area(0)
		for _, x := range p.parts {
			crop += x.crop
		}
		p.groups = []amount{{"cropland", crop, true}, {"agricultural", p.area - crop, false}}
		p.classes = []amount{{"01", crop, true}, {"03", p.area - crop, false}}
		for _, l := range legalLayers() {
			p.overlays = append(p.overlays, overlaid{l, p.area / 3, true})
		}
		list = append(list, p)
	}
	b.Run("sum", func(b *testing.B) {
		for b.Loop() {
			counted(list)
		}
	})
	s := &Summary{Root: counted(list), Names: Names{}}
	b.Run("workbook", func(b *testing.B) {
		for b.Loop() {
			if err := s.Book("test").WriteXLSX(io.Discard, time.Unix(0, 0)); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("page", func(b *testing.B) {
		for b.Loop() {
			if err := s.Book("test").WriteHTML(io.Discard); err != nil {
				b.Fatal(err)
			}
		}
	})
}
