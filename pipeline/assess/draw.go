package assess

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"tuban/classify/accuracy"
	"tuban/pipeline"
)

// DrawOptions say how to draw a sample from a product.
type DrawOptions struct {
	N    int
	Seed uint64
	// Out is the folder that takes the sample.
	Out string
	// Product is what the sample calls the product; "" means its folder.
	Product    string
	By         StrataBy
	Allocation accuracy.Allocation
	// Least is the number of units of a stratum that the allocation may not go below. Zero means 50, the least that
	// Olofsson et al. 2014 advise for rare classes.
	Least int
	// Buffer is the width in metres of the stratum of unflagged land around patches; 0 means none.
	Buffer float64
	// Within restricts the sample to the polygons of a layer.
	Within, WithinLayer string
	// Chip is the width in metres of the pictures; 0 means 90.
	Chip float64
	// NoChips leaves the pictures out.
	NoChips bool
	// Clock is the time that files record; zero means 1970.
	Clock time.Time
	// Chips is told of each picture that is done, never concurrently; nil tells nobody.
	Chips func(done, of int)
}

func (o DrawOptions) withDefaults() DrawOptions {
	if o.By == "" {
		o.By = ByKind
	}
	if o.Allocation == "" {
		o.Allocation = accuracy.Proportional
	}
	if o.Least == 0 {
		o.Least = 50
	}
	if o.Chip == 0 {
		o.Chip = 90
	}
	return o
}

// Design is a drawn sample: what sample.json holds.
type Design struct {
	Product    string              `json:"product"`
	Key        string              `json:"key"`
	N          int                 `json:"n"`
	Seed       uint64              `json:"seed"`
	By         StrataBy            `json:"strata_by"`
	Allocation accuracy.Allocation `json:"allocation"`
	Least      int                 `json:"minimum"`
	Buffer     float64             `json:"buffer_m"`
	// PixelM2 is the area of a pixel: the unit of the sample.
	PixelM2 float64         `json:"pixel_m2"`
	Classes []Class         `json:"classes"`
	Strata  []SampleStratum `json:"strata"`
	Points  []SamplePoint   `json:"points"`
}

// Class is a class of the map and of the reference.
type Class struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

// SampleStratum is a stratum with its size and how many of its pixels were drawn.
type SampleStratum struct {
	Name   string `json:"name"`
	Pixels int64  `json:"pixels"`
	Drawn  int    `json:"drawn"`
	// Weight is the stratum's share of the whole area.
	Weight float64 `json:"weight"`
}

// SamplePoint is a drawn pixel: its centre in the product's CRS and in degrees.
type SamplePoint struct {
	ID      int     `json:"id"`
	Stratum string  `json:"stratum"`
	Map     string  `json:"map_class"`
	Column  int     `json:"column"`
	Row     int     `json:"row"`
	X       float64 `json:"x"`
	Y       float64 `json:"y"`
	Lon     float64 `json:"lon"`
	Lat     float64 `json:"lat"`
}

// Draw draws a stratified random sample of the product in dir and leaves it in o.Out: sample.csv and sample.gpkg to be
// filled in, sample.json, and pictures with index.html to look through.
func Draw(ctx context.Context, d Drivers, dir string, o DrawOptions) (*Design, error) {
	o = o.withDefaults()
	p, err := open(d, dir)
	if err != nil {
		return nil, err
	}
	if err := freeFolder(o.Out); err != nil {
		return nil, err
	}
	s, err := p.newStrata(ctx, o)
	if err != nil {
		return nil, err
	}
	lottery := accuracy.NewLottery(o.Seed, len(s.names), o.N)
	if err := s.count(ctx, lottery); err != nil {
		return nil, err
	}
	design := &Design{Product: cmp.Or(o.Product, dir), Key: p.manifest.Key, N: o.N, Seed: o.Seed, By: o.By, Allocation: o.Allocation, Least: o.Least, Buffer: o.Buffer, Classes: p.classes()}
	if design.PixelM2, err = p.pixelArea(); err != nil {
		return nil, err
	}
	if err := s.allot(design, lottery, o); err != nil {
		return nil, err
	}
	if err := p.locate(design); err != nil {
		return nil, err
	}
	return design, p.write(ctx, design, o)
}

