package stac

import (
	"math"
	"slices"
	"strings"
)

// Mask is a raster that says where cloud hides the ground, and by which values.
type Mask struct {
	Asset         Asset
	Cloud, Shadow []int
}

func (a Asset) mask() bool { return a.has("cloud") || a.has("cloud-shadow") || a.has("data-mask") }

// Cloud is the item's only mask (role cloud, cloud-shadow or data-mask) whose classes name the values of cloud
// (classification:classes). Without such names there is none: a mask may as well hold a probability, or mark with 1 what is
// clear, and taking it by its role alone would hide the wrong pixels.
func (it Item) Cloud() (Mask, bool) {
	var found []Mask
	for _, a := range it.Assets {
		if !a.mask() {
			continue
		}
		m := Mask{Asset: a}
		for _, c := range a.classes {
			if c.Value != math.Trunc(c.Value) || math.Abs(c.Value) > 1<<31 {
				continue
			}
			cloud, shadow := meaning(c.Name)
			if cloud {
				m.Cloud = append(m.Cloud, int(c.Value))
			}
			if shadow {
				m.Shadow = append(m.Shadow, int(c.Value))
			}
		}
		if len(m.Cloud) > 0 {
			found = append(found, m)
		}
	}
	if len(found) != 1 {
		return Mask{}, false
	}
	return found[0], true
}

// meaning reads the name of a class by its words: "cloud_medium_probability" is cloud, "no cloud" is not, and a shadow that
// terrain casts hides nothing that clouds would.
func meaning(name string) (cloud, shadow bool) {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return r == '_' || r == '-' || r == ' ' || r == '/' })
	has := func(known ...string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(known, w) })
	}
	switch {
	case has("no", "not", "non", "free", "low", "unclassified", "terrain", "topographic", "cast"):
		return false, false
	case has("shadow", "shadows"):
		return false, true
	}
	return has("cloud", "clouds", "cloudy", "cirrus"), false
}
