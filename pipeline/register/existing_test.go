package register

import (
	"errors"
	"path/filepath"
	"testing"

	"tuban/pipeline"
)

// A folder whose name was mistyped is no empty register.
func TestOpenExisting(t *testing.T) {
	dir := t.TempDir()
	var input *pipeline.InputError
	for _, none := range []string{dir, filepath.Join(dir, "registr")} {
		if _, err := OpenExisting(none); !errors.As(err, &input) {
			t.Errorf("%s: %v", none, err)
		}
	}
	r, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Append(noon, []Event{decision("a")}, nil); err != nil {
		t.Fatal(err)
	}
	if r, err = OpenExisting(dir); err != nil || len(r.Events) != 1 {
		t.Errorf("%d events, %v", len(r.Events), err)
	}
}
