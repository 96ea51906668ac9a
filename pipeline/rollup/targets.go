package rollup

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"tuban/classify/landclass"
	"tuban/classify/ruletext"
	"tuban/raster/spell"
)

// Targets is what a user configures of the balance: what units have and have to keep.
type Targets struct {
	// Version names the file, such as the year.
	Version string
	// Reduces are the groups of 图斑类型 that take cropland away.
	Reduces []string
	Units   []Target
}

// Target is what one unit has and has to keep; nil where nothing is said.
type Target struct {
	Unit
	Cropland, Farmland *Goal
}

// Goal is an area at the beginning, and the area to keep (耕地保有量, 永久基本农田保护面积).
type Goal struct {
	Base   Area `json:"base_m2"`
	Target Area `json:"target_m2"`
}

// reduces are the groups that take cropland away where a file does not say. Trees and bare soil on cropland are left to people.
// [unverified]
var reduces = []string{"construction", "transport", "disturbance", "water", "sea"}

type (
	rawTargets struct {
		Version ruletext.Scalar   `yaml:"version"`
		Reduces []ruletext.Scalar `yaml:"reduces"`
		Units   []rawTarget       `yaml:"units"`
	}
	rawTarget struct {
		Code     ruletext.Scalar `yaml:"code"`
		Name     ruletext.Scalar `yaml:"name"`
		Cropland *rawGoal        `yaml:"cropland"`
		Farmland *rawGoal        `yaml:"basic_farmland"`
	}
	rawGoal struct {
		Base   ruletext.Scalar `yaml:"base"`
		Target ruletext.Scalar `yaml:"target"`
	}
)

// Limits of a file of targets.
const (
	maxTargetBytes = 4 << 20
	maxTargetArea  = 1e13 // m²: more than the country has
)

var targetForm = ruletext.Form{What: "a file of targets", MaxBytes: maxTargetBytes, Keys: []string{"version", "reduces", "units", "code", "name", "cropland", "basic_farmland", "base", "target"}}

// ParseTargets reads a file of targets. name is what messages call it. The error is of type ruletext.Problems.
func ParseTargets(name string, text []byte) (*Targets, error) {
	src := ruletext.NewSource(name, text)
	raw, problem := ruletext.Decode[rawTargets](src, text, targetForm)
	if problem != nil {
		return nil, ruletext.Problems{*problem}
	}
	r := &ruletext.Reader{Source: src}
	t := &Targets{Version: r.Text("version", raw.Version), Reduces: r.List("reduces", raw.Reduces)}
	if len(raw.Reduces) == 0 {
		t.Reduces = slices.Clone(reduces)
	}
	groups := landclass.AfterGroups()
	for i, g := range t.Reduces {
		if !slices.Contains(groups, g) {
			r.Add(fmt.Sprintf("reduces[%d]", i), fmt.Sprintf("there is no group %q%s: the groups of 图斑类型 are %s", g, spell.Hint(g, groups), strings.Join(groups, ", ")))
		}
	}
	seen := map[string]bool{}
	for i, u := range raw.Units {
		path := fmt.Sprintf("units[%d]", i)
		r.Place(path, u.Code, u.Name)
		x := Target{Unit: Unit{r.Text(path+".code", u.Code), r.Text(path+".name", u.Name)}}
		switch {
		case !slices.Contains([]int{2, 4, 6, 9, 12}, len(x.Code)) || strings.Trim(x.Code, "0123456789") != "":
			r.Add(path+".code", fmt.Sprintf("%q is no code of a unit: it has 2 (province), 4 (city), 6 (county), 9 (town) or 12 (village) digits", x.Code))
		case seen[x.Code]:
			r.Add(path+".code", fmt.Sprintf("the unit %s stands twice: remove one", x.Code))
		}
		seen[x.Code] = true
		x.Cropland, x.Farmland = goal(r, path+".cropland", u.Cropland), goal(r, path+".basic_farmland", u.Farmland)
		t.Units = append(t.Units, x)
	}
	if len(raw.Units) == 0 {
		r.Add("units", `there is no unit: give some, such as units: [{code: "220122", cropland: {base: 371200 ha, target: 365000 ha}}]`)
	}
	slices.SortStableFunc(r.Problems, func(a, b ruletext.Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return t, r.Problems.Err()
}

func goal(r *ruletext.Reader, path string, raw *rawGoal) *Goal {
	if raw == nil {
		return nil
	}
	r.Place(path, raw.Base, raw.Target)
	read := func(key string, s ruletext.Scalar) Area {
		text := r.Text(path+"."+key, s)
		v, err := ruletext.Area(text, maxTargetArea)
		if err != nil {
			r.Add(path+"."+key, err.Error())
		}
		return NewArea(v)
	}
	return &Goal{read("base", raw.Base), read("target", raw.Target)}
}
