package evidence

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// The fullest page and the emptiest fit one A4 page each, and nothing on them is cut off at its foot.
func TestPrintedPagesAreOnePage(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED: starts a browser")
	}
	program, err := findBrowser("")
	if err != nil {
		t.Skip("SKIPPED: the layout of printed sheets is not tested: ", err)
	}
	pdfinfo, err := exec.LookPath("pdfinfo")
	if err != nil {
		t.Skip("SKIPPED: the layout of printed sheets is not tested: apt-get install poppler-utils")
	}
	allocator, stop := chromedp.NewExecAllocator(context.Background(), browserOptions(program)...)
	defer stop()
	tab, end := chromedp.NewContext(allocator)
	defer end()
	m, s := testMaker(aPatch(), t)
	fm, fs := aFullPatch(t)
	pm, ps := aFullPatch(t)
	pm.infrared = false
	ps.outline = strings.Repeat("下发图形与本页不同：220183202500000123 下发面积 1,234,567.89 m²，", 3)
	om, outlined := aFullPatch(t)
	outlined.outline = ps.outline
	for name, page := range map[string]string{"plain": pageOf(t, m, s), "full": pageOf(t, fm, fs), "natural": pageOf(t, pm, ps), "outline": pageOf(t, om, outlined)} {
		at, pdf := filepath.Join(t.TempDir(), name+".html"), filepath.Join(t.TempDir(), name+".pdf")
		if dir := os.Getenv("TUBAN_KEEP_SHEETS"); dir != "" {
			at, pdf = filepath.Join(dir, name+".html"), filepath.Join(dir, name+".pdf")
		}
		if err := os.WriteFile(at, []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := (printing{at, pdf, "stamp"}).print(tab); err != nil {
			t.Fatal(err)
		}
		if !hasPDF(pdf, "stamp") || hasPDF(pdf, "stamps") {
			t.Errorf("%s: the PDF is not known for what it was printed from", name)
		}
		out, err := exec.Command(pdfinfo, pdf).CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v: %s", name, err, out)
		}
		if !regexp.MustCompile(`Pages:\s+1\n`).Match(out) || !strings.Contains(string(out), "(A4)") {
			t.Errorf("%s is not one A4 page:\n%s", name, out)
		}
		over, err := chromedp.Run(tab, chromedp.Evaluate[float64](`(() => { const p = document.querySelector(".page"); return p.scrollHeight - p.clientHeight; })()`))
		if err != nil || over > 0 {
			t.Errorf("%s is %g pixels longer than the page, %v", name, over, err)
		}
		// The boxes to sign must be large enough to write in: 20 mm at 96 pixels an inch.
		room, err := chromedp.Run(tab, chromedp.Evaluate[float64](`document.querySelector(".sign").getBoundingClientRect().height`))
		if err != nil || room < 20/25.4*96 {
			t.Errorf("%s leaves %g pixels to sign, %v", name, room, err)
		}
	}
}

// Sheets are printed once, and those of a county together in their order, a page each.
func TestVolumes(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED: starts a browser")
	}
	if _, err := findBrowser(""); err != nil {
		t.Skip("SKIPPED: printing is not tested: ", err)
	}
	pdftotext, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Skip("SKIPPED: printing is not tested: apt-get install poppler-utils")
	}
	values := aPatch()
	m, _ := testMaker(values, t)
	m.o, m.scratch, m.stamps = Options{To: t.TempDir(), PDF: true, Volumes: true}.withDefaults(), t.TempDir(), map[*subject]string{}
	cids := []string{"3333333333333333", "1111111111111111", "2222222222222222"}
	for _, cid := range cids {
		values["cid"] = cid
		_, s := testMaker(values, t)
		text := m.describe(s)
		if m.stamps[s], err = m.stampOfSheet(s, text); err != nil {
			t.Fatal(err)
		}
		b, err := m.render(s, text, m.stamps[s], pictures(s.frame))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(filepath.Dir(m.path(s)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(m.path(s), b, 0o644); err != nil {
			t.Fatal(err)
		}
		m.subjects = append(m.subjects, s)
	}
	for _, want := range []int{4, 0} {
		if n, err := m.print(context.Background()); err != nil || n != want {
			t.Fatalf("%d printed, %v; want %d", n, err, want)
		}
	}
	out, err := exec.Command(pdftotext, filepath.Join(m.o.To, "220183.pdf"), "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	pages := strings.Split(strings.TrimSuffix(string(out), "\f"), "\f")
	if len(pages) != len(cids) {
		t.Fatalf("%d pages", len(pages))
	}
	for i, cid := range cids {
		if !strings.Contains(pages[i], cid) {
			t.Errorf("page %d is not that of %s", i+1, cid)
		}
	}
}

func TestNoBrowser(t *testing.T) {
	if _, err := findBrowser("no-such-browser"); err == nil || !strings.Contains(err.Error(), "--browser") {
		t.Errorf("%v", err)
	}
	t.Setenv("PATH", t.TempDir())
	if _, err := findBrowser(""); err == nil || !strings.Contains(err.Error(), "apt-get install chromium") {
		t.Errorf("%v", err)
	}
}
