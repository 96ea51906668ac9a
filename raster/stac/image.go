package stac

import (
	"fmt"
	"slices"
	"strings"

	"tuban/raster"
	"tuban/raster/spell"
)

// Image chooses the asset that holds the scene's bands: the one called key, or without a key the only image of three or
// more spectral bands, or the only image at all where the item describes no bands. Pictures to look at come last.
func (it Item) Image(key string) (Asset, error) {
	if key != "" {
		i := slices.IndexFunc(it.Assets, func(a Asset) bool { return a.Key == key })
		if i < 0 {
			return Asset{}, fmt.Errorf("item %s has no asset %q%s: its assets are %s", it.ID, key, spell.Hint(key, it.keys(nil)), strings.Join(it.keys(nil), ", "))
		}
		return it.Assets[i], nil
	}
	many := func(a Asset) bool { return a.image() && a.spectral >= 3 }
	var singles []Asset
	for _, a := range it.Assets {
		if a.image() && !a.picture() && len(a.Bands) == 1 && a.spectral == 1 {
			singles = append(singles, a)
		}
	}
	for _, choice := range []func(Asset) bool{
		func(a Asset) bool { return many(a) && !a.picture() },
		func(a Asset) bool { return a.image() && !a.picture() && a.undescribed() && len(singles) < 2 },
		func(a Asset) bool { return many(a) && a.has("visual") && len(singles) < 2 },
	} {
		switch found := it.keys(choice); len(found) {
		case 0:
		case 1:
			return it.Assets[slices.Index(it.keys(nil), found[0])], nil
		default:
			return Asset{}, fmt.Errorf("item %s has several images, %s: choose one, as in `asset: %s`", it.ID, strings.Join(found, ", "), found[0])
		}
	}
	if len(singles) > 1 {
		return Asset{}, it.apart(singles)
	}
	return Asset{}, fmt.Errorf("item %s has no image of three or more bands: name the asset that holds them, as in `asset: data`; its assets are %s", it.ID, strings.Join(it.keys(nil), ", "))
}

// apart refuses bands in files apart and says how to join them.
func (it Item) apart(singles []Asset) error {
	var files, bands []string
	seen := map[raster.Role]bool{} // the same band may be there in two formats
	for _, a := range singles {
		if role := a.Bands[0].Role; !seen[role] {
			seen[role] = true
			files = append(files, a.Href)
			bands = append(bands, fmt.Sprintf("%s: %d", role, len(files)))
		}
	}
	return fmt.Errorf("item %s has its bands in files apart: build one file per scene, as with `gdalbuildvrt -separate -resolution highest scene.vrt %s` and `gdal_translate scene.vrt scene.tif`, and give it as `uri: scene.tif` with `bands: {%s}`",
		it.ID, strings.Join(files, " "), strings.Join(bands, ", "))
}

// keys are those of the assets that are wanted, of all without wanted.
func (it Item) keys(wanted func(Asset) bool) []string {
	var out []string
	for _, a := range it.Assets {
		if wanted == nil || wanted(a) {
			out = append(out, a.Key)
		}
	}
	return out
}

func (a Asset) has(role string) bool { return slices.Contains(a.Roles, role) }

// image says whether the asset is a raster of data by its media type or, where that does not tell, its role; and no mask.
func (a Asset) image() bool {
	kind, _, _ := strings.Cut(strings.ToLower(a.Type), ";")
	switch strings.TrimSpace(kind) {
	case "image/tiff", "image/vnd.stac.geotiff", "image/jp2":
		return !a.mask()
	case "", "application/octet-stream", "application/x-erdas-hfa":
		return a.has("data") && !a.mask()
	}
	return false
}

// undescribed says that the item leaves open what the bands are.
func (a Asset) undescribed() bool {
	return a.spectral == 0 && (len(a.Bands) == 0 || len(a.Bands) >= 3)
}

// picture says that the asset is made to be looked at: its colours are stretched, and the scene's values are elsewhere.
func (a Asset) picture() bool {
	return !a.has("data") && (a.has("visual") || a.has("thumbnail") || a.has("overview"))
}
