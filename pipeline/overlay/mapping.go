package overlay

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"tuban/raster/spell"
	"tuban/raster/vector"
)

// FieldOf returns a layer's own name of a field, "" for none: the same spelling, else another case, else the field whose
// alias it is.
func FieldOf(info vector.LayerInfo, field string) (name string, alias bool) {
	if slices.Contains(info.Fields, field) {
		return field, false
	}
	for _, f := range info.Fields {
		if strings.EqualFold(f, field) {
			return f, false
		}
	}
	if i := slices.Index(info.Aliases, field); i >= 0 && i < len(info.Fields) {
		return info.Fields[i], true
	}
	return "", false
}

// Mapping is which field of a layer plays which role, by the layer's own names.
type Mapping map[Role]string

// Map finds the fields of a layer for the roles of its kind. What is declared must be there; for the rest the first
// candidate that the layer has is taken, and a field serves as many roles as name it.
func (k Kind) Map(info vector.LayerInfo, declared map[string]string) (Mapping, error) {
	m := Mapping{}
	for _, role := range slices.Sorted(maps.Keys(declared)) {
		field, _ := FieldOf(info, declared[role])
		if field == "" {
			return nil, fmt.Errorf("layer %s has no field %s for the role %s%s: it has %s", info.Name, declared[role], role,
				spell.Hint(declared[role], info.Fields), strings.Join(info.Fields, ", "))
		}
		m[Role(role)] = field
	}
	for role, candidates := range k.Fields {
		if _, done := m[role]; done {
			continue
		}
		for _, c := range candidates {
			if field, _ := FieldOf(info, c); field != "" {
				m[role] = field
				break
			}
		}
	}
	if k.Use == ForUnits && m[Code] == "" {
		return nil, fmt.Errorf("layer %s has none of the fields %s for the code of a %s: map it, as in `fields: {code: FIELD}`; it has %s",
			info.Name, strings.Join(k.Fields[Code], ", "), k.EN, strings.Join(info.Fields, ", "))
	}
	return m, nil
}

// String lists the mapping, as in "id=HXBM name=HXMC".
func (m Mapping) String() string {
	var out []string
	for _, r := range Roles {
		if m[r] != "" {
			out = append(out, string(r)+"="+m[r])
		}
	}
	return strings.Join(out, " ")
}

// columns are the layer's fields in the order of Roles, "" for one that it lacks.
func (m Mapping) columns() []string {
	out := make([]string, len(Roles))
	for i, r := range Roles {
		out[i] = m[r]
	}
	return out
}
