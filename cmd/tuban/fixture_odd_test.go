package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb/encoding/wkb"
	"github.com/paulmach/orb/planar"

	"tuban/pipeline"
)

// What one command line on an odd file may take.
const (
	trialDeadline = 20 * time.Second
	trialStall    = 12 * time.Second
	trialMemory   = 256 << 20
	// trialSpace bounds the addresses of a process in KiB, beyond what Go reserves and GDAL maps.
	trialSpace = 4 << 20
)

// verdict is what became of a file in a role: one of the words below, and why; of a refusal with the remedy.
type verdict struct{ word, why string }

const (
	wasRead    = "read"
	hasGaps    = "gaps"
	wasRefused = "refused"
)

// oddIndex returns the files of a folder of odd files, with the other columns of its index; in -short mode a sample.
func oddIndex(t *testing.T, kind string, sample int) (dir string, lines []map[string]string) {
	t.Helper()
	data := os.Getenv("TUBAN_TESTDATA")
	if data == "" {
		t.Skipf("SKIPPED: TUBAN_TESTDATA is not set, so no odd file of %s went through the program", kind)
	}
	dir = filepath.Join(data, kind)
	f, err := os.Open(filepath.Join(dir, "INDEX.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	step := 1
	if testing.Short() {
		step = (len(rows) + sample - 2) / sample
	}
	for i := 1; i < len(rows); i += step {
		line := map[string]string{}
		for k, name := range rows[0] {
			line[name] = rows[i][k]
		}
		lines = append(lines, line)
	}
	return dir, lines
}

// try runs a run file with the odd file at path in it, and judges what the program says and leaves. The program may do three
// things: make a whole product, make one that says what it lacks, refuse. The rules look at the sum of bands, such as
// after.red + after.green, at every pixel.
func try(t *testing.T, path, runFile, bands string) verdict {
	t.Helper()
	dir := folder(t, map[string]string{
		"run.yaml":   runFile + "normalise: none\nregistration: none\nrules: rules.yaml\noutputs: [gpkg]\n",
		"rules.yaml": "kinds: [{code: brighter, type: JZ, when: " + bands + " > before.red, min_pixels: 3}]\n",
	})
	out := filepath.Join(dir, "out")
	code, said := bounded(t, "run", filepath.Join(dir, "run.yaml"), "--out", out,
		"--memory", fmt.Sprintf("%dMiB", trialMemory>>20), "--workers", "2", "--stall", trialStall.String())
	m, err := pipeline.ReadManifest(out)
	switch code {
	case exitComplete, exitGaps:
		if err != nil || m.Complete != (code == exitComplete) {
			t.Fatalf("exit code %d, and the manifest: %+v, %v\n%s", code, m, err, said)
		}
		if checked, found, complaint := tuban("check", "--isolate=false", out); checked != exitComplete {
			t.Errorf("exit code %d, but the product does not pass its check:\n%s%s", code, found, complaint)
		}
		v := verdict{word: wasRead, why: strings.Join(slices.Concat(parcels(m.Survey), lacks(t, out, m)), ", ")}
		if code == exitGaps {
			v.word = hasGaps
		}
		if survived.MatchString(said) {
			v.why += "; survived a crash"
			t.Logf("survived: %s", said)
		}
		return v
	case exitInput:
		if !errors.Is(err, os.ErrNotExist) {
			t.Errorf("refused, and yet there is a manifest (%v)", err)
		}
		return refusal(t, path, said)
	}
	t.Errorf("exit code %d:\n%s", code, said)
	return verdict{word: fmt.Sprintf("exit code %d", code)}
}

// survived recognises what the supervisor says of a child that died.
var survived = regexp.MustCompile(`(?m)^tuban: .*(continuing with|trying once more)`)

// bounded runs a command line as a process of its own and returns its exit code and standard error.
func bounded(t *testing.T, args ...string) (code int, said string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), trialDeadline)
	defer cancel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	limit := fmt.Sprintf("ulimit -v %d; ", trialSpace)
	if raced() {
		limit = ""
	}
	cmd := exec.CommandContext(ctx, "sh", append([]string{"-c", limit + `exec "$0" "$@"`, self}, args...)...)
	peaks := filepath.Join(t.TempDir(), "peaks")
	cmd.Env = append(program().Env, peakVariable+"="+peaks)
	cmd.WaitDelay = time.Second
	var errw strings.Builder
	cmd.Stderr = &errw
	err = cmd.Run()
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		t.Fatalf("no end within %v: %s", trialDeadline, errw.String())
	case err != nil && !errors.As(err, &exit):
		t.Fatal(err)
	}
	noted, err2 := os.ReadFile(peaks)
	if err2 != nil || len(noted) == 0 {
		t.Errorf("nothing is known of its memory: %v", err2)
	}
	for _, kib := range strings.Fields(string(noted)) {
		if used, err := strconv.ParseInt(kib, 10, 64); err != nil || used<<10 > trialMemory && !raced() {
			t.Errorf("it took %s KiB of %d (%v)", kib, trialMemory>>10, err)
		}
	}
	return cmd.ProcessState.ExitCode(), errw.String()
}

