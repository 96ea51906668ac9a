package export

import (
	"cmp"
	_ "embed"
	"path/filepath"
	"slices"
	"strings"

	"tuban/pipeline"
	"tuban/pipeline/product"
	"tuban/pipeline/withheld"
)

// noCounty is the folder of patches whose county is not known.
const noCounty = "无行政区代码"

//go:embed parts.csv
var partsText string

// part is what goes into a package of its own within a county: patches of a category.
type part struct{ category, code, name string }

var parts = parseParts()

func parseParts() []part {
	var out []part
	for _, r := range embedded("parts.csv", partsText, 3) {
		out = append(out, part{r[0], r[1], r[2]})
	}
	return out
}

// Plan says which patches go where.
type Plan struct {
	Batch    string    `json:"batch"`
	Packages []Package `json:"packages"`
	// Suppressed counts patches that are left out because of the category that they were returned under, Superseded those
	// whose number another has taken the place of.
	Suppressed int `json:"suppressed"`
	Superseded int `json:"superseded"`
}

// Package is the patches that leave in one set of files.
type Package struct {
	// XZQDM and XMC are the county's, "" where it is not known or the export is not divided.
	XZQDM string `json:"XZQDM,omitempty"`
	XMC   string `json:"XMC,omitempty"`
	// Part is the Chinese name of a package of its own within the county, "" for the others' package.
	Part string `json:"part,omitempty"`
	// Dir is below the delivery; Stem is what its files begin with.
	Dir    string  `json:"dir"`
	Stem   string  `json:"stem"`
	Count  int     `json:"count"`
	AreaM2 float64 `json:"area_m2"`
	// rows are positions in the source, those to look at first before others.
	rows []int
}

// newPlan divides the rows that omit gives no reason to leave out. A patch goes whole to the county that it says (XZQDM), which is that of
// its largest part.
func newPlan(rows []product.Row, o Options, omit func(product.Row) withheld.Reason) (*Plan, error) {
	p := &Plan{Batch: o.Batch}
	type place struct{ county, part string }
	packages := map[place]*Package{}
	names := map[string]map[string]int{}
	for i, r := range rows {
		p.Batch = cmp.Or(o.Batch, max(p.Batch, r.Text("HSX")))
		switch omit(r) {
		case withheld.Suppressed:
			p.Suppressed++
			continue
		case withheld.Superseded:
			p.Superseded++
			continue
		}
		at := place{county: r.Text("XZQDM")}
		if o.By == ByNone {
			at.county = ""
		}
		if k := slices.IndexFunc(parts, func(s part) bool { return s.category == r.Text("category") }); k >= 0 {
			at.part = parts[k].code
		}
		pack := packages[at]
		if pack == nil {
			pack = &Package{XZQDM: at.county}
			packages[at] = pack
		}
		area, _ := r.Number("JCMJ")
		pack.rows = append(pack.rows, i)
		pack.Count, pack.AreaM2 = pack.Count+1, pipeline.Cents(pack.AreaM2+area)
		if names[at.county] == nil {
			names[at.county] = map[string]int{}
		}
		names[at.county][r.Text("XMC")]++
	}
	if p.Batch == "" {
		return nil, badInput("no patch has a day of its after image (HSX) to name the batch by: give a name with --batch")
	}
	if err := checkBatch(p.Batch); err != nil {
		return nil, pipeline.NewInputError(err)
	}
	for at, pack := range packages {
		if o.By == ByCounty {
			pack.XMC = mostFrequent(names[at.county])
		}
		pack.place(p.Batch, o.By, at.part)
		slices.SortStableFunc(pack.rows, func(a, b int) int { return product.ByPriority(rows[a], rows[b]) })
		p.Packages = append(p.Packages, *pack)
	}
	slices.SortFunc(p.Packages, func(a, b Package) int { return cmp.Compare(a.Dir, b.Dir) })
	return p, nil
}

// place names the folder and the files of the package. Files have plain names: not every program opens others.
func (p *Package) place(batch, by, code string) {
	p.Stem = batch
	p.Dir = batch
	if by == ByCounty {
		p.Stem = cmp.Or(p.XZQDM, "none") + "-" + batch
		p.Dir = filepath.Join(cmp.Or(folderName(p.XZQDM+p.XMC), noCounty), batch)
	}
	for _, s := range parts {
		if s.code == code {
			p.Part, p.Stem, p.Dir = s.name, p.Stem+"-"+code, filepath.Join(p.Dir, s.name)
		}
	}
}

// folderName is s without what a folder's name cannot have: names come from data.
func folderName(s string) string {
	return strings.TrimLeft(strings.Map(func(r rune) rune {
		if checkBatch("a"+string(r)+"a") != nil {
			return -1
		}
		return r
	}, strings.TrimSpace(s)), ".")
}

// mostFrequent is the name that occurs most, the first of the alphabet among equals.
func mostFrequent(names map[string]int) string {
	best := ""
	for name, n := range names {
		if name != "" && (best == "" || n > names[best] || n == names[best] && name < best) {
			best = name
		}
	}
	return best
}

// folder is the part of a package's folder that is written and replaced at once: the county's of the batch.
func (p Package) folder() string {
	if p.Part != "" {
		return filepath.Dir(p.Dir)
	}
	return p.Dir
}
