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
	for name, page := range map[string]string{"plain": pageOf(t, m, s), "full": pageOf(t, fm, fs), "natural": pageOf(t, pm, ps)} {
		at, pdf := filepath.Join(t.TempDir(), name+".html"), filepath.Join(t.TempDir(), name+".pdf")
		if dir := os.Getenv("TUBAN_KEEP_SHEETS"); dir != "" {
			at, pdf = filepath.Join(dir, name+".html"), filepath.Join(dir, name+".pdf")
		}
		if err := os.WriteFile(at, []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := printSheet(tab, at, pdf, "stamp"); err != nil {
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

func TestNoBrowser(t *testing.T) {
	if _, err := findBrowser("no-such-browser"); err == nil || !strings.Contains(err.Error(), "--browser") {
		t.Errorf("%v", err)
	}
	t.Setenv("PATH", t.TempDir())
	if _, err := findBrowser(""); err == nil || !strings.Contains(err.Error(), "apt-get install chromium") {
		t.Errorf("%v", err)
	}
}
