package rules

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"tuban/classify/landclass"
	"tuban/classify/ruletext"
)

// reader turns the raw file into a File.
type reader struct{ ruletext.Reader }

func (r *reader) file(raw rawFile) *File {
	f := &File{source: r.Source, Indices: r.formulas("indices", raw.Indices), Pairs: r.formulas("pairs", raw.Pairs)}
	for _, name := range slices.Sorted(maps.Keys(raw.Limits)) {
		f.Limits = append(f.Limits, r.limit(name, raw.Limits[name]))
	}
	for _, name := range slices.Sorted(maps.Keys(raw.Models)) {
		f.Models = append(f.Models, r.model(name, raw.Models[name]))
	}
	if v := r.Number("operating_point", raw.OperatingPoint); v != nil {
		f.OperatingPoint = *v
	}
	for i, k := range raw.Kinds {
		f.Kinds = append(f.Kinds, r.kind(fmt.Sprintf("kinds[%d]", i), k))
	}
	for i, c := range raw.Categories {
		path := fmt.Sprintf("categories[%d]", i)
		r.Place(path, c.Code, c.Name.ZH, c.Name.EN, c.Where)
		code := r.Text(path+".code", c.Code)
		f.Categories = append(f.Categories, Category{
			Code:  code,
			Name:  r.Name(path+".name", c.Name, code),
			Kinds: r.List(path+".kinds", c.Kinds),
			Where: r.Text(path+".where", c.Where),
		})
	}
	return f
}

func (r *reader) kind(path string, raw rawKind) Kind {
	r.Place(path, raw.Code, raw.Name.ZH, raw.Name.EN, raw.Type, raw.When, raw.Clean, raw.Bridge, raw.MinArea, raw.MinPixels)
	code := r.Text(path+".code", raw.Code)
	k := Kind{
		Code:     code,
		Name:     r.Name(path+".name", raw.Name, code),
		Type:     strings.ToUpper(r.Text(path+".type", raw.Type)),
		Eligible: r.List(path+".eligible", raw.Eligible),
		When:     r.Text(path+".when", raw.When),
		Clean:    r.Text(path+".clean", raw.Clean),
		Evidence: r.List(path+".evidence", raw.Evidence),
		Strength: r.Text(path+".strength", raw.Strength),
		Off:      r.Words(path+".off", raw.Off),

		Unnormalised: r.Yes(path+".unnormalised", raw.Anyhow),
	}
	if raw.RGB != nil {
		r.Place(path+".rgb", raw.RGB.When)
		k.RGB = &Colour{
			When:     r.Text(path+".rgb.when", raw.RGB.When),
			Evidence: r.List(path+".rgb.evidence", raw.RGB.Evidence),
			Strength: r.Text(path+".rgb.strength", raw.RGB.Strength),

			Unnormalised: r.Yes(path+".rgb.unnormalised", raw.RGB.Anyhow),
		}
	}
	var err error
	if s := r.Text(path+".bridge", raw.Bridge); s != "" {
		if k.Bridge, err = ruletext.Length(s, MaxBridge); err != nil {
			r.Add(path+".bridge", err.Error())
		}
	}
	minArea, minPixels := r.Text(path+".min_area", raw.MinArea), r.Text(path+".min_pixels", raw.MinPixels)
	switch {
	case minArea != "" && minPixels != "":
		r.Add(path+".min_pixels", "min_area and min_pixels exclude each other: remove one")
	case minPixels != "":
		if k.MinPixels, err = ruletext.Count(minPixels); err != nil {
			r.Add(path+".min_pixels", err.Error())
		}
	case minArea != "":
		if k.MinArea, err = ruletext.Area(minArea, MaxMinArea); err != nil {
			r.Add(path+".min_area", err.Error())
		}
	default:
		k.MinArea, _ = landclass.MinArea(k.Type)
	}
	return k
}

func (r *reader) formulas(path string, raw map[string]ruletext.Scalar) map[string]string {
	if len(raw) == 0 {
		return nil
	}
	out := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(raw)) {
		out[name] = r.Text(path+"."+name, raw[name])
	}
	return out
}
