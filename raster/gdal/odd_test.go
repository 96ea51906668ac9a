package gdal

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/airbusgeo/godal"

	"tuban/raster"
)

const (
	oddFile     = "TUBAN_ODD_RASTER" // what a child is to read
	oddMemory   = 2 << 20            // KiB of address space
	oddDeadline = 20 * time.Second
)

// Each odd file is read, and then exactly as GDAL reads it band by band, or refused with a reason: within bounds of memory
// and time, in a process of its own, which never crashes.
func TestOddRasters(t *testing.T) {
	if path := os.Getenv(oddFile); path != "" {
		fmt.Println("VERDICT " + readOdd(path))
		return
	}
	dir := filepath.Join(testData(t), "odd_rasters")
	index, err := os.Open(filepath.Join(dir, "INDEX.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer index.Close()
	rows, err := csv.NewReader(index).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	const readColumn, atOnce = 15, 2
	var mu sync.Mutex
	counts := map[string]int{}
	slots := make(chan struct{}, atOnce)
	var wg sync.WaitGroup
	for i, row := range rows[1:] {
		if testing.Short() && i%8 != 0 {
			continue
		}
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			name, says := row[0], row[readColumn]
			verdict := inChild(t, filepath.Join(dir, name))
			kind, _, _ := strings.Cut(verdict, ":")
			mu.Lock()
			defer mu.Unlock()
			counts[kind]++
			switch {
			case kind == "crash" || kind == "hang" || kind == "differs":
				t.Errorf("%s: %s", name, verdict)
			case kind == "refused" && says == "ok", kind == "unread" && says == "ok":
				t.Errorf("%s: GDAL reads it, but: %s", name, verdict)
			case kind == "read" && strings.HasPrefix(says, "OPEN FAILS"):
				t.Errorf("%s: read, though GDAL cannot open it: %s", name, says)
			default:
				t.Logf("%s: %s", name, verdict)
			}
		})
	}
	wg.Wait()
	t.Logf("%v", counts)
}

// inChild runs readOdd in a process of its own.
func inChild(t *testing.T, path string) string {
	ctx, cancel := context.WithTimeout(context.Background(), oddDeadline)
	defer cancel()
	limit := fmt.Sprintf("ulimit -v %d; ", oddMemory)
	// Who watches for data races takes memory of their own, by the terabyte.
	if info, ok := debug.ReadBuildInfo(); ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"}) {
		limit = ""
	}
	c := exec.CommandContext(ctx, "sh", "-c", limit+`exec "$0" -test.run '^TestOddRasters$'`, os.Args[0])
	c.Env = append(os.Environ(), oddFile+"="+path)
	var out bytes.Buffer
	c.Stdout, c.Stderr = &out, &out
	err := c.Run()
	if ctx.Err() != nil {
		return "hang: " + tail(out.String())
	}
	_, verdict, ok := strings.Cut(out.String(), "VERDICT ")
	if err != nil || !ok {
		return fmt.Sprintf("crash: %v: %s", err, tail(out.String()))
	}
	verdict, _, _ = strings.Cut(verdict, "\nPASS")
	return verdict
}

func tail(s string) string { return s[max(0, len(s)-600):] }

