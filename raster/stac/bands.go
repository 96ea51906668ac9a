package stac

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"tuban/raster"
)

// Band is one band of an asset as the item describes it.
type Band struct {
	// Index is its number in the file, from 1.
	Index int
	Name  string
	// Role is "" for a band that no rule speaks of.
	Role raster.Role
	// value = number·Scale + Offset; 1 and 0 where the item says nothing.
	Scale, Offset float64
	NoData        *float64
}

// roles is what the common names of STAC mean here. Missing are cirrus and thermal infrared (no rule uses them),
// green05 (yellowish green, beside green), and nir09: on some sensors it is the second near infrared, on Sentinel-2 it is
// the band of water vapour. The red edges and nir08 depend on the asset's other bands: see assign.
var roles = map[string]raster.Role{
	"coastal": raster.Coastal, "blue": raster.Blue, "green": raster.Green, "yellow": raster.Yellow, "red": raster.Red, "nir": raster.NIR,
	"swir16": raster.SWIR1, "swir22": raster.SWIR2, "pan": raster.Pan,
}

func newAsset(n named) Asset {
	a := Asset{Key: n.key, Href: n.Href, Type: n.Type, Roles: n.Roles, classes: n.Classes}
	described := n.Bands
	if len(described) == 0 {
		eo, values := n.EOBands, n.RasterBands
		if len(eo) > 0 && len(values) > 0 && len(eo) != len(values) {
			a.wrong = fmt.Errorf("asset %q has %d eo:bands and %d raster:bands, so that it is not clear which belong together", n.key, len(eo), len(values))
			values = nil
		}
		described = make(bands, max(len(eo), len(values)))
		for i := range described {
			if i < len(values) {
				described[i] = values[i]
			}
			if i < len(eo) {
				described[i].Name, described[i].CommonName = cmp.Or(eo[i].Name, described[i].Name), eo[i].CommonName
			}
		}
	}
	var common []string
	for i, b := range described {
		a.Bands = append(a.Bands, Band{
			Index: i + 1, Name: b.Name, NoData: value(b.NoData, n.NoData),
			Scale:  first(1, b.RasterScale, b.Scale, n.RasterScale, n.Scale),
			Offset: first(0, b.RasterOffset, b.Offset, n.RasterOffset, n.Offset),
		})
		common = append(common, strings.ToLower(cmp.Or(b.EOCommonName, b.CommonName)))
		if len(a.classes) == 0 && len(described) == 1 {
			a.classes = b.Classes
		}
	}
	a.assign(common)
	return a
}

// assign gives the bands their roles. Of several red edges the first one counts, at 705 nm: the others see leaves like near
// infrared. nir08 is the narrow near infrared beside nir on Sentinel-2, but the only one on Landsat: it counts where there is
// no nir.
func (a *Asset) assign(common []string) {
	taken := map[raster.Role]int{}
	give := func(i int, r raster.Role) {
		a.spectral++
		if other := taken[r]; other == 0 {
			taken[r], a.Bands[i].Role = i+1, r
		} else if a.wrong == nil {
			a.wrong = fmt.Errorf("bands %d and %d of asset %q are both %s", other, i+1, a.Key, r)
		}
	}
	for i, name := range common {
		if r := roles[name]; r != "" {
			give(i, r)
		}
	}
	for _, group := range []struct {
		role  raster.Role
		names []string
	}{{raster.RedEdge, []string{"rededge071", "rededge", "rededge075", "rededge078"}}, {raster.NIR, []string{"nir08"}}} {
		for _, wanted := range group.names {
			if i := slices.Index(common, wanted); i >= 0 && taken[group.role] == 0 {
				give(i, group.role)
			}
		}
	}
}

// ByRole is the number of each role's band, as a run file declares them; empty when the item does not say. The error says
// why what it says cannot be relied on.
func (a Asset) ByRole() (map[raster.Role]int, error) {
	out := map[raster.Role]int{}
	for _, b := range a.Bands {
		if b.Role != "" {
			out[b.Role] = b.Index
		}
	}
	return out, a.wrong
}

func first(otherwise float64, given ...*float64) float64 {
	return *cmp.Or(append(given, &otherwise)...)
}

func value(given ...*noData) *float64 {
	n := cmp.Or(given...)
	if n == nil {
		return nil
	}
	v := float64(*n)
	return &v
}
