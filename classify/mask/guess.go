package mask

import (
	"fmt"

	"tuban/raster"
)

// Planes are the bands of one date, row-major over one window, NaN = no data, nothing infinite. NIR is nil when a date has none; it is
// used when both have it.
type Planes struct{ Blue, Green, Red, NIR []float32 }

func (p Planes) bands(nir bool) [][]float32 {
	if nir {
		return [][]float32{p.Blue, p.Green, p.Red, p.NIR}
	}
	return [][]float32{p.Blue, p.Green, p.Red}
}

// Scratch holds what Guess needs in between, to be reused from tile to tile.
// The zero value is ready; it must not be shared by goroutines.
type Scratch struct {
	soft
	means         [2][4][]float32 // of the cells: own, or the pixels' own planes
	own           [2][4][]float32
	level         []int32
	cloud, shadow [2][]bool
}

var (
	// A cloud's core is brighter by half the contrast of clear land. Where no border is in view it still is one: nothing white
	// that people build goes on for so long.
	cloudLike = likeness{least: unit / 2, highest: most, rim: 8, endless: true}
	// A shadow takes from a fifth of the light to three fifths: the sky lights it, and what is darker still lacks
	// something very bright that the other date has. One without a border in view is haze, or another season.
	shadowLike = likeness{least: unit / 5, highest: unit * 3 / 5, rim: 3}
)

// Guess writes to dst, row-major over inner, what hides the land at each of two dates, from how they differ; the
// dates are over read, radiometrically alike (normalised), and registered to about a pixel. A pixel that looks like both is
// Cloud. Where one date has a cloud the other looks dimmed; that is not taken for a shadow. A pixel that is missing
// at either date is judged with the cell around it, or Clear.
//
// Shadows are the weaker half: fields that ripened as a block can look alike. Who sees the whole image drops those of a date that
// shows no cloud anywhere.
//
// read must hold inner and o.Halo() pixels around it, as far as the grid goes. sc may be nil.
// Guess panics when a slice does not have its window's size, read does not hold inner, or o.Check refuses o.
func Guess(dst [2][]Class, inner, read raster.Window, dates [2]Planes, o Options, sc *Scratch) {
	check(dst, inner, read, dates, o)
	if inner.Empty() {
		return
	}
	if sc == nil {
		sc = new(Scratch)
	}
	l := newLattice(read, o.cell())
	n := l.W * l.H
	sc.o, sc.w, sc.h, sc.level = o, l.W, l.H, grow(sc.level, n)
	bands := 3
	if dates[0].NIR != nil && dates[1].NIR != nil {
		bands = 4
	}
	for d := range dates {
		for k, b := range dates[d].bands(bands == 4) {
			if l.edge == 1 {
				sc.means[d][k] = b // a cell is a pixel
				continue
			}
			sc.own[d][k] = grow(sc.own[d][k], n)
			sc.means[d][k] = sc.own[d][k]
			l.means(sc.means[d][k], b)
		}
	}
	for d := range dates {
		sc.cloud[d], sc.shadow[d] = grow(sc.cloud[d], n), grow(sc.shadow[d], n)
		seen, other := sc.means[d][:bands], sc.means[1-d][:bands]
		brighter(o.Bright-o.Dark)(sc.level, seen, other)
		sc.region(sc.cloud[d], sc.level, cloudLike)
		darker(o.Dark, o.Bright-o.Dark)(sc.level, seen, other)
		sc.region(sc.shadow[d], sc.level, shadowLike)
	}
	for d := range dates {
		for y := range inner.H {
			row := dst[d][y*inner.W : (y+1)*inner.W]
			for x := range row {
				row[x] = sc.class(d, l.at(inner.X+x, inner.Y+y))
			}
		}
	}
}

// class decides cell i of date d.
func (sc *Scratch) class(d, i int) Class {
	switch {
	case sc.cloud[d][i]:
		return Cloud
	case sc.shadow[d][i] && !sc.cloud[1-d][i]:
		return Shadow
	}
	return Clear
}

func check(dst [2][]Class, inner, read raster.Window, dates [2]Planes, o Options) {
	if err := o.Check(); err != nil {
		panic("mask: " + err.Error())
	}
	if !read.Contains(inner) {
		panic(fmt.Sprintf("mask: %v is not within %v", inner, read))
	}
	for d, p := range dates {
		if int64(len(dst[d])) != inner.Pixels() {
			panic(fmt.Sprintf("mask: %d classes for %v", len(dst[d]), inner))
		}
		for _, b := range p.bands(p.NIR != nil) {
			if int64(len(b)) != read.Pixels() {
				panic(fmt.Sprintf("mask: a band of %d pixels over %v", len(b), read))
			}
		}
	}
}
