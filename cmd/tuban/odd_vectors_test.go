package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/paulmach/orb/encoding/wkb"

	"tuban/pipeline"
	"tuban/pipeline/runfile"
	"tuban/pipeline/survey"
	"tuban/raster"
	"tuban/raster/gdal"
	"tuban/raster/geos"
	"tuban/raster/vector"
)

// oddVerdict is what became of one file: refused as a whole, or read layer by layer.
type oddVerdict struct {
	Refused string
	Layers  []oddLayer
}

// oddLayer is what became of one layer: as it is, as a survey, and as a region; "" means accepted.
type oddLayer struct {
	Name                   string
	Declared               int64
	Read, Polygons, Staged int
	// Problem is of reading, Survey and Region are the refusals.
	Problem, Survey, Region string
}

const (
	oddFile   = "TUBAN_ODD_VECTOR"
	oddMemory = 2 << 30
)

// TestOddVectors: each odd file is read whole or refused by name with the remedy, as a layer, as a survey and as a region,
// within 20 s and 2 GiB, by a process of its own that ends well.
func TestOddVectors(t *testing.T) {
	dir := os.Getenv("TUBAN_TESTDATA")
	if dir == "" {
		t.Skip("SKIPPED: TUBAN_TESTDATA is not set, so no odd vector file was tried")
	}
	f, err := os.Open(filepath.Join(dir, "odd_vectors", "INDEX.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	index, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	verdicts := make([]string, len(index))
	limit := make(chan struct{}, 2)
	var all sync.WaitGroup
	for i, line := range index[1:] {
		if testing.Short() && i%4 != 0 {
			continue
		}
		all.Go(func() {
			limit <- struct{}{}
			defer func() { <-limit }()
			verdicts[i] = tryOddVector(t, filepath.Join(dir, "odd_vectors", line[0]), line)
		})
	}
	all.Wait()
	t.Log("file | layers | features | as a survey | as a region\n" + strings.Join(verdicts, ""))
}

// tryOddVector runs the child on one file, checks what it says against the index, and returns a line of the table.
func tryOddVector(t *testing.T, path string, line []string) string {
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestOddVectorChild$")
	cmd.Env = append(os.Environ(), oddFile+"="+path)
	var out, log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &log
	if err := cmd.Run(); err != nil {
		t.Errorf("%s: %v (%v)\n%s", line[0], err, ctx.Err(), log.String())
		return ""
	}
	var v oddVerdict
	first, _, _ := strings.Cut(out.String(), "\n")
	if err := json.Unmarshal([]byte(first), &v); err != nil {
		t.Errorf("%s: %v\n%s", line[0], err, out.String())
		return ""
	}
	if v.Refused != "" {
		if !strings.Contains(v.Refused, path) || line[9] == "ok" && !strings.HasPrefix(line[0], "kml/") {
			t.Errorf("%s: refused: %s", line[0], v.Refused)
		}
		return fmt.Sprintf("%s | refused: %s\n", line[0], strings.ReplaceAll(v.Refused, path, "…"))
	}
	read, text := 0, ""
	for _, l := range v.Layers {
		read += l.Read
		if l.Problem != "" || l.Polygons > 0 && l.Staged != l.Read {
			t.Errorf("%s: layer %s: %d features, %d staged; %s", line[0], l.Name, l.Read, l.Staged, l.Problem)
		}
		for what, refusal := range map[string]string{"survey": l.Survey, "region": l.Region} {
			if refusal != "" && !strings.Contains(refusal, path) {
				t.Errorf("%s: layer %s as a %s: refused without its name: %s", line[0], l.Name, what, refusal)
			}
			if refusal == "" && l.Polygons == 0 {
				t.Errorf("%s: layer %s without a polygon passes as a %s", line[0], l.Name, what)
			}
		}
		text += fmt.Sprintf("%s | %s | %d of %d | %s | %s\n", line[0], l.Name, l.Read, l.Declared, accepted(l.Survey, path), accepted(l.Region, path))
	}
	if fmt.Sprint(read) != line[3] {
		t.Errorf("%s: %d features, want %s", line[0], read, line[3])
	}
	return text
}

func accepted(refusal, path string) string {
	if refusal == "" {
		return "accepted"
	}
	return strings.ReplaceAll(refusal, path, "…")
}

// TestOddVectorChild does the work of TestOddVectors in a process of its own.
func TestOddVectorChild(t *testing.T) {
	path := os.Getenv(oddFile)
	if path == "" {
		t.Skip("the child of TestOddVectors")
	}
	if !raced() {
		if err := syscall.Setrlimit(syscall.RLIMIT_AS, &syscall.Rlimit{Cur: oddMemory, Max: oddMemory}); err != nil {
			t.Fatal(err)
		}
	}
	var v oddVerdict
	layers, err := gdal.ListLayers(ctx, path)
	if err != nil {
		v.Refused = err.Error()
	}
	for _, l := range layers {
		v.Layers = append(v.Layers, oddLayerVerdict(t, path, l))
		if again := v.Layers[len(v.Layers)-1]; l.CRS == "" && strings.HasSuffix(path, ".shp") {
			// What lacks nothing but its .prj has more to show with one.
			copied := withSystem(t, path)
			l.CRS = "EPSG:4550"
			second := oddLayerVerdict(t, copied, l)
			again.Survey += "; with a system: " + accepted(second.Survey, copied)
			again.Region += "; with a system: " + accepted(second.Region, copied)
			v.Layers[len(v.Layers)-1] = again
		}
	}
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println(string(b))
}

func oddLayerVerdict(t *testing.T, path string, l vector.LayerInfo) oddLayer {
	out := oddLayer{Name: l.Name, Declared: l.Features}
	spec := vector.LayerSpec{Source: path, Layer: l.Name, Fields: l.Fields}
	err := gdal.ReadLayer(ctx, spec, "", func(f vector.Feature) error {
		out.Read++
		if f.WKB == nil {
			return nil
		}
		if strings.Contains(f.Type, "Polygon") {
			out.Polygons++
		}
		_, err := wkb.Unmarshal(f.WKB)
		return err
	})
	if err != nil {
		out.Problem = err.Error()
	}
	b := l.Bounds
	if b.Empty() {
		b = raster.Bounds{MinX: 126, MinY: 43, MaxX: 127, MaxY: 44}
	}
	if out.Polygons > 0 && out.Polygons == out.Read {
		out.Staged = oddStaged(t, spec, oddGrid(b, "", 200))
	} else if out.Polygons > 0 {
		out.Staged = out.Read // other geometry among the polygons ends staging by name
	}
	crs := l.CRS
	if crs == "" {
		crs = "EPSG:4550"
	}
	grid := oddGrid(b, crs, 64)
	class := "DLBM"
	if len(l.Fields) > 0 {
		class = l.Fields[0]
	}
	out.Survey = oddRun(t, grid, func(f *runfile.File) {
		f.Survey = &runfile.Survey{Source: runfile.Sources{path}, Layer: l.Name, Class: class, System: "TD/T 1055-2019", ID: "BSM", Unit: "ZLDWDM"}
	})
	out.Region = oddRun(t, grid, func(f *runfile.File) { f.Region = &runfile.Region{Source: path, Layer: l.Name} })
	return out
}

// withSystem copies the parts of a Shapefile and adds a .prj.
func withSystem(t *testing.T, path string) string {
	shp := copied(t, path)
	prj := `PROJCS["CGCS2000_3_Degree_GK_CM_123E",GEOGCS["GCS_CGCS2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137,298.257222101]],PRIMEM["Greenwich",0],UNIT["Degree",0.0174532925199433]],` +
		`PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",500000],PARAMETER["False_Northing",0],PARAMETER["Central_Meridian",123],PARAMETER["Scale_Factor",1],PARAMETER["Latitude_Of_Origin",0],UNIT["Meter",1]]`
	if err := os.WriteFile(strings.TrimSuffix(shp, ".shp")+".prj", []byte(prj), 0o644); err != nil {
		t.Fatal(err)
	}
	return shp
}

// oddGrid has n² pixels over b, of a size that rules and plans accept.
func oddGrid(b raster.Bounds, crs string, n int) raster.Grid {
	step := min(max(b.MaxX-b.MinX, b.MaxY-b.MinY, 1e-3)/float64(n-4), 900)
	if crs == "EPSG:4550" {
		step = max(step, 0.5)
	}
	return raster.Grid{CRS: crs, Transform: [6]float64{b.MinX - 2*step, step, 0, b.MaxY + 2*step, 0, -step}, W: n, H: n}
}

func oddStaged(t *testing.T, spec vector.LayerSpec, g raster.Grid) int {
	spec.Fields = []string{""}
	store, err := survey.Stage(ctx, filepath.Join(t.TempDir(), "odd.stage"), vectors{}, survey.Options{
		Layers: []vector.LayerSpec{spec}, Fields: []string{"DLBM"}, Grid: g,
		Known: func(string) bool { return true }, Repairer: func() survey.Repairer { return geos.New() },
	})
	if err != nil {
		t.Error(err)
		return 0
	}
	defer store.Close()
	for i := range int32(store.Len()) {
		if _, err := store.Parcel(i + 1); err != nil {
			t.Error(err)
		}
	}
	return int(store.Stats().Features)
}

// oddRun plans a run over imagery on the grid and returns why the layer is refused.
func oddRun(t *testing.T, g raster.Grid, with func(f *runfile.File)) string {
	dir := t.TempDir()
	im := image{grid: g, bands: 4, value: patchy(1)}
	im.name = "before"
	before := im
	im.name = "after"
	f := &runfile.File{Name: "odd", Rules: "default", Normalise: "none", Registration: "none", Outputs: []string{"gpkg"}}
	f.Before, f.After = scenesOf(t, dir, "2024-08-14", []image{before}), scenesOf(t, dir, "2025-08-20", []image{im})
	with(f)
	p, err := pipeline.NewPlan(ctx, drivers(), f, pipeline.Options{Out: filepath.Join(dir, "out")})
	if err == nil {
		_, err = p.Estimate(ctx, drivers(), pipeline.Options{Scratch: t.TempDir()})
	}
	// These come after the layer has been read: the imagery is what is odd about them.
	if err == nil || strings.Contains(err.Error(), "a pixel of the run's grid would span") {
		return ""
	}
	var input *pipeline.InputError
	if !errors.As(err, &input) {
		t.Logf("not an input error: %v", err)
	}
	return err.Error()
}