// readOdd inspects a file, reads all of it and compares it with a plain reading.
func readOdd(path string) string {
	ctx := context.Background()
	info, err := Inspect(ctx, path)
	if err != nil {
		return "refused: " + err.Error()
	}
	s := sceneFrom(info, 4)
	if s.Native.CRS == "" || !info.GeoTransform {
		// Not for the pipeline, but its pixels must be readable all the same.
		s.Native.CRS, s.Native.Transform = "EPSG:32651", utm
	}
	var roles []raster.Role
	for i, r := range testRoles {
		if s.Has(r) && s.Alpha != i+1 {
			roles = append(roles, r)
		}
	}
	r, err := NewReader(s.Native, []raster.Scene{s}, ReaderOptions{Roles: roles, CacheBytes: 1 << 20})
	if err != nil {
		if strings.HasPrefix(info.DataType, "C") {
			return "complex: " + err.Error()
		}
		return "refused: " + err.Error()
	}
	defer r.Close()
	ds, err := godal.Open(path, godal.RasterOnly(), godal.SiblingFiles(siblings(path)...), policy)
	if err != nil {
		return "refused: " + err.Error()
	}
	defer ds.Close(policy)
	rows := max(1, (1<<20)/s.Native.W)
	for y := 0; y < s.Native.H; y += rows {
		w := raster.Window{Y: y, W: s.Native.W, H: rows}.Intersect(s.Native.Window())
		got := planes(int(w.Pixels()), len(roles))
		err := r.Read(ctx, 0, w, got)
		want, plainErr := plain(ds, s, roles, w)
		switch {
		case err != nil && plainErr == nil:
			return fmt.Sprintf("unread: only by the Reader: %v", err)
		case err == nil && plainErr != nil:
			return fmt.Sprintf("differs: the Reader says nothing of %v", plainErr)
		case err != nil:
			return "damaged: " + err.Error()
		}
		if err := same(got, want); err != nil {
			return fmt.Sprintf("differs: rows from %d: %v", y, err)
		}
	}
	return "read: " + info.DataType
}

// split are files whose only strip GDAL cuts into rows, which then have no offset of their own and are stored all the same.
var split = map[string]bool{"one_strip_nobytecount.tif": true, "tif_webp_huge_single_strip.tif": true}

// plain reads a window in the simplest way that there is: band by band, with the mask that GDAL has for each.
func plain(ds *godal.Dataset, s raster.Scene, roles []raster.Role, w raster.Window) ([][]float32, error) {
	n := int(w.Pixels())
	out := planes(n, len(roles))
	bad := make([]bool, n)
	var failed error
	said := guard(func() {
		if s.Alpha > 0 { // GDAL makes no mask of an alpha band of 64 bits
			v := make([]float64, n)
			failed = ds.Bands()[s.Alpha-1].Read(w.X, w.Y, v, w.W, w.H, policy)
			for k := range v {
				bad[k] = v[k] == 0
			}
		}
		for i, role := range roles {
			b := s.Bands[role]
			band := ds.Bands()[b.Index-1]
			v, mask := make([]float64, n), make([]uint8, n)
			failed = errors.Join(failed, band.Read(w.X, w.Y, v, w.W, w.H, policy), band.MaskBand().Read(w.X, w.Y, mask, w.W, w.H, policy))
			bs := band.Structure()
			for k := range v {
				x := float32(v[k])
				if b.Scale != 1 || b.Offset != 0 {
					x = float32(float64(float64(x)*b.Scale) + b.Offset)
				}
				out[i][k] = x
				f := float64(float32(v[k]))
				bad[k] = bad[k] || mask[k] == 0 || math.IsNaN(f) || math.IsInf(f, 0)
			}
			if t := s.Bands[role]; t.HasNoData && !strings.HasPrefix(s.DataType, "Float") {
				// GDAL forgets a tag where the file has a mask as well.
				for k := range v {
					bad[k] = bad[k] || v[k] == t.NoData
				}
			}
			if split[filepath.Base(s.URI)] {
				continue
			}
			for by := range (ds.Structure().SizeY + bs.BlockSizeY - 1) / bs.BlockSizeY {
				for bx := range (ds.Structure().SizeX + bs.BlockSizeX - 1) / bs.BlockSizeX {
					at := raster.Window{X: bx * bs.BlockSizeX, Y: by * bs.BlockSizeY, W: bs.BlockSizeX, H: bs.BlockSizeY}.Intersect(w)
					if at.Empty() || ds.Driver().ShortName() != "GTiff" || band.Metadata(fmt.Sprintf("BLOCK_OFFSET_%d_%d", bx, by), godal.Domain("TIFF")) != "" {
						continue
					}
					for y := at.Y; y < at.Y+at.H; y++ {
						raster.Fill(bad[(y-w.Y)*w.W+at.X:(y-w.Y)*w.W+at.X+at.W], true)
					}
				}
			}
		}
	})
	for i := range out {
		for k, b := range bad {
			if b {
				out[i][k] = raster.NaN
			}
		}
	}
	return out, errors.Join(failed, said)
}
