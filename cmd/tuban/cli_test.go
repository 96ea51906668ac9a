package main

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"tuban/pipeline"
)

// TestEveryVerbHasAnExample: --help of each command shows how it is called, and the example calls that command.
func TestEveryVerbHasAnExample(t *testing.T) {
	var names []string
	var visit func(c *cobra.Command)
	visit = func(c *cobra.Command) {
		if c.Name() == "help" || c.Name() == "completion" {
			return
		}
		args := strings.Fields(c.CommandPath())[1:]
		names = append(names, strings.Join(args, " "))
		code, out, errw := tuban(append(args, "--help")...)
		if code != exitComplete || errw != "" {
			t.Errorf("%s --help: exit code %d: %s", c.CommandPath(), code, errw)
		}
		_, examples, ok := strings.Cut(out, "Examples:\n")
		if !ok || !strings.Contains(strings.SplitN(examples, "\n\n", 2)[0], c.CommandPath()) {
			t.Errorf("%s --help has no example of it:\n%s", c.CommandPath(), out)
		}
		for _, sub := range c.Commands() {
			visit(sub)
		}
	}
	visit(newRoot(os.Stdout, os.Stderr))
	for _, verb := range []string{"plan", "run", "inspect", "check", "index", "index list", "rules show", "rules check", "demo", "version"} {
		if !slices.Contains(names, verb) {
			t.Errorf("there is no verb %q among %q", verb, names)
		}
	}
}

// TestExitCodes: each way to fail has its code and says what is wrong on standard error, nothing on standard output.
func TestExitCodes(t *testing.T) {
	for _, c := range []struct {
		args string
		code int
		says string
	}{
		{"", exitComplete, ""},
		{"version", exitComplete, ""},
		{"walk", exitUsage, `unknown command "walk"`},
		{"run", exitUsage, "give a run file: tuban run FILE"},
		{"run a b", exitUsage, `"b" is one argument too many: tuban run FILE`},
		{"run --tiles 3 a.yaml", exitUsage, "unknown flag: --tiles"},
		{"run a.yaml --memory 12x", exitUsage, "800MiB"},
		{"run a.yaml --tile big", exitUsage, "--tile"},
		{"rules walk", exitUsage, "walk"},
		{"demo", exitUsage, "--out"},
		{"demo --out x --size 5", exitUsage, "at least 64"},
		{"index ndvi scene.tif", exitUsage, "-o"},
		{"index ndvi scene.tif -o x.tif --bands red", exitUsage, "role=number"},
		{"run nowhere/run.yaml", exitInput, "nowhere/run.yaml"},
		{"plan nowhere/run.yaml", exitInput, "nowhere/run.yaml"},
		{"check nowhere", exitInput, "holds no finished product"},
		{"inspect nowhere.tif", exitInput, "nowhere.tif"},
		{"rules check nowhere.yaml", exitInput, "nowhere.yaml"},
		{"index ndvi nowhere.tif -o x.tif", exitInput, "nowhere.tif"},
	} {
		code, out, errw := tuban(strings.Fields(c.args)...)
		if code != c.code || !strings.Contains(errw, c.says) {
			t.Errorf("tuban %s: exit code %d, want %d and %q:\n%s", c.args, code, c.code, c.says, errw)
		}
		if code != exitComplete && out != "" {
			t.Errorf("tuban %s: on standard output: %s", c.args, out)
		}
		if strings.Contains(errw, "panic") || strings.Contains(errw, "%!") {
			t.Errorf("tuban %s: %s", c.args, errw)
		}
	}
}

// TestInterrupted: a run that is cut off says how to go on, and the same command then does.
func TestInterrupted(t *testing.T) {
	dir := t.TempDir()
	code, out, errw := tuban("demo", "--out", dir, "--size", "256", "--inputs-only")
	if code != exitComplete || !strings.Contains(out, "tuban run") {
		t.Fatalf("exit code %d: %s%s", code, out, errw)
	}
	runFile := filepath.Join(dir, "run.yaml")
	c, cancel := context.WithCancel(ctx)
	cancel()
	var o, e strings.Builder
	if code := run(c, []string{"run", runFile}, &o, &e); code != exitInterrupted || !strings.Contains(e.String(), "the same command continues") {
		t.Errorf("exit code %d, want %d: %s%s", code, exitInterrupted, o.String(), e.String())
	}
	if exists(filepath.Join(dir, "out", pipeline.ManifestName)) {
		t.Error("an interrupted run left a manifest")
	}
	code, out, errw = tuban("run", runFile)
	if code != exitComplete || !strings.Contains(out, "report.html") || !strings.Contains(out, "patches") {
		t.Errorf("exit code %d: %s%s", code, out, errw)
	}
	code, out, errw = tuban("run", runFile)
	if code != exitComplete || !strings.Contains(out, "nothing to do") {
		t.Errorf("the same run again: exit code %d: %s%s", code, out, errw)
	}
	code, out, errw = tuban("check", filepath.Join(dir, "out"))
	if code != exitComplete || strings.Contains(out, "WRONG") || strings.Count(out, "ok ") < 5 {
		t.Errorf("check: exit code %d: %s%s", code, out, errw)
	}
	if err := os.Remove(filepath.Join(dir, "out", "mask.tif")); err != nil {
		t.Fatal(err)
	}
	code, out, errw = tuban("check", filepath.Join(dir, "out"))
	if code != exitGaps || !regexp.MustCompile(`(?m)^WRONG mask\.tif`).MatchString(out) {
		t.Errorf("check of a product without its mask: exit code %d: %s%s", code, out, errw)
	}
}

// TestVersion names the libraries that a result can depend on.
func TestVersion(t *testing.T) {
	code, out, errw := tuban("version")
	if code != exitComplete || !regexp.MustCompile(`^tuban \d+\.\d+\.\d+\S* \(go\S+( \S+)?, GDAL \d+\.\S+, GEOS \d+\.\S+\)\n$`).MatchString(out) {
		t.Errorf("exit code %d: %q %s", code, out, errw)
	}
}

func TestSize(t *testing.T) {
	for text, want := range map[string]int64{"800MiB": 800 << 20, "1GiB": 1 << 30, "2G": 2 << 30, "1.5 gb": 3 << 29, "4096": 4096, "64k": 64 << 10} {
		var s size
		if err := s.Set(text); err != nil || int64(s) != want {
			t.Errorf("%q: %d, %v; want %d", text, s, err, want)
		}
	}
	for _, text := range []string{"", "much", "-1G", "0", "NaN", "1e30G", "1Q"} {
		var s size
		if err := s.Set(text); err == nil {
			t.Errorf("%q is taken as %d", text, s)
		}
	}
}