// freeFolder makes the folder, and refuses one with a sample in it: what people interpreted is not replaced.
func freeFolder(dir string) error {
	if _, err := os.Stat(pipeline.Below(dir, sampleCSV)); err == nil {
		return badInput(fmt.Errorf("%s holds a sample already, which may be interpreted: give another folder with --out, or remove it", dir))
	}
	return badInput(os.MkdirAll(dir, 0o755))
}

// classes are what a pixel can be: the kinds of the rules, and unchanged.
func (p *product) classes() (out []Class) {
	for _, k := range p.kinds {
		out = append(out, Class{k.Code, k.Name.ZH})
	}
	return append(out, Class{Unchanged, "未变化"})
}

// allot decides how many pixels of each stratum are drawn, and which. Strata without pixels are left out. Points are
// numbered so that, after any number of them, about the same part of each stratum is done: whoever interprets them meets
// the strata mixed, and may stop early.
func (s *strata) allot(d *Design, l *accuracy.Lottery, o DrawOptions) error {
	var sizes []int64
	var kept []int
	total := int64(0)
	for i := range s.names {
		if n := l.Size(i); n > 0 {
			sizes, kept, total = append(sizes, n), append(kept, i), total+n
		}
	}
	if total == 0 {
		return badInput(errors.New("the product has no pixel that was observed there: there is nothing to sample"))
	}
	drawn, err := accuracy.Allocate(o.N, sizes, o.Least, o.Allocation)
	if err != nil {
		return badInput(fmt.Errorf("%w (--n, --min, --strata)", err))
	}
	type drawnPixel struct {
		pixel   uint64
		stratum string
		// turn is the part of its stratum that is done with it.
		turn float64
	}
	var all []drawnPixel
	for k, i := range kept {
		d.Strata = append(d.Strata, SampleStratum{s.names[i], sizes[k], drawn[k], float64(sizes[k]) / float64(total)})
		// In the order of their tickets, which is a random one within the stratum.
		for rank, w := range l.Draw(i, drawn[k]) {
			all = append(all, drawnPixel{w.Pixel, s.names[i], (float64(rank) + 0.5) / float64(drawn[k])})
		}
	}
	slices.SortFunc(all, func(a, b drawnPixel) int {
		return cmp.Or(cmp.Compare(a.turn, b.turn), cmp.Compare(a.pixel, b.pixel))
	})
	width := uint64(s.p.grid.W)
	for i, x := range all {
		pt := SamplePoint{ID: i + 1, Stratum: x.stratum, Column: int(x.pixel % width), Row: int(x.pixel / width), Map: Unchanged}
		if k := s.classAt(pt.Column, pt.Row); k >= 0 {
			pt.Map = s.p.kinds[k].Code
		}
		d.Points = append(d.Points, pt)
	}
	return nil
}

// locate gives the points their coordinates.
func (p *product) locate(d *Design) error {
	g, err := p.Coordinates.Geographer(p.grid.CRS)
	if err != nil {
		return badInput(err)
	}
	defer g.Close()
	xs, ys := make([]float64, len(d.Points)), make([]float64, len(d.Points))
	for i := range d.Points {
		q := &d.Points[i]
		q.X, q.Y = p.grid.Point(float64(q.Column)+0.5, float64(q.Row)+0.5)
		xs[i], ys[i] = q.X, q.Y
	}
	if err := g.ToLonLat(xs, ys); err != nil {
		return badInput(err)
	}
	for i := range d.Points {
		d.Points[i].Lon, d.Points[i].Lat = xs[i], ys[i]
	}
	return nil
}
