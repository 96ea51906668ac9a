package report

import (
	"bytes"
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"
)

var (
	update = flag.Bool("update", false, "write the golden file anew")
	out    = flag.String("out", "", "also write the example report to this file, to be looked at")
)

func write(t testing.TB, r Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

var (
	invisible = regexp.MustCompile(`(?s)<style>.*?</style>|<defs>.*?</defs>|<title>|<meta[^>]*>`)
	blockEnd  = regexp.MustCompile(`</(?:p|h1|h2|h3|tr|li|div|dd|figcaption|figure|section|text|header|footer)>|<br>`)
	cellEnd   = regexp.MustCompile(`</(?:td|th|dt|b)>`)
	tag       = regexp.MustCompile(`<[^>]*>`)
)

// words is what a reader sees of a page: its text, a line per block, without style and pictures.
func words(html string) string {
	s := strings.ReplaceAll(invisible.ReplaceAllString(html, ""), "\n", " ")
	s = tag.ReplaceAllString(cellEnd.ReplaceAllString(blockEnd.ReplaceAllString(s, "\n"), " | "), "")
	var lines []string
	for line := range strings.Lines(s) {
		if line = strings.Join(strings.Fields(line), " "); strings.Trim(line, " |") != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n") + "\n"
}

func TestExampleReportReadsAsBefore(t *testing.T) {
	html := write(t, exampleReport(t))
	if *out != "" {
		if err := os.WriteFile(*out, []byte(html), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	const golden = "testdata/report.golden.txt"
	got := words(html)
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		g, w := strings.Split(got, "\n"), strings.Split(string(want), "\n")
		for i := range min(len(g), len(w)) {
			if g[i] != w[i] {
				t.Fatalf("line %d of the report reads\n\t%s\nnot\n\t%s\n(go test -update accepts it)", i+1, g[i], w[i])
			}
		}
		t.Fatalf("the report has %d lines, not %d (go test -update accepts it)", len(g), len(w))
	}
}

func TestEverySheetCarriesTheDisclaimer(t *testing.T) {
	for name, r := range map[string]Report{"example": exampleReport(t), "empty": {}} {
		sections := strings.Split(write(t, r), "<section")[1:]
		if len(sections) < 2 {
			t.Fatalf("%s: %d sheets", name, len(sections))
		}
		for i, s := range sections {
			if !strings.Contains(s, Disclaimer) || !strings.Contains(s, DisclaimerEN) {
				t.Errorf("%s: sheet %d lacks the disclaimer", name, i+1)
			}
			for j, card := range strings.Split(s, "<article")[1:] {
				if !strings.Contains(strings.Split(card, "</article>")[0], Disclaimer) {
					t.Errorf("%s: card %d lacks the disclaimer", name, j+1)
				}
			}
		}
	}
}

func TestReportPassesNoVerdict(t *testing.T) {
	for _, r := range []Report{exampleReport(t), {}, {Approvals: true, Kinds: []Kind{{Code: "a"}}, Patches: []Patch{{Kind: "a"}}}} {
		html := write(t, r)
		for _, word := range []string{"合法", "违法", "非法", "illegal", "unlawful"} {
			if strings.Contains(html, word) {
				t.Errorf("the report says %q", word)
			}
		}
		if !strings.Contains(html, "疑似") {
			t.Error("the report does not say 疑似")
		}
	}
}

func TestGapsComeBeforeAnyFigure(t *testing.T) {
	cases := map[string]Report{
		"area":    {AreaM2: 100, UnobservedM2: 1},
		"reason":  {Gaps: []Gap{{Reason: Text{"云", "cloud"}, AreaM2: 3}}},
		"failure": {Failures: []Text{{"影像坏", "bad scene"}}},
	}
	for name, r := range cases {
		html := write(t, r)
		gap, figure := strings.Index(html, "检测范围内有未观测区域"), strings.Index(html, `class="figures"`)
		if gap < 0 || figure < gap {
			t.Errorf("%s: the gaps are at %d, the figures at %d", name, gap, figure)
		}
		if strings.Contains(html, "全部像元均已观测") {
			t.Errorf("%s: it claims to be complete as well", name)
		}
	}
	if html := write(t, Report{AreaM2: 100}); !strings.Contains(html, "全部像元均已观测") || strings.Contains(html, "不完整") {
		t.Error("a complete run is not called complete")
	}
}

func TestReportNeedsNothingFromOutside(t *testing.T) {
	html := write(t, exampleReport(t))
	for _, link := range regexp.MustCompile(`(?:href|src|url|action)\s*[=(]\s*["']?([^"')\s>]{0,24})`).FindAllStringSubmatch(html, -1) {
		if !strings.HasPrefix(link[1], "#") && !strings.HasPrefix(link[1], "data:image/") {
			t.Errorf("a link to %q", link[1])
		}
	}
	if strings.Contains(html, "<script") || strings.Contains(html, "@import") {
		t.Error("a script or an import")
	}
	for _, id := range regexp.MustCompile(`href="#([^"]+)"`).FindAllStringSubmatch(html, -1) {
		if n := strings.Count(html, `id="`+id[1]+`"`); n != 1 {
			t.Errorf("%d targets for #%s", n, id[1])
		}
	}
}

func TestPicturesAreEmbeddedAsWhatTheyAre(t *testing.T) {
	for data, want := range map[string]string{"\xff\xd8\xff\xe0": `href="data:image/jpeg;base64,/9j/4A=="`, "\x89PNG\r\n\x1a\n": `href="data:image/png;base64,iVBORw0KGgo="`} {
		if html := write(t, Report{Map: Map{Base: Picture{Data: []byte(data), W: 3, H: 2}}}); !strings.Contains(html, want) {
			t.Errorf("no %s", want)
		}
	}
}

func TestTextIsNeverMarkup(t *testing.T) {
	const evil = `<script>alert("1")</script>`
	text := Text{evil, evil + "2"}
	r := Report{
		Name: evil, Product: evil, Version: evil, Region: evil, Survey: evil, Grid: evil,
		Before: Date{evil, evil, []string{evil}}, Gaps: []Gap{{text, text, 1}}, Failures: []Text{text}, Warnings: []Text{text},
		Kinds: []Kind{{Code: evil, Name: text}}, ByKind: []Total{{Code: evil, Name: text}}, ByUnit: []Total{{Code: evil, Name: text}},
		Patches: []Patch{{CID: evil, Kind: evil, Categories: []Text{text}, Type: evil, TypeName: text, Class: evil, ClassName: text, Unit: evil, UnitName: evil,
			Shares: []Share{{evil, text, 1}}, QSX: evil, HSX: evil, Approval: evil, Evidence: []KV{{text, evil}}, After: dot()}},
		Map:    Map{Base: dot(), Shapes: []Shape{{Kind: evil, No: 1}}},
		Inputs: []KV{{text, evil}},
	}
	if html := write(t, r); strings.Contains(html, "<script") {
		t.Error("text became markup")
	}
}

func TestEqualReportsGiveEqualBytes(t *testing.T) {
	if write(t, exampleReport(t)) != write(t, exampleReport(t)) {
		t.Error("they differ")
	}
}

func TestContradictionsAreErrors(t *testing.T) {
	kinds := []Kind{{Code: "built"}}
	cases := map[string]Report{
		`patch 3: its kind "water" is not among`:  {Kinds: kinds, Patches: []Patch{{No: 3, Kind: "water"}}},
		`kind "built" is listed twice`:            {Kinds: []Kind{{Code: "built"}, {Code: "built"}}},
		`two patches have the number 7`:           {Kinds: kinds, Patches: []Patch{{No: 7, Kind: "built"}, {No: 7, Kind: "built"}}},
		`map: patch 2 has the kind ""`:            {Kinds: kinds, Map: Map{Base: dot(), Shapes: []Shape{{No: 2}}}},
		`map: base picture: it is neither PNG`:    {Map: Map{Base: Picture{Data: []byte("GIF89a"), W: 1, H: 1}}},
		`before date: its size is 0 × 5 pixels`:   {Kinds: kinds, Patches: []Patch{{Kind: "built", Before: Picture{Data: dot().Data, H: 5}}}},
		`writing the report of "": patch 0: pict`: {Kinds: kinds, Patches: []Patch{{Kind: "built", After: Picture{Data: []byte("x"), W: 1, H: 1}}}},
	}
	for want, r := range cases {
		var b bytes.Buffer
		if err := Write(&b, r); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, not %q", err, want)
		}
		if b.Len() > 0 {
			t.Errorf("%q: %d bytes were written", want, b.Len())
		}
	}
}

// A report has one row per patch: thousands must stay a matter of seconds and of a few hundred bytes each.
func BenchmarkWrite(b *testing.B) {
	r := Report{Created: time.Unix(0, 0).UTC(), Kinds: []Kind{{Code: "built"}}, Published: 10000, Map: Map{Base: dot()}}
	r.Map.Base.W, r.Map.Base.H = 2000, 2000
	for i := range 10000 {
		x, y := float64(i%100*20), float64(i/100*20)
		r.Patches = append(r.Patches, Patch{No: i + 1, Kind: "built"})
		r.Map.Shapes = append(r.Map.Shapes, Shape{"built", i + 1, orb.MultiPolygon{{box(x, y, x+9, y+7)}}})
	}
	for b.Loop() {
		var w bytes.Buffer
		if err := Write(&w, r); err != nil {
			b.Fatal(err)
		}
		b.SetBytes(int64(w.Len()))
	}
}

// dot is a picture that passes for a PNG; nothing in this package decodes it.
func dot() Picture { return Picture{Data: []byte("\x89PNG\r\n\x1a\n"), W: 10, H: 10} }
