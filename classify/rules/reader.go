package rules

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"tuban/classify/landclass"
)

// reader turns the raw file into a File, remembers where each value stands, and collects what cannot be read.
type reader struct {
	source   *source
	problems Problems
}

func (r *reader) file(raw rawFile) *File {
	f := &File{source: r.source, Indices: r.formulas("indices", raw.Indices), Pairs: r.formulas("pairs", raw.Pairs)}
	for _, name := range slices.Sorted(maps.Keys(raw.Limits)) {
		f.Limits = append(f.Limits, r.limit(name, raw.Limits[name]))
	}
	for _, name := range slices.Sorted(maps.Keys(raw.Models)) {
		f.Models = append(f.Models, r.model(name, raw.Models[name]))
	}
	if v := r.number("operating_point", raw.OperatingPoint); v != nil {
		f.OperatingPoint = *v
	}
	for i, k := range raw.Kinds {
		f.Kinds = append(f.Kinds, r.kind(fmt.Sprintf("kinds[%d]", i), k))
	}
	for i, c := range raw.Categories {
		path := fmt.Sprintf("categories[%d]", i)
		r.place(path, c.Code, c.Name.ZH, c.Name.EN, c.Where)
		code := r.text(path+".code", c.Code)
		f.Categories = append(f.Categories, Category{
			Code:  code,
			Name:  r.name(path+".name", c.Name, code),
			Kinds: r.list(path+".kinds", c.Kinds),
			Where: r.text(path+".where", c.Where),
		})
	}
	return f
}

// yes reads true or false; left out is false.
func (r *reader) yes(path string, s scalar) bool {
	switch text := strings.ToLower(r.text(path, s)); text {
	case "true":
		return true
	case "false", "":
	default:
		r.add(path, fmt.Sprintf("%q is neither true nor false", text))
	}
	return false
}

func (r *reader) kind(path string, raw rawKind) Kind {
	r.place(path, raw.Code, raw.Name.ZH, raw.Name.EN, raw.Type, raw.When, raw.Clean, raw.Bridge, raw.MinArea, raw.MinPixels)
	code := r.text(path+".code", raw.Code)
	k := Kind{
		Code:     code,
		Name:     r.name(path+".name", raw.Name, code),
		Type:     strings.ToUpper(r.text(path+".type", raw.Type)),
		Eligible: r.list(path+".eligible", raw.Eligible),
		When:     r.text(path+".when", raw.When),
		Clean:    r.text(path+".clean", raw.Clean),
		Evidence: r.list(path+".evidence", raw.Evidence),
		Strength: r.text(path+".strength", raw.Strength),
		Off:      r.words(path+".off", raw.Off),

		Unnormalised: r.yes(path+".unnormalised", raw.Anyhow),
	}
	if raw.RGB != nil {
		r.place(path+".rgb", raw.RGB.When)
		k.RGB = &Colour{
			When:     r.text(path+".rgb.when", raw.RGB.When),
			Evidence: r.list(path+".rgb.evidence", raw.RGB.Evidence),
			Strength: r.text(path+".rgb.strength", raw.RGB.Strength),

			Unnormalised: r.yes(path+".rgb.unnormalised", raw.RGB.Anyhow),
		}
	}
	var err error
	if s := r.text(path+".bridge", raw.Bridge); s != "" {
		if k.Bridge, err = length(s); err != nil {
			r.add(path+".bridge", err.Error())
		}
	}
	minArea, minPixels := r.text(path+".min_area", raw.MinArea), r.text(path+".min_pixels", raw.MinPixels)
	switch {
	case minArea != "" && minPixels != "":
		r.add(path+".min_pixels", "min_area and min_pixels exclude each other: remove one")
	case minPixels != "":
		if k.MinPixels, err = count(minPixels); err != nil {
			r.add(path+".min_pixels", err.Error())
		}
	case minArea != "":
		if k.MinArea, err = area(minArea); err != nil {
			r.add(path+".min_area", err.Error())
		}
	default:
		k.MinArea, _ = landclass.MinArea(k.Type)
	}
	return k
}

func (r *reader) name(path string, raw rawName, code string) Name {
	n := Name{ZH: r.text(path+".zh", raw.ZH), EN: r.text(path+".en", raw.EN)}
	if n.ZH == "" {
		n.ZH = n.EN
	}
	if n.ZH == "" {
		n.ZH = code
	}
	if n.EN == "" {
		n.EN = n.ZH
	}
	return n
}

func (r *reader) formulas(path string, raw map[string]scalar) map[string]string {
	if len(raw) == 0 {
		return nil
	}
	out := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(raw)) {
		out[name] = r.text(path+"."+name, raw[name])
	}
	return out
}

func (r *reader) list(path string, raw []scalar) []string {
	var out []string
	for i, s := range raw {
		at := fmt.Sprintf("%s[%d]", path, i)
		text := r.text(at, s)
		if text == "" && s.wrong == "" {
			r.add(at, "this entry is empty: remove it")
		}
		out = append(out, text)
	}
	return out
}

// text is the trimmed text of a value; a mapping or a list in its place is a problem.
func (r *reader) text(path string, s scalar) string {
	if s.set {
		r.source.at[path] = s.at
	}
	if s.wrong != "" {
		r.add(path, "one value is wanted here, not "+s.wrong)
	}
	return strings.TrimSpace(s.text)
}

// number is a value as a number, nil when there is none or it is wrong.
func (r *reader) number(path string, s scalar) *float64 {
	text := r.text(path, s)
	if text == "" {
		return nil
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || !(math.Abs(v) <= math.MaxFloat32) {
		r.add(path, fmt.Sprintf("%q is not a number", text))
		return nil
	}
	return &v
}

// place remembers where the mapping at path begins: at the first of its values.
func (r *reader) place(path string, values ...scalar) {
	for _, v := range values {
		at, ok := r.source.at[path]
		if v.set && (!ok || v.at.line < at.line || v.at.line == at.line && v.at.column < at.column) {
			r.source.at[path] = v.at
		}
	}
}

func (r *reader) add(path, message string) {
	r.problems = append(r.problems, r.source.problem(path, message))
}
