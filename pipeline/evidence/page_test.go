package evidence

import (
	"flag"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden texts anew")

// textOf is what a page says, a line for each row of a table, heading or block, without styles, pictures and the stamp.
func textOf(page string) string {
	page = page[strings.Index(page, "<body>"):]
	page = regexp.MustCompile(`(?s)<svg.*?</svg>|<img[^>]*>`).ReplaceAllString(page, "")
	page = regexp.MustCompile(`</t[hd]>`).ReplaceAllString(page, " | ")
	page = strings.ReplaceAll(page, "\n", " ")
	page = regexp.MustCompile(`</(tr|h1|h2|div|figure|footer)>|<br>`).ReplaceAllString(page, "\n")
	page = html.UnescapeString(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(page, " "))
	page = regexp.MustCompile(`[ \t]+`).ReplaceAllString(page, " ")
	return strings.TrimSpace(regexp.MustCompile(`( ?\n ?)+`).ReplaceAllString(page, "\n")) + "\n"
}

func TestPageGolden(t *testing.T) {
	m, s := testMaker(aPatch(), t)
	fm, fs := aFullPatch(t)
	for name, page := range map[string]string{"plain": pageOf(t, m, s), "full": pageOf(t, fm, fs)} {
		got := textOf(page)
		path := filepath.Join("testdata", name+".golden.txt")
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s differs from %s (look at it, then -update):\n%s", name, path, got)
		}
	}
}

// A sheet judges nobody, and says that it does not, at its head and at its foot.
func TestNoVerdicts(t *testing.T) {
	m, s := aFullPatch(t)
	page := pageOf(t, m, s)
	texts := map[string]string{"sheet.tmpl": sheetText, "index.tmpl": indexText, "words.csv": wordsText, "controls.csv": controlsText, "a page": page}
	for name, text := range texts {
		for _, word := range []string{"合法", "违法"} {
			if strings.Contains(text, word) {
				t.Errorf("%s says %s", name, word)
			}
		}
	}
	if n := strings.Count(page, "仅作线索，不作为处罚依据"); n < 2 {
		t.Errorf("the clue stands on the page %d times", n)
	}
}

// A page needs nothing else: no address but those of its own pictures.
func TestPagesAreSelfContained(t *testing.T) {
	m, s := testMaker(aPatch(), t)
	page := pageOf(t, m, s)
	for _, m := range regexp.MustCompile(`(?:src|href)="([^"]{0,40})|url\(`).FindAllStringSubmatch(page, -1) {
		if !strings.HasPrefix(m[1], "data:image/jpeg;base64,") {
			t.Errorf("the page refers to %s", m[0])
		}
	}
	if strings.Contains(page, "<script") {
		t.Error("the page has a script")
	}
}

// The stamp of a page changes with what it says, with its pictures, and with how it is made; with nothing else.
func TestStamps(t *testing.T) {
	stamp := func(change func(*maker, *subject, map[string]string)) string {
		values := aPatch()
		if change != nil {
			change(nil, nil, values)
		}
		m, s := testMaker(values, t)
		if change != nil {
			change(m, s, map[string]string{})
		}
		text, err := m.stampOfSheet(s, m.describe(s))
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	plain := stamp(nil)
	if stamp(nil) != plain {
		t.Error("one page has two stamps")
	}
	for name, change := range map[string]func(*maker, *subject, map[string]string){
		"an attribute": func(_ *maker, _ *subject, v map[string]string) { v["SPPP"] = "未匹配审批数据" },
		"the inputs": func(m *maker, _ *subject, _ map[string]string) {
			if m != nil {
				m.listDigest.SM3 = "x"
			}
		},
		"the product": func(m *maker, _ *subject, _ map[string]string) {
			if m != nil {
				m.p.Manifest.Key = "x"
			}
		},
		"the window": func(_ *maker, s *subject, _ map[string]string) {
			if s != nil {
				s.frame.X++
			}
		},
		"lossless": func(m *maker, _ *subject, _ map[string]string) {
			if m != nil {
				m.o.Lossless = true
			}
		},
	} {
		if stamp(change) == plain {
			t.Errorf("%s changed, the stamp did not", name)
		}
	}
}
