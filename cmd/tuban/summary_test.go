package main

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"tuban/pipeline"
	"tuban/pipeline/register"
)

// summedUnit is a unit of summary.json.
type summedUnit struct {
	Code, Level string
	Tally       struct {
		Patches int
		Area    float64 `json:"area_m2"`
		By      map[string]map[string]struct {
			Patches int
			Area    float64 `json:"area_m2"`
		}
	}
	Verified struct {
		Released, Returned struct{ Patches int }
	}
	Unobserved map[string]float64 `json:"unobserved_m2"`
	Children   []summedUnit
}

// missed is what was not observed in the unit.
func (u summedUnit) missed() (sum float64) {
	for _, a := range u.Unobserved {
		sum += a
	}
	return sum
}

func (u summedUnit) each(visit func(summedUnit)) {
	visit(u)
	for _, c := range u.Children {
		c.each(visit)
	}
}

// summed reads summary.json.
func summed(t testing.TB, dir string) (out struct {
	Units   summedUnit
	Balance []struct {
		Of        string
		Suspected *float64 `json:"suspected_m2"`
		Verified  *float64 `json:"verified_m2"`
	}
	Comparison struct {
		Tracks map[string]struct{ Patches int }
		Gone   map[string]struct{ Patches int }
	}
}) {
	t.Helper()
	readJSON(t, filepath.Join(dir, "summary.json"), &out)
	return out
}

// TestSummaryOfProduct sums a product with legal layers and units, and sums the same from its layers.
func TestSummaryOfProduct(t *testing.T) {
	onceInFull(t)
	file, _, _, _ := legalPair(t)
	dir := t.TempDir()
	product, to, reg := filepath.Join(dir, "out"), filepath.Join(dir, "summary"), filepath.Join(dir, "register")
	detect(t, file, pipeline.Options{Out: product})
	gpkg := filepath.Join(product, "changes.gpkg")
	patches, parts := records(t, gpkg, "changes"), records(t, gpkg, "changes_units")
	releaseAs(t, reg, patches[:3])
	r, err := register.Open(reg)
	if err != nil {
		t.Fatal(err)
	}
	returned := []register.Event{{Return: &register.Return{JCBH: "2201832025000001", Level1: "设施农用地", By: "甲", On: "2025-09-02"}}}
	if err := r.Append(testClock, returned, nil); err != nil {
		t.Fatal(err)
	}
	targets := filepath.Join(dir, "targets.yaml")
	if err := os.WriteFile(targets, []byte(`units: [{code: "22", cropland: {base: 1 ha, target: 0.5 ha}, basic_farmland: {base: 1 ha, target: 1 ha}}]`), 0o644); err != nil {
		t.Fatal(err)
	}
	args := []string{"summary", product, "--earlier", product, "--register", reg, "--targets", targets,
		"--units", file.Layers[3].Source[0], "--units-code", "ZLDWDM", "--units-name", "ZLDWMC", "--to", to}
	says(t, args, exitComplete, fmt.Sprintf("%d patches", len(patches)))
	got := summed(t, to)

	area := func(list []record, field string, keep func(record) bool) (sum float64) {
		for _, r := range list {
			if keep(r) && r.values[field] != "" {
				sum += r.number(t, field)
			}
		}
		return sum
	}
	near := func(what string, got, want float64) {
		if math.Abs(got-want) > 0.005 {
			t.Errorf("%s: %.2f, want %.2f", what, got, want)
		}
	}
	all := func(record) bool { return true }
	near("all", got.Units.Tally.Area, area(patches, "MJ", all))
	near("cropland", got.Units.Tally.By["group"]["cropland"].Area, area(patches, "GDMJ", all))
	near("basic farmland", got.Units.Tally.By["overlay"]["basic_farmland"].Area, area(patches, "YNMJ", all))
	near("not observed", got.Units.missed(), area(records(t, gpkg, "unobserved"), "MJ", all))
	villages := 0
	got.Units.each(func(u summedUnit) {
		below := 0.
		for _, c := range u.Children {
			below += c.missed()
		}
		if len(u.Children) > 0 {
			near("not observed below "+u.Code, below, u.missed())
		}
		if u.Level == "village" && u.missed() > 0 {
			villages++
		}
	})
	if villages < 2 {
		t.Errorf("%d villages with gaps: the test means little", villages)
	}
	counties := 0
	got.Units.each(func(u summedUnit) {
		if u.Level != "county" || u.Code == "" {
			return
		}
		counties++
		in := func(r record) bool { return r.values["XZQDM"] == u.Code }
		near(u.Code, u.Tally.Area, area(parts, "MJ", in))
		near(u.Code+" cropland", u.Tally.By["group"]["cropland"].Area, area(parts, "GDMJ", in))
		near(u.Code+" red line", u.Tally.By["overlay"]["red_line"].Area, area(parts, "HXMJ", in))
		n := 0
		for _, p := range patches {
			if in(p) {
				n++
			}
		}
		if n != u.Tally.Patches {
			t.Errorf("%s: %d patches, want %d", u.Code, u.Tally.Patches, n)
		}
	})
	if counties < 2 {
		t.Errorf("%d counties: the test means little", counties)
	}
	if v := got.Units.Verified; v.Released.Patches != 3 || v.Returned.Patches != 1 {
		t.Errorf("%+v", v)
	}
	if len(got.Balance) != 2 || got.Balance[1].Suspected == nil || got.Balance[0].Verified == nil {
		t.Errorf("%+v", got.Balance)
	}
	if c := got.Comparison; c.Tracks["same"].Patches != len(patches) || len(c.Gone) != 0 {
		t.Errorf("compared with itself: %+v", c)
	}
	f, err := excelize.OpenFile(filepath.Join(to, "summary.xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, sheet := range f.GetSheetList() {
		if cells, err := f.SearchSheet(sheet, ".*仅作线索，不作为处罚依据.*", true); err != nil || len(cells) == 0 {
			t.Errorf("%s does not carry the disclaimer: %v", sheet, err)
		}
	}
	again := filepath.Join(dir, "again")
	says(t, append(args[:len(args)-1:len(args)-1], again), exitComplete)
	a, err := os.ReadFile(filepath.Join(to, "summary.html"))
	if err != nil {
		t.Fatal(err)
	}
	if b, err := os.ReadFile(filepath.Join(again, "summary.html")); err != nil || string(a) != string(b) {
		t.Errorf("the same summary has another page: %v", err)
	}
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"summary", product}, exitUsage, "--to"},
		{[]string{"summary", dir, "--to", again}, exitInput, "holds no finished product"},
		{[]string{"summary", product, product, "--to", again}, exitInput, "is the same product"},
		{[]string{"summary", product, "--register", filepath.Join(dir, "none"), "--to", again}, exitInput, "give the folder of the register"},
	} {
		if code, _, errw := tuban(c.args...); code != c.code || !strings.Contains(errw, c.want) {
			t.Errorf("%v: exit code %d, %s; want %d, %q", c.args, code, errw, c.code, c.want)
		}
	}
}
