package evidence

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tuban/pipeline/product"
	"tuban/pipeline/register"
	"tuban/pipeline/verification"
)

// What is withheld, or stands elsewhere since it was released, is not in the folder any more, nor in its lists, nor in a volume; what
// an earlier call left of other patches stays, and so does what the program did not make. Without a register nothing is known to be wrong.
func TestStaleSheetsGo(t *testing.T) {
	c := verification.Schemes()[0].Categories
	k := slices.IndexFunc(c, func(c verification.Category) bool { return c.Suppressed })
	if k < 0 {
		t.Fatal("no category is suppressed: the test means nothing")
	}
	release := func(cid, jcbh string) register.Event {
		shape, err := register.NewShape(box(42500000, 4900000, 10, 10), "EPSG:4530")
		if err != nil {
			t.Fatal(err)
		}
		return register.Event{Release: &register.Release{Version: register.Version{CID: cid}, Run: "0123456789abcdef", JCBH: jcbh, County: jcbh[:6], Shape: shape}}
	}
	state := (&register.Register{Events: []register.Event{
		release("withheld", "220183202500001"), {Return: &register.Return{JCBH: "220183202500001", Level1: c[k].Level1, Level2: c[k].Level2, Level3: c[k].Level3}},
		release("moved", "220122202500001"),
	}}).State()
	files := []string{
		"220183/withheld.html", "220183/withheld.pdf", "220183/moved.html", "220183/kept.html", "220183/kept.pdf", "220183/notes.html", "220122/moved.html",
		"220122/other.html", "220183.pdf", "220183-01.pdf", "2201830.pdf", "220122-02.pdf",
	}
	for _, c := range []struct {
		register *register.State
		gone     []string
	}{
		{state, []string{"220183/withheld.html", "220183/withheld.pdf", "220183/moved.html", "220183.pdf", "220183-01.pdf"}},
		{nil, nil},
	} {
		m, _ := testMaker(aPatch(), t)
		m.o = Options{To: t.TempDir(), Register: c.register}
		before := folderList{Key: m.p.Manifest.Key, Volumes: []string{"220183-01.pdf", "220122-02.pdf"}}
		for _, f := range files {
			path := filepath.Join(m.o.To, f)
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(f), 0o644); err != nil {
				t.Fatal(err)
			}
			if strings.HasSuffix(f, ".html") {
				before.Sheets = append(before.Sheets, Entry{CID: strings.TrimSuffix(filepath.Base(f), ".html"), Path: f})
			}
		}
		b, err := json.Marshal(before)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(m.o.To, listName), b, 0o644); err != nil {
			t.Fatal(err)
		}
		var rows []product.Row
		for _, cid := range []string{"withheld", "moved", "kept"} {
			rows = append(rows, rowOf(t, box(42500000, 4900000, 10, 10), map[string]string{"cid": cid, "XZQDM": "220183"}))
		}
		if err := m.pick(rows); err != nil {
			t.Fatal(err)
		}
		m.subjects = nil // nothing is made: only what is there counts
		if err := m.sweep(); err != nil {
			t.Fatal(err)
		}
		if err := m.writeIndex(nil); err != nil {
			t.Fatal(err)
		}
		list, err := os.ReadFile(filepath.Join(m.o.To, listName))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			_, err := os.Stat(filepath.Join(m.o.To, f))
			gone := slices.Contains(c.gone, f)
			listed := strings.Contains(string(list), `"`+f+`"`)
			if wanted := !gone && (strings.HasSuffix(f, ".html") || slices.Contains(before.Volumes, f)); (err != nil) != gone || listed != wanted {
				t.Errorf("register %v: %s is there: %v, in the list: %v", c.register != nil, f, err == nil, listed)
			}
		}
	}
}
