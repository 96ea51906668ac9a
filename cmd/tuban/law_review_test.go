package main

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"tuban/pipeline"
	"tuban/pipeline/register"
	issue "tuban/pipeline/release"
)

// reviewed is the product that the tests of reviews start from: eight candidates, with imagery.
var reviewed = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "tuban-reviewed-")
	if err != nil {
		return "", err
	}
	sharedFolders = append(sharedFolders, dir)
	var out, errw strings.Builder
	if code := run(ctx, []string{"demo", "--out", filepath.Join(dir, "demo"), "--size", "1024", "--isolate=false"}, &out, &errw); code != exitComplete {
		return "", os.ErrInvalid
	}
	return filepath.Join(dir, "demo", "out"), nil
})

// workingCopy exports the product to a folder of its own.
func workingCopy(t *testing.T, register string) (product, dir string) {
	t.Helper()
	product, err := reviewed()
	if err != nil {
		t.Fatal(err)
	}
	dir = filepath.Join(t.TempDir(), "review")
	args := []string{"review", "export", product, "--to", dir, "--isolate=false"}
	if register != "" {
		args = append(args, "--register", register)
	}
	if code, out, errw := tuban(args...); code != exitComplete {
		t.Fatalf("exit code %d\n%s%s", code, out, errw)
	}
	return product, dir
}

func importCopy(t *testing.T, want int, dir, register string, more ...string) string {
	t.Helper()
	code, out, errw := tuban(append([]string{"review", "import", dir, "--register", register, "--isolate=false"}, more...)...)
	if code != want {
		t.Fatalf("exit code %d, want %d\n%s%s", code, want, out, errw)
	}
	return out
}

