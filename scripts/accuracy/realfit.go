package main

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"strings"

	"tuban/classify/accuracy"
	"tuban/classify/irmad"
	"tuban/classify/limit"
	"tuban/raster/gdal"
)

// writeNormalised writes how far the normalisation is from that of another program.
func (w *workshop) writeNormalised(ctx context.Context, b *strings.Builder) error {
	images := make([][][]float32, 3)
	for i, file := range []string{"ref_adjusted2target.tif", "target.tif", "target_norm_prealigned.tif"} {
		path := filepath.Join(w.o.data, "arrnorm_pair", file)
		info, err := gdal.Inspect(ctx, path)
		if err != nil {
			return err
		}
		if images[i], err = readPlanes(ctx, path, info.Native, fourBands, ""); err != nil {
			return err
		}
		if i > 0 && len(images[i][0]) != len(images[0][0]) {
			return fmt.Errorf("%s has %d pixels, not the %d of the image before it", path, len(images[i][0]), len(images[0][0]))
		}
	}
	// 0 is no data in the two that are compared, and only one of them says so.
	seen := common(images, 2)
	fit, err := irmad.Fit(seen[0], seen[1], irmad.Options{})
	if err != nil {
		return fmt.Errorf("arrnorm_pair: %w", err)
	}
	lines, err := irmad.Normalise(seen[0], seen[1], fit, irmad.Options{})
	if err != nil {
		return fmt.Errorf("arrnorm_pair: %w", err)
	}
	b.WriteString("### arrnorm_pair: normalisation against another program\n\n" +
		"`target.tif` is brought to `ref_adjusted2target.tif` by IR-MAD and orthogonal regression, and compared with `target_norm_prealigned.tif`, the same by ArrNorm. The root mean square of the " +
		"difference, in numbers of the images; the aim is at most 0.4 in each band.\n\n")
	t := &table{head: []string{"band", "gain", "offset", "unchanged pixels", "RMSE"}}
	for i, l := range lines {
		sum := 0.0
		for k, v := range seen[1][i] {
			d := l.At(v) - seen[2][i][k]
			sum += d * d
		}
		t.add(string(fourBands[i]), fmt.Sprintf("%.5f", l.Gain), strings.ReplaceAll(fmt.Sprintf("%.1f", l.Offset), "-", "−"), fmt.Sprint(l.N), fmt.Sprintf("%.3f", math.Sqrt(sum/float64(len(seen[2][i])))))
	}
	b.WriteString(t.String())
	return nil
}

// common returns the values of the pixels that all images have. In the first so many images 0 is no data as well.
func common(images [][][]float32, zeroes int) [][][]float64 {
	out := make([][][]float64, len(images))
	for k := range images {
		out[k] = make([][]float64, len(images[k]))
	}
	for i := range images[0][0] {
		whole := true
		for k, image := range images {
			for _, plane := range image {
				v := plane[i]
				whole = whole && v == v && (k >= zeroes || v != 0)
			}
		}
		if !whole {
			continue
		}
		for k, image := range images {
			for band, plane := range image {
				out[k][band] = append(out[k][band], float64(plane[i]))
			}
		}
	}
	return out
}

// halfFits is how well the change statistic and its own limit divide the pixels of taizhou, each time found from another half of them.
func halfFits(ctx context.Context, data string) ([]accuracy.Confusion, error) {
	p, err := readPair(ctx, filepath.Join(data, "taizhou"), sixBands)
	if err != nil {
		return nil, err
	}
	before, after := doubles(p.before), doubles(p.after)
	var out []accuracy.Confusion
	for seed := range uint64(samplingSeeds) {
		r := rand.New(rand.NewPCG(seed, 1))
		var half []int
		for i, v := range before[0] {
			if r.IntN(2) == 0 && v == v {
				half = append(half, i)
			}
		}
		fit, err := irmad.Fit(chosen(before, half), chosen(after, half), irmad.Options{})
		if err != nil {
			return nil, fmt.Errorf("taizhou: %w", err)
		}
		statistic := make([]float32, len(p.reference))
		fit.Statistic(statistic, p.before, p.after)
		l, _ := limit.Change(chosen(doubles([][]float32{statistic}), half)[0])
		changed := make([]bool, len(statistic))
		for i, v := range statistic {
			changed[i] = float64(v) > l
		}
		out = append(out, score(changed, p.reference))
	}
	return out, nil
}

// chosen are the values of the bands at pixels.
func chosen(bands [][]float64, pixels []int) [][]float64 {
	out := make([][]float64, len(bands))
	for b, plane := range bands {
		for _, i := range pixels {
			out[b] = append(out[b], plane[i])
		}
	}
	return out
}
