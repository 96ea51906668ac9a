package export

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tuban/pipeline"
	"tuban/pipeline/verification"
	"tuban/raster/ellipsoid"
)

// TestSharesInMuAddUp: to the patch's 亩, to the cent, whatever the shares.
func TestSharesInMuAddUp(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		values, total := map[string]string{}, int64(0)
		for _, f := range shareFields {
			v := rapid.SampledFrom([]int64{0, 1, 333, 66_667, 1_234_567}).Draw(r, f) + rapid.Int64Range(0, 50).Draw(r, "more")
			total += v
			values[f] = fmt.Sprintf("%.2f", float64(v)/100)
		}
		values["JCMJ"] = fmt.Sprintf("%.2f", float64(total)/100)
		row := patch(r, 0, values)
		sum := 0.0
		for f, v := range mus(row) {
			exact, _ := row.Number(f)
			if math.Abs(v-ellipsoid.Mu(exact)) > 0.01+1e-9 {
				r.Fatalf("%s: %v 亩 of %v m²", f, v, exact)
			}
			sum += v
		}
		if want := pipeline.Cents(ellipsoid.Mu(float64(total) / 100)); pipeline.Cents(sum) != want {
			r.Fatalf("%v: the shares are %.4f 亩, the patch %.2f", values, sum, want)
		}
	})
	if mus(patch(t, 0, map[string]string{"JCMJ": "5"})) != nil {
		t.Error("a patch without shares has some")
	}
}

// TestSheetSaysNothingOfTheLaw: the words are the counties', in the lists of categories alone.
func TestSheetSaysNothingOfTheLaw(t *testing.T) {
	for name, text := range map[string]string{"sheet.csv": sheetText, "schemas.csv": schemasText, "parts.csv": partsText, "page.tmpl": pageText, "media.csv": mediaText} {
		if strings.Contains(text, "合法") || strings.Contains(text, "违法") {
			t.Errorf("%s speaks of the law", name)
		}
	}
	seen := map[string]bool{}
	for _, c := range sheetColumns {
		if seen[c.header] || c.header == "" {
			t.Errorf("the header %q is there twice", c.header)
		}
		seen[c.header] = true
		if _, ok := decimals[c.kind]; !ok && !c.kind.toFill() && c.kind != kindText {
			t.Errorf("column %s: kind %q is not known", c.header, c.kind)
		}
	}
	for _, header := range []string{"监测编号", "核查类别一级", "核查类别二级", "核查类别三级", "核查人", "核查日期", "核实面积（亩）", "举证照片", "备注"} {
		if !seen[header] {
			t.Errorf("the table has no column %s", header)
		}
	}
}

// dump prints a workbook as JSON: cells by sheet, and the lists of the first.
const dump = `
import json, sys, openpyxl
wb = openpyxl.load_workbook(sys.argv[1])
ws = wb['核查表']
print(json.dumps({
  'sheets': {s.title: [[None if c is None else str(c) for c in row] for row in s.iter_rows(values_only=True)] for s in wb},
  'types': [type(c).__name__ for c in next(ws.iter_rows(min_row=4, max_row=4, values_only=True))],
  'rules': [[str(d.sqref), d.type, d.formula1] for d in ws.data_validations.dataValidation],
  'freeze': ws.freeze_panes, 'filter': ws.auto_filter.ref, 'footers': {s.title: s.oddFooter.center.text for s in wb}, 'format': ws['B4'].number_format, 'area': ws['R4'].number_format,
}))`

// TestWorkbookIsReadByAnother: openpyxl sees the patches with their areas and texts, lists without what is suppressed, and the clue.
func TestWorkbookIsReadByAnother(t *testing.T) {
	j := jobOf(t, Options{}, usual(t, 1, "220122"), usual(t, 2, "220122"))
	path := inTemp(t, "a.xlsx")
	if err := j.writeWorkbook(path, j.plan.Packages[0]); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Sheets                       map[string][][]*string
		Types                        []string
		Rules                        [][]string
		Footers                      map[string]string
		Freeze, Filter, Format, Area string
	}
	out := python(t, dump, path)
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	rows := got.Sheets[sheetPatches]
	if len(rows) != headerRow+2 || len(rows[0]) != len(sheetColumns) || !strings.Contains(*rows[1][0], title) || !strings.Contains(*rows[0][0], "220122农安县") {
		t.Fatalf("the table is %d rows: %s", len(rows), out)
	}
	at := map[string]int{}
	for i, h := range rows[headerRow-1] {
		at[*h] = i
	}
	for header, want := range map[string]string{
		"监测编号": "2201222025000001", "村": `<"向前" & 村>`, "监测面积（平方米）": "1000.01", "监测面积（亩）": "1.5", "占耕地（亩）": "0.5", "占永久基本农田（亩）": "0.15", "经度": "125.0000123", "X坐标（东）": "42500025", "图斑类型": "JZ",
	} {
		if v := rows[headerRow][at[header]]; v == nil || *v != want {
			t.Errorf("%s is %v, want %s", header, deref(v), want)
		}
	}
	for header, want := range map[string]string{"监测编号": "str", "监测面积（平方米）": "float", "核查类别一级": "NoneType", "占生态保护红线（亩）": "NoneType"} {
		if got.Types[at[header]] != want {
			t.Errorf("%s is a %s, want %s", header, got.Types[at[header]], want)
		}
	}
	if len(got.Rules) != 5 || got.Freeze != "D4" || got.Filter != "$A$3:$BA$5" || got.Format != "@" || got.Area != "0.00" {
		t.Errorf("rules %v, freeze %s, filter %s, formats %s and %s", got.Rules, got.Freeze, got.Filter, got.Format, got.Area)
	}
	for _, sheet := range []string{sheetPatches, sheetCategories, sheetNotes} {
		if !strings.Contains(got.Footers[sheet], title) {
			t.Errorf("the sheet %s is printed without the clue: %v", sheet, got.Footers)
		}
	}
	lists := got.Sheets[sheetCategories]
	for _, row := range lists {
		for _, c := range row {
			if verification.Suppressed(deref(c)) {
				t.Errorf("the lists offer %s", *c)
			}
		}
	}
	if scheme, _ := verification.Find(""); len(lists) < 20 || *lists[1][0] != scheme.Open()[0].Level1 {
		t.Errorf("the lists are not those of the scheme: %d rows", len(lists))
	}
	again := inTemp(t, "b.xlsx")
	if err := j.writeWorkbook(again, j.plan.Packages[0]); err != nil {
		t.Fatal(err)
	}
	if a, b := mustRead(t, path), mustRead(t, again); a != b {
		t.Error("the same table is another file")
	}
}

func deref(s *string) string {
	if s == nil {
		return "nothing"
	}
	return *s
}

func mustRead(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestPageShowsWhatThereIs(t *testing.T) {
	j := jobOf(t, Options{}, usual(t, 1, "220122"))
	path := inTemp(t, "a.html")
	if err := j.writePage(path, j.plan.Packages[0]); err != nil {
		t.Fatal(err)
	}
	text := mustRead(t, path)
	for _, want := range []string{title, "监测编号", "1000.01", "&lt;&#34;向前&#34; &amp; 村&gt;", "125.0000123"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(text, "占生态保护红线（亩）") || strings.Contains(text, "核查人") {
		t.Error("the page has columns that nothing is in")
	}
}
