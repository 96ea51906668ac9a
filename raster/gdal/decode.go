package gdal

import "C"

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/airbusgeo/godal"

	"tuban/raster"
)

// sampler turns a part of a file into values: which bands, what is no data in them, how numbers become values.
type sampler struct {
	bands []raster.Band
	index []int // of bands, counted from 0, as godal does in this one place
	alpha int   // 1-based, 0: none
	// form is how the samples are kept.
	form form
	// wide says that float32 cannot hold the samples; they are read, and compared with the no-data tag, as float64.
	// exact says that they are integers. float says that samples may be infinite or not a number.
	wide, exact, float bool
	// nearest says that reduced pixels are picked, not averaged; byEdge, that no number is no data but the collar is.
	nearest, byEdge bool
	collar          *raster.Collar
}

func newSampler(s raster.Scene, bands []raster.Band) (sampler, error) {
	d := sampler{bands: slices.Clone(bands), alpha: s.Alpha, nearest: s.Nearest, byEdge: s.EdgeFill}
	if s.EdgeFill {
		d.collar = s.Collar
	}
	for i, b := range d.bands {
		if b.Index < 1 {
			return d, fmt.Errorf("band %d does not exist: bands are counted from 1", b.Index)
		}
		if b.Scale == 0 {
			d.bands[i].Scale = 1
		}
		if s.EdgeFill {
			d.bands[i].HasNoData = false
		}
		d.index = append(d.index, b.Index-1)
	}
	d.form = formOf[s.DataType]
	switch s.DataType {
	case "Byte", "Int8", "UInt16", "Int16":
	case "Float32", "": // unknown: read as float
		d.float = true
	case "Float64":
		d.float, d.wide = true, true
	case "Int32", "UInt32", "Int64", "UInt64":
		d.wide, d.exact = true, true
	default:
		return d, fmt.Errorf("samples of type %s cannot be read as values: give an image of integers or floating-point numbers", s.DataType)
	}
	return d, nil
}

// scratch is memory that a decode needs for its duration.
type scratch struct {
	wide  []float64
	alpha []float32
	mask  []uint8
	bad   []bool
	// Storage blocks that wait to be inflated beside one another, and which of their bands are wanted.
	pieces [2]piece
	held   int
	picked []C.int
	// whole are the samples that nobody keeps.
	whole []float32
}

// scratches and arrivalsIdle are forgotten when a Reader is closed.
var scratches idle[scratch]

func sized[T any](s []T, n int) []T { return slices.Grow(s[:0], n)[:n] }

// read fills planes, consecutive parts of one slab, with the values of the window w of the file.
// A pixel that is no data in one of the bands is NaN in all: what is compared must have been seen together. So is one that
// the file does not store in one of them.
func (d sampler) read(f *image, w raster.Window, planes [][]float32, slab []float32) error {
	if d.form == asValues || len(planes) == 0 || w.Empty() {
		return d.readReduced(f.ds, w, w.W, w.H, planes, slab)
	}
	sc := scratches.get()
	defer scratches.put(sc)
	sc.whole = sized(sc.whole, d.form.room(int(w.Pixels()), len(planes)))
	n := d.form.within(sc.whole, w, len(planes))
	if err := d.readIntegers(f, &n); err != nil {
		return err
	}
	n.values(planes, w, w, d.bands)
	return nil
}

// readIntegers fills ns, which lie in the file, with its samples.
func (d sampler) readIntegers(f *image, ns ...*integers) error {
	var stored []*integers
	var holes [][]hole
	for _, n := range ns {
		absent, all, err := d.holes(f.ds, n.Window)
		if err != nil {
			return err
		}
		if n.void = all; !all {
			n.seek(d.bands)
			stored, holes = append(stored, n), append(holes, absent)
		}
	}
	if len(stored) == 0 {
		return nil
	}
	sc := scratches.get()
	defer scratches.put(sc)
	if err := f.samples(stored, d.index, sc); err != nil {
		return err
	}
	for i, n := range stored {
		clear(n.bad)
		any, err := d.hide(f.ds, n.Window, n.W, n.H, holes[i], n.bad, sc)
		if err != nil {
			return err
		}
		if !n.markNoData(d.bands) && !any {
			n.bad = nil
		}
	}
	return nil
}

