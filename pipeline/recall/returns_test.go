package recall

import (
	"bytes"
	"context"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"golang.org/x/sync/errgroup"

	"tuban/pipeline/register"
	"tuban/pipeline/verification"
)

var now = time.Date(2026, 9, 20, 12, 0, 0, 0, time.UTC)

// released makes a register with the patches 2201222026000001 to n, of 2 亩 each.
func released(t testing.TB, n int) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "register")
	r, err := register.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	var events []register.Event
	for i := 1; i <= n; i++ {
		events = append(events, register.Event{Release: &register.Release{
			Version: register.Version{CID: fmt.Sprintf("c%d", i)}, JCBH: number(i), County: "220122", AreaM2: 4000. / 3, Values: map[string]string{"HSX": "20260901"},
		}})
	}
	if err := r.Append(now, events, nil); err != nil {
		t.Fatal(err)
	}
	return dir
}

func number(i int) string { return fmt.Sprintf("2201222026%06d", i) }

// sheet writes rows below the headings of a verification table, with a title above them.
func sheet(t testing.TB, path string, rows ...[]any) {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	lines := append([][]any{
		{"卫片图斑核查表　仅作线索，不作为处罚依据"},
		{"监测编号", "县", "核查类别（一级）", "核查类别（二级）", "核查类别（三级）", "核查人", "核查日期", "核实面积（亩）", "备注"},
	}, rows...)
	for i, row := range lines {
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
}

func options(t testing.TB, file, dir string) ReturnOptions {
	t.Helper()
	s, err := verification.Find("")
	if err != nil {
		t.Fatal(err)
	}
	return ReturnOptions{File: file, Register: dir, Scheme: s, Now: now}
}

func TestReturns(t *testing.T) {
	dir := released(t, 12)
	file := filepath.Join(t.TempDir(), "returned.xlsx")
	sheet(t, file,
		[]any{number(1), "农安县", "合法", "批文", "", "核查员甲", "2026-09-10", "2.0", ""},
		[]any{number(2), "", "其他", "地下管廊（网）", nil, "核查员甲", time.Date(2026, 9, 11, 0, 0, 0, 0, time.UTC), 1.5, "以实地为准"},
		[]any{number(3), "", "", "", "", "", "", "", "导出时的备注"},
		[]any{"2201222026000O04", "", "设施农用地", "", "", "核查员甲", "20260911", 2, ""},
		[]any{number(5), "", "设施农用", "", "", "核查员甲", "2026年9月11日", 2, ""},
		[]any{number(6), "", "农村道路", "", "", "", "2026-09-11", 2, ""},
		[]any{number(7), "", "农村道路", "", "", "核查员甲", "2027-09-11", 2, ""},
		[]any{number(8), "", "农村道路", "", "", "核查员甲", "2026-09-11", 1333.3, ""},
		[]any{number(9), "", "农村道路", "", "", "核查员甲", "2026-09-11", 2, ""},
		[]any{number(9), "", "农村道路", "", "", "核查员乙", "2026-09-12", 2, ""},
		[]any{number(10), "", "农村道路", "", "", "核查员甲", "2026-08-11", 4, ""},
		[]any{number(11), "", "非农违法", "工矿商服", "", "核查员甲", "2026-09-11", "两亩", ""},
	)
	c, err := Returns(context.Background(), nil, options(t, file, dir))
	if err != nil {
		t.Fatal(err)
	}
	want := []struct {
		status Status
		say    string
	}{
		{Accepted, ""}, {Accepted, ""}, {Blank, ""}, {Refused, "是否为 " + number(4)}, {Refused, "是否为“设施农用地”"}, {Refused, "未填核查人"},
		{Refused, "在今天之后"}, {Refused, "检查单位"}, {Refused, "Sheet1!11、Sheet1!12"}, {Refused, "重复出现"},
		{Accepted, "早于后时相 2026-09-01"}, {Refused, "还须填三级类别"},
	}
	if len(c.Findings) != len(want) {
		t.Fatalf("%d findings, want %d", len(c.Findings), len(want))
	}
	for i, f := range c.Findings {
		if said := strings.Join(append(f.Problems, f.Hints...), "；"); f.Status != want[i].status || !strings.Contains(said, want[i].say) || want[i].say == "" && said != "" {
			t.Errorf("%s %s: %s, %s; want %s, %s", f.Place, f.JCBH, f.Status, said, want[i].status, want[i].say)
		}
	}
	if got := c.Findings[1].Return; got.On != "2026-09-11" || got.AreaM2 != 1000 || got.Level2 != "地下管廊(网)" || got.Values["level2"] != "地下管廊（网）" || got.Note != "以实地为准" {
		t.Errorf("%+v", got)
	}
	if c.Added != 0 || len(opened(t, dir).Events) != 12 {
		t.Errorf("%d events were added though rows are wrong", c.Added)
	}
	o := options(t, file, dir)
	o.Partial = true
	for _, added := range []int{3, 0} {
		if c, err = Returns(context.Background(), nil, o); err != nil || c.Added != added {
			t.Errorf("added %d, %v; want %d", c.Added, err, added)
		}
	}
	var page bytes.Buffer
	if err := c.Book("test").WriteHTML(&page); err != nil || !strings.Contains(page.String(), "是否为“设施农用地”") {
		t.Errorf("the report: %v", err)
	}
}

func opened(t testing.TB, dir string) *register.Register {
	t.Helper()
	r, err := register.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// However the rows stand, and in however many tables they come, the register comes to the same; a table that was read does nothing
// again, also not after it was corrected by a later one. Each step syncs a register, so the tables are few.
func TestReturnsAreIdempotent(t *testing.T) {
	const n = 6
	dir := t.TempDir()
	for seed := range 10 {
		draw := rand.New(rand.NewSource(int64(seed)))
		reg := released(t, n)
		categories := [][]string{{"合法", "批文"}, {"设施农用地", ""}, {"其他", "紧急用地"}}
		var rows [][]any
		for _, i := range draw.Perm(n) {
			c := categories[draw.Intn(len(categories))]
			rows = append(rows, []any{number(i + 1), "", c[0], c[1], "", "甲", "2026-09-10", 2, ""})
		}
		cut := draw.Intn(n + 1)
		first, second, third := filepath.Join(dir, "1.xlsx"), filepath.Join(dir, "2.xlsx"), filepath.Join(dir, "3.xlsx")
		sheet(t, first, rows[:cut]...)
		sheet(t, second, rows[cut:]...)
		sheet(t, third, []any{number(1), "", "农村道路", "", "", "乙", "2026-09-12", 2, ""})
		for _, step := range []struct {
			file  string
			added int
		}{{first, cut}, {first, 0}, {second, n - cut}, {first, 0}, {third, 1}, {first, 0}, {second, 0}, {third, 0}} {
			c, err := Returns(context.Background(), nil, options(t, step.file, reg))
			if err != nil || c.Added != step.added || c.Count(Refused) > 0 {
				t.Fatalf("seed %d: %s added %d, %v; want %d: %+v", seed, filepath.Base(step.file), c.Added, err, step.added, c.Findings)
			}
		}
		s := opened(t, reg).State()
		for _, row := range rows {
			want := row[2]
			if row[0] == number(1) {
				want = "农村道路"
			}
			if got, ok := s.Return(row[0].(string)); !ok || got.Level1 != want {
				t.Fatalf("seed %d: %v: %+v, want %v", seed, row[0], got, want)
			}
		}
	}
}

func TestNoTable(t *testing.T) {
	dir := t.TempDir()
	other, text := filepath.Join(dir, "other.xlsx"), filepath.Join(dir, "text.xlsx")
	f := excelize.NewFile()
	if err := f.SetSheetRow("Sheet1", "A1", &[]any{"监测编号", "面积"}); err != nil {
		t.Fatal(err)
	}
	if err := f.SaveAs(other); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(text, []byte("监测编号,核查类别一级\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]string{other: "none of its sheets (Sheet1)", text: "no XLSX workbook", filepath.Join(dir, "a.xlsx"): "no such file"} {
		if _, err := Returns(context.Background(), nil, options(t, file, released(t, 1))); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", file, err, want)
		}
	}
	if _, err := Returns(context.Background(), nil, options(t, other, filepath.Join(dir, "none"))); err == nil || !strings.Contains(err.Error(), "holds no register") {
		t.Error(err)
	}
}

// FuzzReadWorkbook: damaged workbooks are errors, and every row that is read has a place.
func FuzzReadWorkbook(f *testing.F) {
	path := filepath.Join(f.TempDir(), "a.xlsx")
	sheet(f, path, []any{number(1), "", "合法", "批文", "", "甲", "2026-09-10", 2, ""})
	whole, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	f.Add(whole[:len(whole)/2])
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, b []byte) {
		table, err := ReadWorkbook(bytes.NewReader(b))
		if err != nil {
			return
		}
		for _, r := range table.Rows {
			if r.Place == "" {
				t.Errorf("a row without a place: %+v", r)
			}
		}
	})
}