// raced reports whether the program watches for data races, which takes memory of its own.
func raced() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}

// remedies are the words with which the program says what to do.
const remedies = `add|assign|build|check|choose|convert|correct|declare|delete|draw|export|give|keep|leave|list|name|orthorectify|put|repair|restore|rewrite|run|say|unpack|write`

var remedy = regexp.MustCompile(`^(.*)(?:: |; )((?:` + remedies + `) .*)$`)

// refusal takes apart what the program said last: it must name the file and end in a remedy.
func refusal(t *testing.T, path, said string) verdict {
	t.Helper()
	last := said[strings.LastIndex("\n"+said, "\ntuban: ")+len("tuban: "):]
	last, _, _ = strings.Cut(last, "\n")
	if !strings.Contains(last, path) {
		t.Errorf("refused without the file's name: %s", said)
	}
	parts := remedy.FindStringSubmatch(strings.ReplaceAll(last, path, "FILE"))
	if parts == nil {
		t.Errorf("refused without a remedy: %s", last)
		return verdict{word: wasRefused, why: last}
	}
	return verdict{word: wasRefused, why: oneClause(parts[1]) + ": " + parts[2]}
}

// preamble is what a message says before the reason: in which role which file was met.
var preamble = regexp.MustCompile(`^(?:(?:before|after|survey|region|seams|cloud|FILE|opening FILE|not a raster that GDAL can read|the cloud mask of scene plain): |FILE,? )`)

// oneClause shortens a reason for the table, where the role and the file are known.
func oneClause(reason string) string {
	for preamble.MatchString(reason) {
		reason = preamble.ReplaceAllString(reason, "")
	}
	if head, _, ok := strings.Cut(reason, " ("); ok && len(reason) > 200 {
		reason = head // what follows spells out a coordinate reference system
	}
	return strings.ReplaceAll(reason, " of FILE", "")
}

// parcels says what a survey came to.
func parcels(s *pipeline.SurveyReport) (parts []string) {
	if s == nil {
		return nil
	}
	for _, n := range []struct {
		count int64
		what  string
	}{{int64(s.Parcels), "parcels"}, {s.Stats.Empty, "without geometry"}, {s.Stats.Outside, "outside"}, {s.Stats.Lost, "damaged or without area"}} {
		if n.count > 0 {
			parts = append(parts, fmt.Sprintf("%s %d", n.what, n.count))
		}
	}
	return parts
}

// lacks says which share of a run's area was not observed, and why.
func lacks(t *testing.T, out string, m *pipeline.Manifest) (parts []string) {
	t.Helper()
	if len(m.Unobserved) == 0 {
		return nil
	}
	areas := map[string]float64{}
	for _, r := range records(t, filepath.Join(out, "changes.gpkg"), "unobserved") {
		g, err := wkb.Unmarshal(r.wkb)
		if err != nil {
			t.Fatal(err)
		}
		areas[r.values["reason"]] += planar.Area(g)
	}
	b := m.Grid.Bounds(m.Grid.Window())
	whole := (b.MaxX - b.MinX) * (b.MaxY - b.MinY)
	for _, reason := range sortedKeys(areas) {
		parts = append(parts, percent(areas[reason]/whole)+" "+reason)
	}
	return parts
}

// percent rounds a share, but neither to nothing nor to all.
func percent(share float64) string {
	switch p := 100 * share; {
	case p < 1:
		return "< 1 %"
	case p > 99 && p < 99.99:
		return "> 99 %"
	default:
		return fmt.Sprintf("%.0f %%", p)
	}
}
