package main

import (
	"path/filepath"
	"strings"
	"testing"
)

// Each scenario's inputs are what its run file says they are.
func TestDemoWritesTheInputsOfAScenario(t *testing.T) {
	for _, c := range []struct {
		scenario      string
		before, after []string // what inspect says of the images
		plan          []string
		seams         bool
	}{
		{"plain", []string{"UInt16", "nir"}, []string{"UInt16", "nir"}, []string{"2025-08-20"}, false},
		{"autumn", []string{"UInt16", "nir"}, []string{"UInt16", "nir"}, []string{"2024-07-18", "2025-10-20"}, false},
		{"mixed", []string{"UInt16", "nir"}, []string{"UInt16", "nir"}, []string{"2024-07-18", "2025-07-30"}, true},
		{"stretched", []string{"UInt16", "nir"}, []string{"Byte", "nir"}, []string{"blue green red nir"}, false},
		{"rgb", []string{"Byte", "red"}, []string{"Byte", "red"}, []string{"blue green red"}, false},
	} {
		t.Run(c.scenario, func(t *testing.T) {
			dir := t.TempDir()
			code, out, errw := tuban("demo", "--out", dir, "--size", "300", "--scenario", c.scenario, "--inputs-only", "--plain")
			if code != exitComplete {
				t.Fatalf("exit code %d: %s%s", code, out, errw)
			}
			says(t, []string{"inspect", filepath.Join(dir, "before.tif")}, exitComplete, c.before...)
			text := says(t, []string{"inspect", filepath.Join(dir, "after.tif")}, exitComplete, c.after...)
			if c.scenario == "rgb" && strings.Contains(text, "nir") {
				t.Errorf("near infrared is delivered:\n%s", text)
			}
			if exists(filepath.Join(dir, "seams.gpkg")) != c.seams {
				t.Errorf("seams.gpkg: %v", !c.seams)
			}
			says(t, []string{"plan", filepath.Join(dir, "run.yaml")}, exitComplete, c.plan...)
		})
	}
}

func TestDemoNamesItsScenarios(t *testing.T) {
	says(t, []string{"demo", "--help"}, exitComplete, "summer", "quiet-shift", "in season")
	if code, _, errw := tuban("demo", "--out", t.TempDir(), "--scenario", "winter"); code != exitUsage || !strings.Contains(errw, "autumn") {
		t.Errorf("exit code %d: %s", code, errw)
	}
}

// A story leaves what each night needs, and its folder is its own to write again.
func TestDemoWritesNights(t *testing.T) {
	dir := t.TempDir()
	for range 2 {
		code, out, errw := tuban("demo", "--out", dir, "--size", "1000", "--nights", "2", "--inputs-only", "--plain")
		if code != exitComplete || !strings.Contains(out, "run1.yaml") {
			t.Fatalf("exit code %d: %s%s", code, out, errw)
		}
	}
	for _, name := range []string{
		"before.tif", "survey.gpkg", layersFile, farmlandFile, watchFile, registerDir, "night1.tif", "night2.tif", "approvals1.gpkg", "approvals2.gpkg",
		"truth1.gpkg", "truth2.gpkg", "run2.yaml",
	} {
		if !exists(filepath.Join(dir, name)) {
			t.Errorf("there is no %s", name)
		}
	}
	if exists(filepath.Join(dir, "night3.tif")) || exists(filepath.Join(dir, strings.TrimSuffix(farmlandFile, ".shp")+".cpg")) {
		t.Error("there is a third night, or a .cpg")
	}
	says(t, []string{"plan", filepath.Join(dir, "run1.yaml")}, exitComplete, "2025-07-16", "basic_farmland_old", "approval")
	says(t, []string{"inspect", filepath.Join(dir, farmlandFile)}, exitComplete, "GBK", "JBNTMJ")
	for _, wrong := range []struct{ args, want string }{{"--nights 9", "from 1 to 4"}, {"--nights 1 --size 300", "has no room for"}} {
		code, _, errw := tuban(append([]string{"demo", "--out", t.TempDir()}, strings.Fields(wrong.args)...)...)
		if code != exitUsage || !strings.Contains(errw, wrong.want) {
			t.Errorf("%s: exit code %d: %s", wrong.args, code, errw)
		}
	}
}