// readReduced is read with the window reduced to ow × oh pixels, each the average of what it covers, or one of them where
// pixels are categories.
func (d sampler) readReduced(ds *godal.Dataset, w raster.Window, ow, oh int, planes [][]float32, slab []float32) error {
	if len(planes) == 0 || w.Empty() {
		return nil
	}
	holes, all, err := d.holes(ds, w)
	if err != nil {
		return err
	}
	if all {
		for _, p := range planes {
			raster.Fill(p, raster.NaN)
		}
		return nil
	}
	n := ow * oh
	size, average := godal.Window(w.W, w.H), godal.Resampling(godal.Nearest)
	if (ow != w.W || oh != w.H) && !d.nearest {
		average = godal.Resampling(godal.Average)
	}
	sc := scratches.get()
	defer scratches.put(sc)
	if d.wide {
		sc.wide = sized(sc.wide, len(slab))
		if err := ds.Read(w.X, w.Y, sc.wide, ow, oh, size, average, godal.Bands(d.index...), godal.BandInterleaved(), policy); err != nil {
			return err
		}
	} else if err := ds.Read(w.X, w.Y, slab, ow, oh, size, average, godal.Bands(d.index...), godal.BandInterleaved(), policy); err != nil {
		return err
	}
	sc.bad = sized(sc.bad, n)
	clear(sc.bad)
	any, err := d.hide(ds, w, ow, oh, holes, sc.bad, sc)
	if err != nil {
		return err
	}
	for i, b := range d.bands {
		p := planes[i]
		if d.wide {
			v := sc.wide[i*n : (i+1)*n]
			if b.HasNoData && d.markNoData(sc.bad, v, b.NoData) {
				any = true
			}
			for j := range p {
				p[j] = float32(v[j])
			}
		}
		if !d.wide && b.HasNoData && markEqual(sc.bad, p, float32(b.NoData)) {
			any = true
		}
		if d.float && markNotFinite(sc.bad, p) {
			any = true
		}
		if b.Scale != 1 || b.Offset != 0 {
			rescale(p, b)
		}
	}
	if any {
		for _, p := range planes {
			for j, bad := range sc.bad {
				if bad {
					p[j] = raster.NaN
				}
			}
		}
	}
	return nil
}

// hide marks in bad, which begins clear, the pixels of w reduced to ow × oh that have no value whatever their samples say.
func (d sampler) hide(ds *godal.Dataset, w raster.Window, ow, oh int, holes []hole, bad []bool, sc *scratch) (any bool, err error) {
	// A mask that cannot be read must not pass for one that hides nothing.
	if said := guard(func() { any, err = d.masks(ds, w, ow, oh, bad, sc) }); err != nil || said != nil {
		return false, errors.Join(err, said)
	}
	if len(holes) > 0 {
		markHoles(bad, holes, w, ow, oh)
		any = true
	}
	if d.collar != nil && markCollar(bad, d.collar, w, ow, oh) {
		any = true
	}
	return any, nil
}

// masks marks what the alpha band and the file's own masks exclude.
func (d sampler) masks(ds *godal.Dataset, w raster.Window, ow, oh int, bad []bool, sc *scratch) (any bool, err error) {
	n, size := ow*oh, godal.Window(w.W, w.H)
	bands := ds.Bands()
	if d.alpha > 0 {
		if d.alpha > len(bands) {
			return false, fmt.Errorf("the alpha band %d does not exist: the file has %d bands", d.alpha, len(bands))
		}
		sc.alpha = sized(sc.alpha, n)
		if err := bands[d.alpha-1].Read(w.X, w.Y, sc.alpha, ow, oh, size, policy); err != nil {
			return false, fmt.Errorf("alpha band: %w", err)
		}
		any = markEqual(bad, sc.alpha, 0)
	}
	done := false
	for _, i := range d.index {
		flags := bands[i].MaskFlags()
		if !ownMask(flags) || done && flags&maskPerDataset != 0 {
			continue
		}
		done = done || flags&maskPerDataset != 0
		sc.mask = sized(sc.mask, n)
		if err := bands[i].MaskBand().Read(w.X, w.Y, sc.mask, ow, oh, size, policy); err != nil {
			return false, fmt.Errorf("mask band: %w", err)
		}
		if markEqual(bad, sc.mask, 0) {
			any = true
		}
	}
	return any, nil
}

// markNoData marks what equals the no-data tag. A tag is a decimal text, which some programs cut off after twelve digits.
func (d sampler) markNoData(bad []bool, v []float64, noData float64) (any bool) {
	const digits = 1e-10
	if d.exact {
		return markEqual(bad, v, noData)
	}
	near := digits * math.Abs(noData)
	for i, e := range v {
		if math.Abs(e-noData) <= near {
			bad[i] = true
			any = true
		}
	}
	return any
}

// markCollar sets bad, the window w of the file reduced to ow × oh pixels, where a pixel covers any part of the collar:
// the fill's colour is then not mixed into what is seen, at the cost of a reduced pixel along the edge.
func markCollar(bad []bool, c *raster.Collar, w raster.Window, ow, oh int) (any bool) {
	if ow == w.W && oh == w.H {
		return c.Mark(bad, w)
	}
	row := make([]bool, w.W)
	for y := range w.H {
		if !c.Mark(row, raster.Window{X: w.X, Y: w.Y + y, W: w.W, H: 1}) {
			continue
		}
		any = true
		to := bad[y*oh/w.H*ow:]
		for x, b := range row {
			if b {
				to[x*ow/w.W] = true
			}
		}
		clear(row)
	}
	return any
}

// markEqual sets bad where v equals x and reports whether it did anywhere.
func markEqual[T uint8 | float32 | float64](bad []bool, v []T, x T) (any bool) {
	for i, e := range v {
		if e == x {
			bad[i] = true
			any = true
		}
	}
	return any
}

func markNotFinite(bad []bool, v []float32) (any bool) {
	const exponent = 0xff << 23
	for i, e := range v {
		if math.Float32bits(e)&exponent == exponent {
			bad[i] = true
			any = true
		}
	}
	return any
}
