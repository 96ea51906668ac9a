package evidence

import (
	"os"
	"strings"
	"testing"
)

// A sheet whose imagery could not be read whole, or was lost before, is made again by the next call, its PDF printed again, and the
// index says that it lacks something; one that is whole is finished.
func TestSheetsWithGapsAreNotFinished(t *testing.T) {
	for name, c := range map[string]struct{ early, late bool }{"whole": {false, false}, "a piece was lost": {false, true}, "an edge was lost": {true, false}} {
		m, s := testMaker(aPatch(), t)
		m.o, m.stamps, m.lost = Options{To: t.TempDir()}.withDefaults(), map[*subject]string{}, c.early
		m.subjects = []*subject{s}
		if err := m.choose(); err != nil || len(m.todo) != 1 {
			t.Fatalf("%d sheets to be made, %v", len(m.todo), err)
		}
		stamp := m.stamps[s]
		chip := newChip(s.frame, m.infrared, 1)
		chip.lost = c.late
		if err := m.finish(m.todo[0], chip); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(m.pdf(s), pdfStamp(m.stamps[s]), 0o644); err != nil {
			t.Fatal(err)
		}
		whole := !c.early && !c.late
		if hasStamp(m.path(s), stamp) != whole || hasPDF(m.pdf(s), stamp) != whole {
			t.Errorf("%s: the sheet is finished: %v, its PDF: %v", name, hasStamp(m.path(s), stamp), hasPDF(m.pdf(s), stamp))
		}
		if err := m.writeIndex(nil); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(m.o.To + "/" + indexName)
		if err != nil || strings.Contains(string(text), "影像不全") == whole {
			t.Errorf("%s: the index does not tell, %v", name, err)
		}
	}
}
