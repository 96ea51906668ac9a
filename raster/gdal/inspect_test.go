package gdal

import (
	"context"
	"encoding/csv"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tuban/raster"
)

func TestInspect(t *testing.T) {
	f := file{w: 300, h: 200, bands: 4, dataType: "UInt16", noData: number(0), scale: [2]float64{0.0001, 0}, crs: "EPSG:4530", mask: true,
		transform: [6]float64{42_500_000, 0.5, 0, 4_800_000, 0, -0.5},
		options:   []string{"TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=32", "COMPRESS=DEFLATE", "INTERLEAVE=BAND"}}
	path, _, _ := f.write(t)
	info, err := Inspect(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	if g := (raster.Grid{CRS: "EPSG:4530", Transform: f.transform, W: 300, H: 200}); info.Native != g || !info.GeoTransform {
		t.Errorf("grid %v, want %v", info.Native, g)
	}
	if info.BlockW != 64 || info.BlockH != 32 || info.DataType != "UInt16" || info.Driver != "GTiff" || info.Compression != "DEFLATE" || info.Interleave != "BAND" {
		t.Errorf("structure: %+v", info)
	}
	if !info.Mask || info.Alpha != 0 || len(info.Bands) != 4 || info.Bytes == 0 || info.RPC || info.GCP {
		t.Errorf("content: %+v", info)
	}
	if b := info.Bands[3]; b.NoData == nil || *b.NoData != 0 || b.Scale != 0.0001 || b.Index != 4 || b.Role != "" {
		t.Errorf("band 4: %+v", b)
	}
}

func TestBandRole(t *testing.T) {
	for description, want := range map[string]raster.Role{"Near Infrared": raster.NIR, "band_red": raster.Red, "近红外": raster.NIR, "SWIR 1": raster.SWIR1,
		"Red-Edge": raster.RedEdge, "B4": "", "": ""} {
		if got := bandRole(raster.BandInfo{Description: description, Color: "Gray"}, nil); got != want {
			t.Errorf("%q is %q, want %q", description, got, want)
		}
	}
	if got := bandRole(raster.BandInfo{Description: "nir", Color: "Red"}, nil); got != raster.NIR {
		t.Errorf("a description must go before a colour, got %q", got)
	}
	if got := bandRole(raster.BandInfo{Color: "Green"}, nil); got != raster.Green {
		t.Errorf("green by colour: %q", got)
	}
}

func TestInspectRefuses(t *testing.T) {
	dir := t.TempDir()
	if _, err := Inspect(context.Background(), filepath.Join(dir, "missing.tif")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing: %v", err)
	}
	for name, text := range map[string]string{
		"text.tif":    "this is no image",
		"empty.tif":   "",
		"map.geojson": `{"type":"FeatureCollection","features":[]}`,
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := Inspect(context.Background(), path); !errors.Is(err, ErrNotRaster) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Each odd file is read or refused with a reason, in bounded time.
func TestOddRasters(t *testing.T) {
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
	const readColumn = 15
	var read, refused, damaged, skipped int
	for _, row := range rows[1:] {
		name, says := row[0], row[readColumn]
		if strings.Contains(strings.ToUpper(says), "CRASH") {
			skipped++
			continue
		}
		type result struct {
			inspect, read error
			info          raster.Info
		}
		done := make(chan result, 1)
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		go func() {
			var r result
			defer func() { done <- r }()
			if r.info, r.inspect = Inspect(ctx, filepath.Join(dir, name)); r.inspect != nil {
				return
			}
			s := sceneFrom(r.info, 4)
			if s.Native.CRS == "" || !r.info.GeoTransform {
				// Not for the pipeline, but its pixels must be readable all the same.
				s.Native.CRS, s.Native.Transform = "EPSG:32651", utm
			}
			if a := s.Alpha; a > 0 && a <= len(testRoles) {
				delete(s.Bands, testRoles[a-1])
			}
			reader, err := NewReader(s.Native, []raster.Scene{s}, ReaderOptions{Roles: testRoles, CacheBytes: 1 << 20})
			if err != nil {
				r.read = err
				return
			}
			defer reader.Close()
			for _, w := range []raster.Window{{X: 0, Y: 0, W: 64, H: 64}, {X: s.Native.W / 2, Y: s.Native.H / 2, W: 64, H: 64}} {
				w = w.Intersect(s.Native.Window())
				if err := reader.Read(ctx, 0, w, planes(int(w.Pixels()), 4)); err != nil {
					r.read = err
					return
				}
			}
		}()
		select {
		case r := <-done:
			cancel()
			switch {
			case r.inspect != nil:
				refused++
				if says == "ok" {
					t.Errorf("%s: GDAL opens it, Inspect says %v", name, r.inspect)
				}
			case r.read != nil:
				damaged++
				if says == "ok" && !strings.HasPrefix(r.info.DataType, "C") {
					t.Errorf("%s: GDAL reads it, the Reader says %v", name, r.read)
				}
			default:
				read++
				if strings.HasPrefix(says, "OPEN FAILS") {
					t.Errorf("%s: read, though GDAL cannot open it (%s)", name, says)
				}
			}
		case <-time.After(20 * time.Second):
			t.Fatalf("%s: still at work after 20 s", name)
		}
	}
	t.Logf("%d read, %d refused at opening, %d refused or damaged at reading, %d skipped", read, refused, damaged, skipped)
}
