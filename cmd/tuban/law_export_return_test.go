package main

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"tuban/pipeline/register"
)

// fillIn fills the verification table in as a county does: a category, a person, a day and an area in each row.
const fillIn = `
import sys, datetime, openpyxl
wb = openpyxl.load_workbook(sys.argv[1])
ws = wb['核查表']
at = {c.value: c.column for c in ws[3]}
for row, levels in zip(range(4, ws.max_row + 1), [s.split('/') for s in sys.argv[2:]]):
    for name, value in zip(['核查类别一级', '核查类别二级', '核查类别三级'], levels):
        ws.cell(row, at[name]).value = value
    ws.cell(row, at['核查人']).value = '核查员甲'
    ws.cell(row, at['核查日期']).value = datetime.date(2025, 9, 20)
    ws.cell(row, at['核实面积（亩）']).value = 0.6
wb.save(sys.argv[1])`

// TestTheTableComesBack: the table that leaves is the table that is read back, and what a county says in it decides what leaves
// the next time.
func TestTheTableComesBack(t *testing.T) {
	onceInFull(t)
	const python = "/usr/bin/python3"
	if exec.Command(python, "-c", "import openpyxl").Run() != nil {
		t.Skip("SKIPPED: no Python with openpyxl here: apt-get install python3-openpyxl")
	}
	file := patchesFile(t, "农安县", "农安县", "德惠市")
	dir := t.TempDir()
	reg, err := register.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	var events []register.Event
	for i, county := range []string{"220122", "220122", "220183", ""} {
		events = append(events, register.Event{Release: &register.Release{Version: register.Version{CID: fmt.Sprintf("%016x", i+1)}, JCBH: fmt.Sprintf("%s2025%06d", county, i), County: county, Batch: "b"}})
	}
	if err := reg.Append(testClock, events, nil); err != nil {
		t.Fatal(err)
	}
	export := func(args ...string) (table, out string) {
		to := t.TempDir()
		out = says(t, append([]string{"export", file, "--to", to, "--by", "none", "--batch", "b", "--format", "xlsx", "--register", dir}, args...), exitComplete)
		return filepath.Join(to, "b", "b.xlsx"), out
	}
	table, out := export()
	if !strings.Contains(out, "4 patches") {
		t.Fatal(out)
	}
	if b, err := exec.CommandContext(t.Context(), python, "-c", fillIn, table, "农村道路", "其他/JY", "非农违法/工矿商服/厂房类").CombinedOutput(); err != nil {
		t.Fatalf("filling the table in: %v: %s", err, b)
	}
	says(t, []string{"recall", "returns", table, "--register", dir, "--report", filepath.Join(t.TempDir(), "check.xlsx")}, exitComplete)
	if reg, err = register.Open(dir); err != nil {
		t.Fatal(err)
	}
	returned := 0
	for _, e := range reg.Events {
		if e.Return != nil {
			returned++
			if e.Return.By != "核查员甲" || e.Return.On != "2025-09-20" || e.Return.AreaM2 != 400 {
				t.Errorf("returned as %+v", *e.Return)
			}
		}
	}
	if returned != 3 {
		t.Errorf("%d conclusions came back, want 3", returned)
	}
	if _, out = export(); !strings.Contains(out, "3 patches") || !strings.Contains(out, "1 left out for the category") {
		t.Errorf("after a suppressed category: %s", out)
	}
}