// FuzzCheckRow: whatever a county writes, a row is refused with a reason, blank, or says what the register can hold.
func FuzzCheckRow(f *testing.F) {
	dir := released(f, 3)
	r := opened(f, dir)
	scheme := options(f, "", "").Scheme
	f.Add(number(1), "合法", "批文", "甲", "2026-09-10", "2.0亩")
	f.Add("", "", "", "", "", "-1")
	f.Add(number(2), "其他", "JY", "甲", "45900", "NaN")
	f.Fuzz(func(t *testing.T, jcbh, one, two, by, on, mu string) {
		c := newChecker(r, scheme, now, "a.xlsx", "h")
		got := c.table(&Table{Rows: []Row{{Place: "a!1", Values: map[Column]string{Number: jcbh, Level1: one, Level2: two, By: by, On: on, AreaMu: mu}}}})[0]
		switch {
		case got.Status == Refused && (len(got.Problems) == 0 || got.Return != nil):
			t.Errorf("refused without a reason: %+v", got)
		case got.Status == Accepted:
			if _, err := scheme.Match(got.Return.Level1, got.Return.Level2, got.Return.Level3); err != nil || got.Return.By == "" || !(got.Return.AreaM2 >= 0) {
				t.Errorf("accepted: %+v, %v", got.Return, err)
			}
			if _, err := time.Parse(time.DateOnly, got.Return.On); err != nil {
				t.Error(err)
			}
		}
	})
}

// Importers that come at the same time add each row once.
func TestReturnsAtOnce(t *testing.T) {
	const n = 5
	reg := released(t, n)
	file := filepath.Join(t.TempDir(), "a.xlsx")
	var rows [][]any
	for i := 1; i <= n; i++ {
		rows = append(rows, []any{number(i), "", "农村道路", "", "", "甲", "2026-09-10", 2, ""})
	}
	sheet(t, file, rows...)
	var g errgroup.Group
	added := make([]int, 4)
	for i := range added {
		g.Go(func() error {
			c, err := Returns(context.Background(), nil, options(t, file, reg))
			if err == nil {
				added[i] = c.Added
			}
			return err
		})
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	if sum := added[0] + added[1] + added[2] + added[3]; sum != n || len(opened(t, reg).Events) != 2*n {
		t.Errorf("added %v, and the register has %d events", added, len(opened(t, reg).Events))
	}
}
