package object

import (
	"bytes"
	"os"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// BenchmarkObjectsOfMask makes components and rings of a mask on one core: the file named by TUBAN_MASK holds it as
// bytes, TUBAN_MASK_WIDTH in a row. Components of fewer than TUBAN_MASK_SIEVE pixels have no rings. scripts/bench/objects.sh compares it with GDAL's sieve and polygons of the same mask.
func BenchmarkObjectsOfMask(b *testing.B) {
	path := os.Getenv("TUBAN_MASK")
	if path == "" {
		b.Skip("TUBAN_MASK names no mask")
	}
	width, err := strconv.Atoi(os.Getenv("TUBAN_MASK_WIDTH"))
	if err != nil || width <= 0 {
		b.Fatal("TUBAN_MASK_WIDTH is the width of the mask in pixels")
	}
	sieve, _ := strconv.ParseInt(os.Getenv("TUBAN_MASK_SIEVE"), 10, 64)
	mask, err := os.ReadFile(path)
	if err != nil {
		b.Fatal(err)
	}
	var stages [4]time.Duration // of the processor: what else runs on the machine counts less
	var components, polygons, rings, points int
	for b.Loop() {
		at := processorTime()
		stage := func(i int) {
			now := processorTime()
			stages[i] += now - at
			at = now
		}
		var runs []Run
		for y := range len(mask) / width {
			if runs, err = AppendRow(runs, Row{Y: int32(y), Kind: mask[y*width : (y+1)*width]}); err != nil {
				b.Fatal(err)
			}
		}
		stage(0)
		if runs, err = Fuse(runs); err != nil {
			b.Fatal(err)
		}
		stage(1)
		label, n := Label(runs)
		stage(2)
		components, polygons, rings, points = n, 0, 0, 0
		if sieve > 1 {
			pixels := make([]int64, n)
			for i := range runs {
				pixels[label[i]] += runs[i].Pixels()
			}
			for i, l := range label {
				if pixels[l] < sieve {
					label[i] = -1
				}
			}
		}
		var tracer Tracer
		for _, group := range Gather(runs, label, n) {
			for _, p := range tracer.Trace(group) { // nothing of those left out
				polygons++
				rings += len(p)
				for _, r := range p {
					points += len(r)
				}
			}
		}
		stage(3)
	}
	var all time.Duration
	for _, d := range stages {
		all += d
	}
	b.ReportMetric(all.Seconds()/float64(b.N), "cpu-s")
	for i, name := range []string{"rows-cpu-s", "fuse-cpu-s", "label-cpu-s", "trace-cpu-s"} {
		b.ReportMetric(stages[i].Seconds()/float64(b.N), name)
	}
	b.ReportMetric(float64(components), "components")
	b.ReportMetric(float64(polygons), "polygons")
	b.ReportMetric(float64(rings), "rings")
	b.ReportMetric(float64(points), "points")
	b.ReportMetric(peakMiB(), "peak-MiB")
}

// processorTime is what this process has had of the processors.
func processorTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// peakMiB is the largest memory that this process has held, 0 where the system does not say.
func peakMiB() float64 {
	status, _ := os.ReadFile("/proc/self/status")
	_, rest, _ := bytes.Cut(status, []byte("VmHWM:"))
	fields := bytes.Fields(rest)
	if len(fields) == 0 {
		return 0
	}
	kib, _ := strconv.ParseFloat(string(fields[0]), 64)
	return kib / 1024
}
