package gdal

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"

	"tuban/raster"
)

// diary is a watcher that checks the promises of Watch and can refuse one kind of op.
type diary struct {
	mu      sync.Mutex
	open    map[int]Op
	next    int
	most    int
	seen    map[string]int
	refuse  string
	faults  []string
	windows map[string][]raster.Window
}

var errRefused = errors.New("this part is known to crash the decoder")

func (d *diary) Enter(op Op) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.refuse == op.What {
		return 0, errRefused
	}
	d.next++
	d.open[d.next] = op
	d.most = max(d.most, len(d.open))
	d.seen[op.What]++
	d.windows[op.What] = append(d.windows[op.What], op.Window)
	return d.next, nil
}

func (d *diary) Beside(op Op) (int, bool) {
	token, err := d.Enter(op)
	return token, err == nil
}

func (d *diary) Leave(token int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, ok := d.open[token]; !ok {
		d.faults = append(d.faults, fmt.Sprintf("token %d left twice or never entered", token))
	}
	delete(d.open, token)
}

func watch(t *testing.T, refuse string) *diary {
	d := &diary{open: map[int]Op{}, seen: map[string]int{}, windows: map[string][]raster.Window{}, refuse: refuse}
	Watch(d)
	t.Cleanup(func() { Watch(nil) })
	return d
}

// nextZone is a grid in another zone under the scenes of utm.
var nextZone = raster.Grid{CRS: "EPSG:4529", Transform: [6]float64{41_500_000 - 3000, 10, 0, 4_802_000, 0, -10}, W: 700, H: 600}

// Each call into GDAL is entered and left once, and in one goroutine never within another.
func TestWatch(t *testing.T) {
	ctx := context.Background()
	path, _, _ := file{w: 300, h: 280, bands: 2, dataType: "UInt16", mask: true, options: []string{"TILED=YES", "BLOCKXSIZE=128", "BLOCKYSIZE=64"}}.write(t)
	local := sceneOf(t, path, 2)
	_, prefix := bucketOf(t, filepath.Dir(path))
	stored := local
	stored.URI = prefix + "scene.tif"
	away := nextZone
	away.W, away.H = 70, 60
	away.Transform[1], away.Transform[5] = 100, -100
	read := func(s raster.Scene, g raster.Grid) error {
		r, err := NewReader(g, []raster.Scene{s}, ReaderOptions{Roles: testRoles[:2]})
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		if _, err := r.Absent(ctx, 0, g.Window()); err != nil {
			return err
		}
		return r.Read(ctx, 0, g.Window(), planes(int(g.Pixels()), 2))
	}
	for _, s := range []raster.Scene{local, stored} {
		preview := func(g raster.Grid) error { _, err := Preview(ctx, s, g, testRoles[:2]); return err }
		for _, c := range []struct {
			name string
			op   func() error
			want []string
		}{
			{"inspect", func() error { _, err := Inspect(ctx, s.URI); return err }, []string{"open", "inspect"}},
			{"on the grid", func() error { return read(s, s.Native) }, []string{"open", "decode"}},
			{"off the grid", func() error { return read(s, nextZone) }, []string{"open", "decode", "warp"}},
			{"preview", func() error { return preview(s.Native) }, []string{"open", "preview"}},
			{"preview off the grid", func() error { return preview(away) }, []string{"open", "preview", "warp"}},
		} {
			d := watch(t, "")
			if err := c.op(); err != nil {
				t.Fatal(err)
			}
			if d.most != 1 || len(d.open) != 0 || len(d.faults) > 0 {
				t.Errorf("%s: %d ops at once, %d not left, %v", c.name, d.most, len(d.open), d.faults)
			}
			if len(d.seen) != len(c.want) {
				t.Errorf("%s: saw %v", c.name, d.seen)
			}
			if c.name == "on the grid" {
				covered := int64(0)
				for _, w := range d.windows["decode"][1:] { // the first is that of Absent, which stops at what is stored
					covered += w.Pixels()
				}
				if covered != s.Native.Pixels() {
					t.Errorf("the decoded windows are %d pixels, the file has %d", covered, s.Native.Pixels())
				}
			}
			for _, what := range c.want {
				if d.seen[what] == 0 {
					t.Errorf("%s: no %s", c.name, what)
				}
				watch(t, what)
				err := c.op()
				var at *ReadError
				if !errors.Is(err, errRefused) || what == "decode" && !errors.As(err, &at) {
					t.Errorf("%s with %s refused: %v", c.name, what, err)
				}
			}
			Watch(nil)
			if err := c.op(); err != nil {
				t.Errorf("%s, no longer watched: %v", c.name, err)
			}
		}
	}
}
