package assess

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"tuban/raster/spell"
)

// rasterName reports whether a file is named like a raster: then it is not read as a layer, and what is wrong with it as a raster
// counts.
func rasterName(path string) bool {
	return slices.Contains([]string{".tif", ".tiff", ".img", ".vrt", ".jp2", ".png", ".jpg"}, strings.ToLower(filepath.Ext(path)))
}

// asOption words an error about a layer, which names the key of a run file, for the command line.
func asOption(err error, option string) error {
	if err == nil {
		return nil
	}
	text := strings.NewReplacer("with layer:", "with "+option+":", "with `layer:`", "with "+option).Replace(err.Error())
	return fmt.Errorf("%s", text)
}

// nameless remarks on names in the options that name nothing, and on types that no kind is named after.
func (p *product) nameless(shapes []shape, o Options) (remarks []string) {
	var types, kinds, lands []string
	for _, s := range shapes {
		if s.kind != "" && !slices.Contains(types, s.kind) {
			types = append(types, s.kind)
		}
	}
	slices.Sort(types)
	for _, k := range p.kinds {
		kinds, lands = append(kinds, k.Code), append(lands, k.Type)
	}
	for _, t := range o.Types {
		if !slices.Contains(types, t) {
			remarks = append(remarks, fmt.Sprintf("--types %s: no object of the reference is of that type%s", t, spell.Hint(t, types)))
		}
	}
	for _, t := range slices.Sorted(maps.Keys(o.Same)) {
		if k := o.Same[t]; !slices.Contains(kinds, k) {
			remarks = append(remarks, fmt.Sprintf("--same %s=%s: the product has no kind %s%s", t, k, k, spell.Hint(k, kinds)))
		}
	}
	for _, t := range types {
		if _, ok := o.Same[t]; !ok && !slices.Contains(kinds, t) && !slices.Contains(lands, t) && (len(o.Types) == 0 || slices.Contains(o.Types, t)) {
			remarks = append(remarks, fmt.Sprintf("no kind or type of land is called %s, so that no %s is found as what it is: say which kind it should be, --same %s=KIND (%s)", t, t, t, strings.Join(kinds, ", ")))
		}
	}
	return remarks
}
