package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// tuban runs a command line.
func tuban(args ...string) (code int, out, errw string) {
	var o, e strings.Builder
	code = run(ctx, args, &o, &e)
	return code, o.String(), e.String()
}

// folder writes files, by name, into a folder of its own.
func folder(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func readText(t testing.TB, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// onceInFull leaves a test that makes whole products by one worker after the other to the rounds that are not short: the race
// detector, which takes five times as long, sees the same code run in others.
func onceInFull(t testing.TB) {
	t.Helper()
	if testing.Short() {
		t.Skip("SKIPPED: makes whole products")
	}
}
