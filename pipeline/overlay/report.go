package overlay

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/paulmach/orb"

	"tuban/classify/day"
)

// Report says what reading a file of a layer met; counts are of features.
type Report struct {
	Kind    string  `json:"kind"`
	Name    string  `json:"name"`
	Type    string  `json:"type,omitempty"`
	Source  string  `json:"source"`
	Layer   string  `json:"layer"`
	Version string  `json:"version,omitempty"`
	Fields  Mapping `json:"fields"`
	// Features were read, and Used; the others are Filtered by a condition, Outside of the run's grid, Empty of geometry, or
	// Lost: without any area after repair.
	Features int `json:"features"`
	Used     int `json:"used"`
	Filtered int `json:"filtered,omitempty"`
	Outside  int `json:"outside,omitempty"`
	Empty    int `json:"empty,omitempty"`
	Lost     int `json:"lost,omitempty"`
	// Repaired counts geometries by what was wrong with them.
	Repaired map[string]int64 `json:"repaired,omitempty"`
	// AreaUnit is the unit in which the layer's own areas seem to be, "" when they are in none; AreaRatio is their median
	// ratio to those of the geometries in m², 0 without a field of areas. Areas in the product are those of the geometries.
	AreaUnit  string  `json:"area_unit,omitempty"`
	AreaRatio float64 `json:"area_ratio,omitempty"`
	// Undated counts days that cannot be read, by role; Untyped features of a type that the catalogue does not know, by what
	// the layer writes; Uncoded units without a code of their kind's length.
	Undated map[Role]int   `json:"undated,omitempty"`
	Untyped map[string]int `json:"untyped,omitempty"`
	Uncoded int            `json:"uncoded,omitempty"`
}

// ratioSamples features of a file, evenly spread, tell the unit of its areas.
const ratioSamples = 500

// Reports says of each file what staging met and what its fields hold. area measures a geometry in m².
func (s *Store) Reports(area func(orb.MultiPolygon) (float64, error)) ([]Report, error) {
	out := make([]Report, len(s.Group.Layers))
	ratios := make([][]float64, len(out))
	for i, f := range s.staged.Files() {
		l, st := s.Group.Layers[i], f.Stats
		out[i] = Report{
			Kind: s.Group.Kind.Code, Name: s.Group.Kind.ZH, Type: l.Type.Code, Source: l.Spec.Source, Layer: l.Spec.Layer, Version: l.Version,
			Fields: l.Mapping, Features: int(st.Features), Used: f.Parcels, Filtered: int(st.Filtered), Outside: int(st.Outside),
			Empty: int(st.Empty), Lost: int(st.Lost), Repaired: st.Repaired,
			Undated: map[Role]int{}, Untyped: map[string]int{},
		}
	}
	for i := int32(1); i <= int32(s.Len()); i++ {
		f, err := s.read(i)
		if err != nil {
			return nil, err
		}
		r := &out[f.Layer]
		s.look(f, r)
		declared, err := strconv.ParseFloat(f.Value(Area), 64)
		if step := max(1, r.Used/ratioSamples); err != nil || declared <= 0 || int(i)%step != 0 {
			continue
		}
		m2, err := area(f.Geom)
		if err != nil {
			return nil, err
		}
		if m2 > 0 {
			ratios[f.Layer] = append(ratios[f.Layer], declared/m2)
		}
	}
	for i := range out {
		out[i].AreaUnit, out[i].AreaRatio = AreaUnit(ratios[i])
	}
	return out, nil
}

// look counts what of a feature's fields cannot be used.
func (s *Store) look(f *Feature, r *Report) {
	for _, role := range []Role{Since, Until, Date, Expires} {
		if _, err := day.Parse(f.Value(role)); err != nil {
			r.Undated[role]++
		}
	}
	kind := s.Group.Kind
	if len(kind.Types) > 0 && f.Type.Code == "" {
		r.Untyped[f.Value(Class)]++
	}
	if kind.Use == ForUnits && f.UnitCode(kind.Digits) == "" {
		r.Uncoded++
	}
}

// Warnings says what a user should know of the file.
func (r Report) Warnings() []string {
	var out []string
	warn := func(format string, args ...any) {
		out = append(out, fmt.Sprintf("layers: %s: %s: %s", r.Kind, r.Source, fmt.Sprintf(format, args...)))
	}
	for _, reason := range slices.Sorted(maps.Keys(r.Repaired)) {
		warn("%d features had to be repaired: %s", r.Repaired[reason], reason)
	}
	for _, c := range []struct {
		n    int
		text string
	}{
		{r.Lost, "%d features had no area left after repair"}, {r.Empty, "%d features have no polygon"},
		{r.Filtered, "%d features are left out by the condition of `where:`"},
		{r.Uncoded, "%d units have no code of the right length: land in them counts as in no such unit"},
	} {
		if c.n > 0 {
			warn(c.text, c.n)
		}
	}
	if r.Used == 0 {
		warn("none of its %d features touches the run's area", r.Features)
	}
	for _, role := range slices.Sorted(maps.Keys(r.Undated)) {
		warn("%d days of the field %s cannot be read: they count as not given", r.Undated[role], r.Fields[role])
	}
	for _, text := range slices.SortedFunc(maps.Keys(r.Untyped), cmp.Compare[string]) {
		warn("%d features are of a type that is not known: %q; declare `type:`, or map the field that tells it with `fields: {class: FIELD}`", r.Untyped[text], text)
	}
	switch {
	case r.AreaRatio > 0 && r.AreaUnit == "":
		warn("the areas in %s are %.3g times those of the geometries, in no unit that is known: the geometries count", r.Fields[Area], r.AreaRatio)
	case r.AreaRatio > 0 && r.AreaUnit != SquareMetres:
		warn("the areas in %s are in %s: the geometries count, in m²", r.Fields[Area], r.AreaUnit)
	}
	return out
}
