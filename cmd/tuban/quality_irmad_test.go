package main

import (
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"tuban/classify/irmad"
	"tuban/classify/limit"
	"tuban/raster"
	"tuban/raster/gdal"
)

// realPair returns the path of a folder of the real data, or skips the test.
func realPair(t *testing.T, folder string) string {
	t.Helper()
	data := os.Getenv("TUBAN_TESTDATA")
	if data == "" {
		t.Skipf("SKIPPED: TUBAN_TESTDATA is not set, so %s was not tried", folder)
	}
	return filepath.Join(data, folder)
}

// readBands returns the first bands of an image, whole; what equals noData in any band is NaN in all.
func readBands(t *testing.T, path string, bands int, noData float64) [][]float32 {
	t.Helper()
	info, err := gdal.Inspect(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	s := raster.Scene{URI: path, Native: info.Native, BlockW: info.BlockW, BlockH: info.BlockH, DataType: info.DataType, Bands: map[raster.Role]raster.Band{}}
	roles := raster.Roles[:bands]
	for i, role := range roles {
		s.Bands[role] = raster.Band{Index: i + 1, Scale: 1, HasNoData: !math.IsNaN(noData), NoData: noData}
	}
	r, err := gdal.NewReader(info.Native, []raster.Scene{s}, gdal.ReaderOptions{Roles: roles})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	planes := make([][]float32, bands)
	for i := range planes {
		planes[i] = make([]float32, info.Native.Pixels())
	}
	if err := r.Read(ctx, 0, info.Native.Window(), planes); err != nil {
		t.Fatal(err)
	}
	return planes
}

// seenIn returns the pixels for which keep holds and that all images have, as float64 bands.
func seenIn(keep func(i int) bool, images ...[][]float32) [][][]float64 {
	out := make([][][]float64, len(images))
	for k, image := range images {
		out[k] = make([][]float64, len(image))
	}
	for i := range images[0][0] {
		whole := keep(i)
		for _, image := range images {
			whole = whole && image[0][i] == image[0][i]
		}
		if !whole {
			continue
		}
		for k, image := range images {
			for b := range image {
				out[k][b] = append(out[k][b], float64(image[b][i]))
			}
		}
	}
	return out
}

func every(int) bool { return true }

// TestNormaliseAgreesWithAnotherProgram: an independent program brought target.tif to ref_adjusted2target.tif.
func TestNormaliseAgreesWithAnotherProgram(t *testing.T) {
	dir := realPair(t, "arrnorm_pair")
	// 0 is no data in all of them; only one declares it.
	before := readBands(t, filepath.Join(dir, "ref_adjusted2target.tif"), 4, 0)
	after := readBands(t, filepath.Join(dir, "target.tif"), 4, 0)
	want := readBands(t, filepath.Join(dir, "target_norm_prealigned.tif"), 4, math.NaN())
	s := seenIn(every, before, after, want)
	x, y, z := s[0], s[1], s[2]
	fit, err := irmad.Fit(x, y, irmad.Options{})
	if err != nil {
		t.Fatal(err)
	}
	lines, err := irmad.Normalise(x, y, fit, irmad.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for b, l := range lines {
		ss := 0.0
		for i, v := range y[b] {
			d := l.At(v) - z[b][i]
			ss += d * d
		}
		rmse := math.Sqrt(ss / float64(len(z[b])))
		t.Logf("band %d: gain %.5f, offset %.2f, residual %.1f, correlation %.3f, %d of %d pixels; RMSE %.3f", b+1, l.Gain, l.Offset, l.Residual, l.Correlation, l.N, len(z[b]), rmse)
		if !(rmse <= 0.4) {
			t.Errorf("band %d: RMSE %.3f against the other program, above 0.4", b+1, rmse)
		}
	}
}

// TestChangeWithoutSurvey: the statistic and its own limit find what people marked, whichever pixels the fit saw.
func TestChangeWithoutSurvey(t *testing.T) {
	dir := realPair(t, "taizhou")
	before := readBands(t, filepath.Join(dir, "before.tif"), 6, math.NaN())
	after := readBands(t, filepath.Join(dir, "after.tif"), 6, math.NaN())
	labels := readBands(t, filepath.Join(dir, "reference.tif"), 1, math.NaN())[0]
	statistic := make([]float32, len(labels))
	kappa := func(name string, keep func(int) bool) {
		s := seenIn(keep, before, after)
		fit, err := irmad.Fit(s[0], s[1], irmad.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := irmad.Normalise(s[0], s[1], fit, irmad.Options{}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		fit.Statistic(statistic, before, after)
		// The limit sees what the fit saw.
		var sample []float64
		for i, v := range statistic {
			if keep(i) {
				sample = append(sample, float64(v))
			}
		}
		l, separated := limit.Change(sample)
		mask := make([]float32, len(statistic))
		for i, v := range statistic {
			if float64(v) > l {
				mask[i] = 1
			}
		}
		a := agree(mask, labels)
		t.Logf("%s: %d iterations, limit %.1f: OA %.3f, kappa %.3f, F1 %.3f", name, fit.Iterations, l, a.overall(), a.kappa(), a.f1())
		if !separated || !(a.kappa() >= 0.92) {
			t.Errorf("%s: kappa %.3f, separated %v", name, a.kappa(), separated)
		}
	}
	kappa("all pixels", every)
	for seed := range uint64(5) {
		r := rand.New(rand.NewPCG(seed, 1))
		half := make([]bool, len(labels))
		for i := range half {
			half[i] = r.IntN(2) == 0
		}
		kappa("half of them", func(i int) bool { return half[i] })
	}
}
