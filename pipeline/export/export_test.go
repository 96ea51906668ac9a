package export

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tuban/pipeline"
)

// names are what lies in a folder.
func names(t *testing.T, dir string) (out []string) {
	t.Helper()
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list {
		out = append(out, e.Name())
	}
	return out
}

// TestNothingOfAKilledExportStays: what an export that was killed left half-written goes with the next one, which leaves nothing but
// folders and lists; and it keeps out of a folder that another is writing into.
func TestNothingOfAKilledExportStays(t *testing.T) {
	j := jobOf(t, Options{Formats: []Format{HTML}}, usual(t, 1, "220122"))
	e := &Export{job: *j, key: "k"}
	half, theirs := filepath.Join(j.o.To, partPrefix+"123", "x"), filepath.Join(j.o.To, ".hidden")
	for _, path := range []string{half, theirs} {
		if err := os.MkdirAll(path, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	unlock, err := pipeline.LockFolder(t.Context(), j.o.To)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Write(t.Context()); err == nil || !strings.Contains(err.Error(), "is writing to") {
		t.Errorf("two exports write into one folder: %v", err)
	}
	unlock()
	if _, err := os.Stat(half); err != nil {
		t.Errorf("what another is writing is gone: %v", err)
	}
	if _, err := e.Write(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := []string{".hidden", "220122农安县", "export-20250820.json", "清单-20250820.csv"}
	if got := names(t, j.o.To); !slices.Equal(got, want) {
		t.Errorf("the delivery has %q, want %q", got, want)
	}
	if m, err := e.Write(t.Context()); err != nil || !m.Again {
		t.Errorf("the same export again: %+v, %v", m, err)
	}
}
