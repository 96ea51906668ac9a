package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
)

// qgisPython finds a Python that has QGIS: a distribution's own, where another comes first in PATH.
var qgisPython = sync.OnceValue(func() string {
	for _, python := range []string{"python3", "/usr/bin/python3"} {
		if exec.Command(python, "-c", "import qgis.core").Run() == nil {
			return python
		}
	}
	return ""
})

// qgis runs a script in QGIS without a screen, and decodes the JSON on the last line that it prints into v. Without QGIS the
// test is skipped.
func qgis(t testing.TB, v any, script string, args ...string) {
	t.Helper()
	python := qgisPython()
	if python == "" {
		t.Skip("SKIPPED: no Python with QGIS: apt-get install python3-qgis")
	}
	cmd := exec.Command(python, append([]string{"-c", qgisPrelude + script}, args...)...)
	cmd.Env = append(os.Environ(), "QT_QPA_PLATFORM=offscreen", "XDG_RUNTIME_DIR="+t.TempDir(), "HOME="+t.TempDir())
	var errw strings.Builder
	cmd.Stderr = &errw
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("QGIS: %v\n%s%s", err, out, errw.String())
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), v); err != nil {
		t.Fatalf("QGIS printed %s: %v", out, err)
	}
}

// qgisPrelude opens QGIS; done prints what a script found, and leaves without the teardown in which QGIS's Python may crash.
const qgisPrelude = `
import json, os, sys
from qgis.core import *
app = QgsApplication([], False)
app.initQgis()
def done(v):
    print(json.dumps(v))
    sys.stdout.flush()
    QgsProject.instance().clear()
    os._exit(0)
`