func eventsOf(t *testing.T, dir string) *register.Register {
	t.Helper()
	r, err := register.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// A working copy that nobody touched says nothing, exported without decisions or with them.
func TestReviewUntouchedSaysNothing(t *testing.T) {
	onceInFull(t)
	reg := filepath.Join(t.TempDir(), "register")
	_, dir := workingCopy(t, "")
	importCopy(t, exitComplete, dir, reg)
	if r := eventsOf(t, reg); len(r.Events) != 0 {
		t.Fatalf("%d events", len(r.Events))
	}
	var report map[string]any
	qgis(t, &report, judgeScript, filepath.Join(dir, "review.qgz"))
	importCopy(t, exitComplete, dir, reg)
	before := len(eventsOf(t, reg).Events)
	_, again := workingCopy(t, reg)
	importCopy(t, exitComplete, again, reg)
	importCopy(t, exitComplete, dir, reg)
	if after := len(eventsOf(t, reg).Events); before == 0 || after != before {
		t.Errorf("%d events became %d", before, after)
	}
}

// judgeScript opens the project as a reviewer would, checks what it shows, and does one edit of each kind.
const judgeScript = `
project = QgsProject.instance()
read = project.read(sys.argv[1])
layer = project.mapLayer('tuban_review')
form = layer.editFormConfig()
names = [f.name() for f in layer.fields()]
at = {n: i for i, n in enumerate(names)}
report = {
    'read': read, 'error': project.error(),
    'invalid': [l.name() for l in project.mapLayers().values() if not l.isValid()],
    'no_crs': [l.name() for l in project.mapLayers().values() if l.isSpatial() and not l.crs().isValid()],
    'rasters': len([l for l in project.mapLayers().values() if l.type() == QgsMapLayerType.RasterLayer]),
    'tabs': len(form.tabs()), 'verdicts': len(layer.editorWidgetSetup(at['PD']).config()['map']),
    'readonly': form.readOnly(at['cid']) and form.readOnly(at['MJ']) and not form.readOnly(at['PD']),
    'constraint': layer.constraintExpression(at['FHR']) != '', 'alias': layer.attributeAlias(at['PD']),
    'relations': [r.isValid() for r in project.relationManager().relations().values()],
}
rows = sorted(layer.getFeatures(), key=lambda f: f['MJ'])
assert layer.startEditing()
def judge(f, **values):
    values = dict({'PD': 'pass', 'PDR': '张三', 'FHR': '李四', 'PDRQ': '2025-09-10'}, **values)
    for name, v in values.items():
        assert layer.changeAttributeValue(f.id(), at[name], v), name
cids = {}
def take(name):
    f = rows.pop(0)
    cids[name] = f['cid']
    return f
judge(take('reject'), PD='reject', PDYY='other', PDBZ='备注：影像有条带', FHR=None)
judge(take('unchanged'), PD='unchanged')
judge(take('pass'))
f = take('redraw'); judge(f, CZ='redraw')
assert layer.changeGeometry(f.id(), f.geometry().buffer(2, 4))
# The two that lie closest are merged.
a, b = min(((a, b) for a in rows for b in rows if a.id() < b.id()), key=lambda p: p[0].geometry().distance(p[1].geometry()))
for f in (a, b):
    judge(f, CZ='merge', HB='1'); rows.remove(f)
cids['merge'] = [a['cid'], b['cid']]
f = take('split'); judge(f, CZ='split')
box = f.geometry().boundingBox(); x = box.center().x()
layer.selectByIds([f.id()])
assert layer.splitFeatures([QgsPointXY(x, box.yMinimum() - 9), QgsPointXY(x, box.yMaximum() + 9)]) == 0
new = QgsFeature(layer.fields())
x, y = 0, 0
e = project.mapLayer('tuban_before_1').extent()
others = QgsGeometry.unaryUnion([g.geometry() for g in layer.getFeatures()])
for step in range(400):
    x = e.xMinimum() + 20 + (step % 20) * (e.width() - 80) / 20; y = e.yMinimum() + 20 + (step // 20) * (e.height() - 80) / 20
    g = QgsGeometry.fromRect(QgsRectangle(x, y, x + 40, y + 30))
    if not g.intersects(others): break
g.convertToMultiType()
new.setGeometry(g)
for name, v in {'CZ': 'add', 'kind': 'built', 'category': 'cropland_lost', 'QSX': '20240814', 'HSX': '20250820', 'XZQDM': '220122', 'PD': 'pass', 'PDR': '张三', 'FHR': '李四', 'PDRQ': '2025-09-10'}.items():
    new[name] = v
assert layer.addFeature(new)
assert layer.commitChanges(), layer.commitErrors()
report['cids'] = cids
done(report)
`

// What QGIS shows and what is edited there comes back: each kind of edit as the decision that it means, and a release of what
// passed, which adds up and is made the same again.
func TestReviewRoundTripThroughQGIS(t *testing.T) {
	onceInFull(t)
	reg := filepath.Join(t.TempDir(), "register")
	product, dir := workingCopy(t, "")
	var report struct {
		Read                 bool
		Error, Alias         string
		Invalid              []string
		NoCRS                []string `json:"no_crs"`
		Rasters, Tabs        int
		Verdicts             int
		ReadOnly, Constraint bool
		Relations            []bool
		CIDs                 struct {
			Reject, Unchanged, Pass, Redraw, Split string
			Merge                                  []string
		}
	}
	qgis(t, &report, judgeScript, filepath.Join(dir, "review.qgz"))
	if !report.Read || report.Error != "" || len(report.Invalid) > 0 || len(report.NoCRS) > 0 || report.Rasters != 2 || report.Tabs < 4 ||
		report.Verdicts != 6 || !report.ReadOnly || !report.Constraint || report.Alias != "判读结论" || slices.Contains(report.Relations, false) {
		t.Errorf("the project: %+v", report)
	}
	importCopy(t, exitComplete, dir, reg, "--run", runFileOf(product))
	// Imported again without the run file, it says nothing new.
	before := len(eventsOf(t, reg).Events)
	importCopy(t, exitComplete, dir, reg)
	if after := len(eventsOf(t, reg).Events); after != before {
		t.Errorf("%d events became %d", before, after)
	}
	of := map[string][]register.Decision{}
	for _, s := range eventsOf(t, reg).State().Decisions() {
		if s.Redrawn != nil {
			checkShares(t, s.CID, s.Values)
		}
		of[shapeOfDecision(s.Decision)] = append(of[shapeOfDecision(s.Decision)], s.Decision)
		// QGIS gives the piece that a split makes new the day of the edit.
		if s.By != "张三" || s.On != "2025-09-10" && len(s.From) != 1 {
			t.Errorf("%+v", s.Decision)
		}
	}
	count := map[string]int{}
	for k, l := range of {
		count[k] = len(l)
	}
	want := map[string]int{"as found": 3, "redrawn": 1, "merged": 1, "split": 2, "added": 1}
	if !maps.Equal(count, want) {
		t.Fatalf("decisions %v, want %v", count, want)
	}
	for _, d := range of["as found"] {
		switch d.CID {
		case report.CIDs.Reject:
			if d.Verdict != register.Reject || d.Reason != "other" || d.Note != "备注：影像有条带" || d.Second != "" {
				t.Errorf("%+v", d)
			}
		case report.CIDs.Unchanged:
			if d.Verdict != register.Unchanged {
				t.Errorf("%+v", d)
			}
		}
	}
	if m := of["merged"][0]; len(m.From) != 2 || !slices.Contains(report.CIDs.Merge, m.CID) {
		t.Errorf("merged %+v of %v", m.From, report.CIDs.Merge)
	}
	if s := of["split"]; s[0].CID == s[1].CID || s[0].CID != report.CIDs.Split && s[1].CID != report.CIDs.Split {
		t.Errorf("the pieces of %s are %s and %s", report.CIDs.Split, s[0].CID, s[1].CID)
	}
	releaseTwice(t, product, reg)
}

func shapeOfDecision(d register.Decision) string {
	switch {
	case d.Redrawn == nil:
		return "as found"
	case len(d.From) > 1:
		return "merged"
	case len(d.From) == 1:
		return "split"
	case d.GV == "":
		return "added"
	}
	return "redrawn"
}

// releaseTwice releases what passed, loses the files, and releases again.
func releaseTwice(t *testing.T, product, reg string) {
	t.Helper()
	to := filepath.Join(t.TempDir(), "release")
	command := []string{"release", product, "--register", reg, "--batch", "第一批", "--to", to, "--isolate=false"}
	code, out, errw := tuban(command...)
	if code != exitComplete {
		t.Fatalf("exit code %d\n%s%s", code, out, errw)
	}
	first := eventsOf(t, reg)
	list := first.State().Releases()
	if len(list) != 6 { // passed as found, redrawn, merged, two pieces, added
		t.Errorf("%d releases\n%s", len(list), out)
	}
	pack, err := issue.ReadPackage(to)
	if err != nil {
		t.Fatal(err)
	}
	rows := readLayer(t, filepath.Join(to, issue.PackageName), issue.Layer)
	sum, count := 0.0, 0
	for _, c := range pack.Counties {
		sum, count = sum+c.AreaM2, count+c.Count
	}
	total := 0.0
	for _, r := range list {
		total = pipeline.Cents(total + r.AreaM2)
	}
	if len(rows) != len(list) || count != len(list) || pipeline.Cents(sum) != total {
		t.Errorf("%d rows, %d counted, %.2f m²; released %d, %.2f m²", len(rows), count, sum, len(list), total)
	}
	files := func() (out []string) {
		for _, name := range []string{issue.PackageName, issue.ManifestName} {
			out = append(out, readText(t, filepath.Join(to, name)))
		}
		return out
	}
	before := files()
	if err := os.RemoveAll(to); err != nil {
		t.Fatal(err)
	}
	if code, out, errw := tuban(command...); code != exitComplete {
		t.Fatalf("again: exit code %d\n%s%s", code, out, errw)
	}
	if eventsOf(t, reg).Hash() != first.Hash() || !slices.Equal(before, files()) {
		t.Error("the same release again is not the same")
	}
}
