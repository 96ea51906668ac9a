package export

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"tuban/pipeline"
	"tuban/raster/ellipsoid"
)

// partPrefix begins the name of a county's folder while it is being written.
const partPrefix = ".part-"

// writeFolders writes the counties' folders of the batch one after the other.
func (e *Export) writeFolders(ctx context.Context, m *Manifest) error {
	var dirs []string
	packages := map[string][]Package{}
	for _, p := range e.plan.Packages {
		if packages[p.folder()] == nil {
			dirs = append(dirs, p.folder())
		}
		packages[p.folder()] = append(packages[p.folder()], p)
	}
	for i, dir := range dirs {
		f, err := e.writeFolder(ctx, dir, packages[dir])
		if err != nil {
			return err
		}
		m.Folders = append(m.Folders, *f)
		if e.o.Progress != nil {
			e.o.Progress(i+1, len(dirs))
		}
	}
	return nil
}

// writeFolder makes the folder dir below the delivery, which appears whole or not at all.
func (e *Export) writeFolder(ctx context.Context, dir string, packages []Package) (f *Folder, err error) {
	final := filepath.Join(e.o.To, dir)
	there, whole, err := readFolder(final)
	if err != nil {
		return nil, err
	}
	if there != nil && !e.o.Force {
		if whole && there.Key == e.key {
			return there, nil
		}
		return nil, badInput("%s is there, and is not what this export would leave in it: somebody may have worked in it. Choose another --batch or --to, or replace it with --force", final)
	}
	part, err := os.MkdirTemp(e.o.To, partPrefix)
	if err != nil {
		return nil, pipeline.NewInputError(err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(part)) }()
	if err := os.Chmod(part, 0o755); err != nil { // others open what is delivered
		return nil, err
	}
	f = &Folder{Key: e.key, Clue: title, Dir: dir, Packages: packages}
	for _, p := range packages {
		inside := filepath.Join(part, strings.TrimPrefix(p.Dir, dir))
		if err := os.MkdirAll(inside, 0o755); err != nil {
			return nil, err
		}
		notes, err := e.writeFiles(ctx, p, filepath.Join(inside, p.Stem))
		if err != nil {
			return nil, elsewhere{err, part, final}
		}
		f.Notes = append(f.Notes, notes...)
		if err := writeText(filepath.Join(inside, "说明.txt"), e.explain(p, notes)); err != nil {
			return nil, err
		}
	}
	if f.Outputs, err = describe(part, ""); err != nil {
		return nil, err
	}
	if err := writeJSON(filepath.Join(part, folderManifest), f); err != nil {
		return nil, err
	}
	return f, move(part, final)
}

// elsewhere is an error about a file that would have been moved: it speaks of the place that people know.
type elsewhere struct {
	err      error
	from, to string
}

func (e elsewhere) Error() string { return strings.ReplaceAll(e.err.Error(), e.from, e.to) }
func (e elsewhere) Unwrap() error { return e.err }

// move puts the folder from in the place of to.
func move(from, to string) error {
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	if err := os.RemoveAll(to); err != nil {
		return err
	}
	return os.Rename(from, to)
}

// lines are what people must know of a package: what it is, and how to read it.
func (j *job) lines(p Package) [][2]string {
	out := [][2]string{{"性质", title}, {"批次", j.plan.Batch}}
	if p.XZQDM+p.XMC != "" {
		out = append(out, [2]string{"县", strings.TrimSpace(p.XZQDM + " " + p.XMC)})
	}
	if p.Part != "" {
		out = append(out, [2]string{"内容", p.Part})
	}
	out = append(out,
		[2]string{"数量", j.summary(p)},
		[2]string{"面积", "椭球面积（CGCS2000），单位平方米；1 亩 = 10000/15 平方米。图斑面积 = 耕地 + 其他农用地 + 未利用地 + 建设用地 + 无图斑或编码未知；永久基本农田、生态保护红线等为叠加面积，不在此和之内"},
		[2]string{"坐标系", j.src.crs + "（东、北顺序；GeoJSON、KML 为经纬度）"})
	if j.src.Key != "" {
		out = append(out, [2]string{"成果编号", j.src.Key})
	}
	if !j.src.Complete {
		out = append(out, [2]string{"注意", "成果不完整：部分影像未能读取，没有图斑不等于没有变化"})
	}
	if j.plan.Suppressed > 0 {
		out = append(out, [2]string{"未列入", fmt.Sprintf("本批另有 %d 个图斑因返回的核查类别不对外列出而未列入", j.plan.Suppressed)})
	}
	if j.plan.Superseded > 0 {
		out = append(out, [2]string{"已替代", fmt.Sprintf("本批另有 %d 个图斑的监测编号已被新编号替代而未列入", j.plan.Superseded)})
	}
	if s := j.unrelated(p); s != "" {
		out = append(out, [2]string{"明细", s})
	}
	return out
}

// explain is the text beside a package's files.
func (j *job) explain(p Package, notes []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\r\n\r\n", j.heading(p))
	for _, l := range j.lines(p) {
		fmt.Fprintf(&b, "%s：%s\r\n", l[0], l[1])
	}
	if j.o.Has(Shapefile) {
		fmt.Fprintf(&b, "编码：Shapefile 为 %s（见 .cpg）\r\n", j.o.Encoding)
	}
	for _, n := range notes {
		fmt.Fprintf(&b, "注意：%s\r\n", n)
	}
	return b.String()
}

// cutNotes says which texts a Shapefile could not hold.
func (j *job) cutNotes(p Package) []string {
	cut := j.cut(p)
	var out []string
	for _, c := range j.cols {
		if n := cut[c.Name]; n > 0 {
			out = append(out, fmt.Sprintf("%s.shp 中字段 %s 有 %d 行超过 %d 字节被截断，完整内容见其他格式", p.Stem, c.Name, n, maxDBFText))
		}
	}
	return out
}

// writeIndex writes the list of all packages (清单) as a table that Excel opens: UTF-8 with a byte order mark.
func (e *Export) writeIndex(m *Manifest) error {
	var b bytes.Buffer
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	rows := [][]string{{"行政区代码", "县名称", "内容", "图斑数", "面积（平方米）", "面积（亩）", "文件夹", "性质"}}
	for _, f := range m.Folders {
		for _, p := range f.Packages {
			content := p.Part
			if content == "" {
				content = "图斑"
			}
			rows = append(rows, []string{p.XZQDM, p.XMC, content, fmt.Sprint(p.Count), fmt.Sprintf("%.2f", p.AreaM2), fmt.Sprintf("%.2f", ellipsoid.Mu(p.AreaM2)), filepath.ToSlash(p.Dir), title})
		}
	}
	slices.SortStableFunc(rows[1:], func(a, b []string) int { return strings.Compare(a[0], b[0]) })
	if err := w.WriteAll(rows); err != nil {
		return err
	}
	return writeText(filepath.Join(e.o.To, "清单-"+m.Batch+".csv"), b.String())
}

func writeText(path, text string) error {
	return pipeline.ReplaceFile(path, func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	})
}
