package main

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"tuban/raster/gdal"
	"tuban/raster/vector"
)

// fillTable fills in rows of a verification table, as a county would, by a program of another origin; row names the values by heading.
const fillTable = `
import openpyxl, sys
w = openpyxl.load_workbook(sys.argv[1])
s = w['核查表']
head = next(r for r in s.iter_rows(max_row=10) if any(c.value == '监测编号' for c in r))
at = {c.value: c.column for c in head}
answers = [('合法', '批文', None), ('其他', '农村宅基地', None), ('伪变化', None, None), ('农村宅基地', None, None)]
for i, answer in enumerate(answers):
    row = head[0].row + 1 + i
    for name, value in zip(('核查类别一级', '核查类别二级', '核查类别三级', '核查人', '核查日期'), answer + ('核查员甲', '2025/9/12')):
        s.cell(row, at[name]).value = value
w.save(sys.argv[2])
`

// TestRecallReturnsOfExport: the table that an export wrote, filled in, is read back; and so is a layer.
func TestRecallReturnsOfExport(t *testing.T) {
	python := ""
	for _, p := range []string{"python3", "/usr/bin/python3"} {
		if python == "" && exec.Command(p, "-c", "import openpyxl").Run() == nil {
			python = p
		}
	}
	if python == "" {
		t.Skip("SKIPPED: no Python with openpyxl to fill in the table with: apt-get install python3-openpyxl")
	}
	out, err := reviewed()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	reg, release, delivery, filled := filepath.Join(dir, "register"), filepath.Join(dir, "release"), filepath.Join(dir, "delivery"), filepath.Join(dir, "filled.xlsx")
	passAll(t, out, reg)
	says(t, []string{"release", out, "--register", reg, "--batch", "b", "--to", release, "--isolate=false"}, exitComplete)
	says(t, []string{"export", release, "--to", delivery, "--format", "xlsx", "--isolate=false"}, exitComplete)
	tables, err := filepath.Glob(filepath.Join(delivery, "*", "*", "*.xlsx"))
	if err != nil || len(tables) == 0 {
		t.Fatalf("%v, %v", tables, err)
	}
	if text, err := exec.Command(python, "-c", fillTable, tables[0], filled).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	report := filepath.Join(dir, "report.xlsx")
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
