package pipeline

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"

	"tuban/classify/object"
	"tuban/classify/rules"
	"tuban/raster/vector"
)

// Finding is something wrong with a product, or a fact that was confirmed.
type Finding struct {
	OK   bool
	Text string
}

// maxFindings of one law are named; a systematic fault need not be listed a thousand times.
const maxFindings = 5

// Check examines the product in dir, on disk or in object storage, as a receiver would: every file is the one the manifest names, every polygon is
// valid, has the area and the shares it says, and reaches its kind's minimum area.
func Check(ctx context.Context, d Drivers, dir string) ([]Finding, error) {
	m, err := d.ReadManifest(ctx, dir)
	if err != nil {
		return nil, badInput("%s holds no finished product: %w", dir, err)
	}
	if remote(dir) {
		local, err := os.MkdirTemp("", "tuban-check-")
		if err != nil {
			return nil, err
		}
		defer os.RemoveAll(local)
		for _, f := range m.Outputs {
			name := filepath.Base(f.Path)
			if err := d.Storage.Fetch(ctx, Below(dir, name), filepath.Join(local, name)); err != nil && !isMissing(err) {
				return nil, err
			}
		}
		dir = local
	}
	c := &checker{dir: dir, m: m}
	c.files()
	c.runs()
	if err := c.patches(ctx, d); err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		c.say(false, "%s cannot be read: %v", packageName, err)
	}
	return c.findings, nil
}

type checker struct {
	dir      string
	m        *Manifest
	findings []Finding
}

func (c *checker) say(ok bool, format string, args ...any) {
	c.findings = append(c.findings, Finding{ok, fmt.Sprintf(format, args...)})
}

// files compares every output with its checksum.
func (c *checker) files() {
	bad := 0
	for _, want := range c.m.Outputs {
		got, err := describeOutput(c.dir, want.Path)
		switch {
		case err != nil:
			bad++
			c.say(false, "%s: %v", want.Path, err)
		case got != want:
			bad++
			c.say(false, "%s: changed since the run (%d bytes, SHA-256 %.16s…; the manifest has %d, %.16s…)", want.Path, got.Bytes, got.SHA256, want.Bytes, want.SHA256)
		}
	}
	if bad == 0 {
		c.say(true, "%d files are as the manifest says", len(c.m.Outputs))
	}
}

// runs reads the run file and compares its header with the manifest.
func (c *checker) runs() {
	b, err := os.ReadFile(filepath.Join(c.dir, runsName))
	if err != nil {
		c.say(false, "%v", err)
		return
	}
	h, runs, err := object.Decode(bytes.NewReader(b), math.MaxInt32)
	switch {
	case err != nil:
		c.say(false, "%s: %v", runsName, err)
	case h.Key != c.m.Key:
		c.say(false, "%s belongs to the product %s, not %s", runsName, h.Key, c.m.Key)
	default:
		c.say(true, "%s: %d runs", runsName, len(runs))
	}
}

// law counts violations and names the first few.
type law struct {
	c    *checker
	name string
	bad  int
}

func (l *law) broken(format string, args ...any) {
	if l.bad++; l.bad <= maxFindings {
		l.c.say(false, format, args...)
	}
}

func (l *law) end(n int) {
	if l.bad == 0 {
		l.c.say(true, "%s: %d patches", l.name, n)
	} else if l.bad > maxFindings {
		l.c.say(false, "%s: %d patches in all", l.name, l.bad)
	}
}

// patches checks the published layer, patch by patch.
func (c *checker) patches(ctx context.Context, d Drivers) error {
	file, err := rules.Parse("the product's rules", []byte(c.m.Rules))
	if err != nil {
		return err
	}
	geo, err := d.Coordinates.Geographer(c.m.Grid.CRS)
	if err != nil {
		return err
	}
	defer geo.Close()
	dr := &describer{geo: geo, engine: d.Geometry()}
	valid, area := &law{c: c, name: "OGC-valid geometry"}, &law{c: c, name: "area of the geometry is JCMJ"}
	shares, least := &law{c: c, name: "shares add up to the area"}, &law{c: c, name: "minimum area of the state after"}
	spec := vector.LayerSpec{Source: filepath.Join(c.dir, packageName), Layer: "changes",
		Fields: []string{"cid", "kind", "JCMJ", "GDMJ", "QTNYDMJ", "WLYDMJ", "JSYDMJ", "QTMJ"}}
	n := 0
	err = d.Vectors.ReadLayer(ctx, spec, "", func(f vector.Feature) error {
		n++
		id := f.Values[0]
		mp, err := vector.Polygons(f.WKB)
		if err != nil {
			valid.broken("patch %s: %v", id, err)
			return nil
		}
		if ok, reason := dr.engine.Valid(mp); !ok {
			valid.broken("patch %s: %s", id, reason)
		}
		says, _ := strconv.ParseFloat(f.Values[2], 64)
		has, err := dr.area(mp)
		if err != nil {
			return err
		}
		// A hundredth is how areas are stored; half of one is their rounding.
		if math.Abs(has-says) > 0.0051 {
			area.broken("patch %s: JCMJ %.2f, its geometry %.4f m²", id, says, has)
		}
		if f.Values[3] != "" {
			sum := 0.0
			for _, v := range f.Values[3:] {
				x, _ := strconv.ParseFloat(v, 64)
				sum += x
			}
			if math.Abs(sum-says) > 0.0051 {
				shares.broken("patch %s: shares %.2f, area %.2f m²", id, sum, says)
			}
		}
		if k := file.Kind(f.Values[1]); k < 0 || says < file.On()[k].MinArea {
			least.broken("patch %s: %.2f m² of kind %s", id, says, f.Values[1])
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, l := range []*law{valid, area, shares, least} {
		l.end(n)
	}
	if n != c.m.Counts.Published {
		c.say(false, "the layer changes has %d patches, the manifest says %d", n, c.m.Counts.Published)
	}
	if err := c.history(ctx, d); err != nil {
		return err
	}
	if c.hasUnits(ctx, d) {
		if err := c.units(ctx, d, dr); err != nil {
			return err
		}
	}
	return c.triage(ctx, d)
}
