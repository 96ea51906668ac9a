package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"tuban/raster/gdal"
	"tuban/raster/vector"
)

// fillTable fills in the first rows of a verification table and saves it elsewhere.
func fillTable(t testing.TB, from, to string, answers [][]string) {
	t.Helper()
	f, err := excelize.OpenFile(from)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows("核查表")
	if err != nil {
		t.Fatal(err)
	}
	head := slices.IndexFunc(rows, func(row []string) bool { return slices.Contains(row, "监测编号") })
	for i, answer := range answers {
		for k, heading := range []string{"核查类别一级", "核查类别二级", "核查类别三级", "核查人", "核查日期"} {
			cell, err := excelize.CoordinatesToCellName(slices.Index(rows[head], heading)+1, head+2+i)
			if err == nil {
				err = f.SetCellStr("核查表", cell, append(answer, "核查员甲", "2025/9/12")[k])
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := f.SaveAs(to); err != nil {
		t.Fatal(err)
	}
}

// TestRecallReturnsOfExport: the table that an export wrote, filled in with a mistake, is read back in part; and so is a layer.
func TestRecallReturnsOfExport(t *testing.T) {
	out, err := reviewed()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	reg, release, delivery, filled := filepath.Join(dir, "register"), filepath.Join(dir, "release"), filepath.Join(dir, "delivery"), filepath.Join(dir, "filled.xlsx")
	passAll(t, out, reg)
	says(t, []string{"release", out, "--register", reg, "--batch", "b", "--to", release, "--isolate=false"}, exitComplete)
	says(t, []string{"export", release, "--register", reg, "--to", delivery, "--format", "xlsx", "--isolate=false"}, exitComplete)
	tables, err := filepath.Glob(filepath.Join(delivery, "*", "*", "*.xlsx"))
	if err != nil || len(tables) == 0 {
		t.Fatalf("%v, %v", tables, err)
	}
	fillTable(t, tables[0], filled, [][]string{{"合法", "批文", ""}, {"其他", "农村宅基地", ""}, {"伪变化", "", ""}, {"农村宅基地", "", ""}})
	report := filepath.Join(dir, "report.xlsx")
	here := filepath.Join(dir, "here")
	if err := os.Mkdir(here, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Chdir(here)
	if printed := says(t, []string{"recall", "returns", filled, "--register", reg, "--dry-run", "--isolate=false"}, exitInput, "3 accepted", "1 refused; 0 added"); strings.Contains(printed, "report:") {
		t.Errorf("a check alone has a report: %s", printed)
	}
	if left := files(t, here); len(left) > 0 || exists(report) {
		t.Errorf("a check alone left %v", left)
	}
	says(t, []string{"recall", "returns", filled, "--register", reg, "--dry-run", "--report", report, "--isolate=false"}, exitInput, "report: "+report)
	if !exists(report) {
		t.Error("a report that was asked for is not there")
	}
	command := []string{"recall", "returns", filled, "--register", reg, "--report", report, "--isolate=false"}
	says(t, command, exitInput, "3 accepted", "1 refused; 0 added", "农村宅基地")
	says(t, append(command, "--partial"), exitGaps, "1 refused; 3 added")
	says(t, append(command, "--partial"), exitGaps, "3 known already", "1 refused; 0 added")
	f, err := excelize.OpenFile(report)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if text, err := f.GetCellValue("退回的行", "D4"); err != nil || !strings.Contains(text, "不在分类表中") {
		t.Errorf("the report says %q, %v", text, err)
	}
	returns := 0
	var last string
	for _, e := range eventsOf(t, reg).Events {
		if e.Return != nil {
			returns++
			if e.Return.On != "2025-09-12" || e.Return.Source != "filled.xlsx" {
				t.Errorf("%+v", e.Return)
			}
		}
		if e.Release != nil {
			last = e.Release.JCBH
		}
	}
	if returns != 3 {
		t.Errorf("%d returns", returns)
	}

	layer := filepath.Join(dir, "returned.gpkg")
	text := func(name string) vector.Field { return vector.Field{Name: name, Type: vector.String, Width: 60} }
	table := vector.Table{
		Name: "returned", CRS: testCRS, Geometry: "MultiPolygon", Fields: []vector.Field{text("JCBH"), text("HCLB1"), text("hclb2"), text("HCR"), text("HCRQ"), {Name: "HSMJ", Type: vector.Float}},
		Rows: func(yield func(vector.Row, error) bool) {
			yield(vector.Row{Values: []any{last, "其他", "紧急用地", "核查员乙", "20250913", 1000.5}}, nil)
		},
	}
	if err := gdal.WriteGeoPackage(ctx, layer, []vector.Table{table}, vector.WriteOptions{}); err != nil {
		t.Fatal(err)
	}
	command[2] = layer
	says(t, append(command, "--layer", "returned"), exitComplete, "1 accepted", "1 added")
	says(t, []string{"summary", out, "--register", reg, "--to", filepath.Join(dir, "summary"), "--isolate=false"}, exitComplete)
	if v := summed(t, filepath.Join(dir, "summary")).Units.Verified; v.Returned.Patches < 3 {
		t.Errorf("%+v", v)
	}
}
