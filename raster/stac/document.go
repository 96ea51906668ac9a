package stac

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strings"
)

// document is the JSON of an Item or of a collection of Items, as far as it is of use.
type document struct {
	feature
	Features *features `json:"features"`
	Matched  *int64    `json:"numberMatched"`
	Context  struct {
		Matched *int64 `json:"matched"`
	} `json:"context"`
	Links []link `json:"links"`
}

type link struct {
	Rel string `json:"rel"`
}

type feature struct {
	Type       string `json:"type"`
	Version    string `json:"stac_version"`
	ID         string `json:"id"`
	Properties struct {
		Datetime      *string  `json:"datetime"`
		Start         string   `json:"start_datetime"`
		End           string   `json:"end_datetime"`
		Platform      string   `json:"platform"`
		Constellation string   `json:"constellation"`
		Instruments   []string `json:"instruments"`
	} `json:"properties"`
	Assets assets `json:"assets"`
}

type asset struct {
	Href  string   `json:"href"`
	Type  string   `json:"type"`
	Roles []string `json:"roles"`
	// Bands is of version 1.1, EOBands and RasterBands together are of 1.0.
	Bands       bands `json:"bands"`
	EOBands     bands `json:"eo:bands"`
	RasterBands bands `json:"raster:bands"`
	// In version 1.1 these hold for all bands that do not say otherwise.
	numbers
	Classes classes `json:"classification:classes"`
}

// numbers says how a file's numbers become values.
type numbers struct {
	NoData       *noData  `json:"nodata"`
	Scale        *float64 `json:"scale"`
	Offset       *float64 `json:"offset"`
	RasterScale  *float64 `json:"raster:scale"`
	RasterOffset *float64 `json:"raster:offset"`
}

type band struct {
	Name         string `json:"name"`
	CommonName   string `json:"common_name"`
	EOCommonName string `json:"eo:common_name"`
	numbers
	Classes classes `json:"classification:classes"`
}

type class struct {
	Value float64 `json:"value"`
	Name  string  `json:"name"`
}

// noData is a number, or "nan", "inf" or "-inf".
type noData float64

func (n *noData) UnmarshalJSON(text []byte) error {
	var v float64
	if err := json.Unmarshal(text, &v); err == nil {
		*n = noData(v)
		return nil
	}
	switch strings.ToLower(strings.Trim(string(text), `"`)) {
	case "nan":
		*n = noData(math.NaN())
	case "inf":
		*n = noData(math.Inf(1))
	case "-inf":
		*n = noData(math.Inf(-1))
	default:
		return fmt.Errorf("nodata is %.40s: a number is wanted", text)
	}
	return nil
}

// Lists are bounded while they are read: a small text can hold millions of empty elements.
type (
	features []feature
	bands    []band
	classes  []class
	assets   []named
)

type named struct {
	key string
	asset
}

func (l *features) UnmarshalJSON(text []byte) (err error) {
	*l, err = list[feature](text, maxItems, "items")
	return err
}

func (l *bands) UnmarshalJSON(text []byte) (err error) {
	*l, err = list[band](text, maxBands, "bands of an asset")
	return err
}

func (l *classes) UnmarshalJSON(text []byte) (err error) {
	*l, err = list[class](text, maxBands, "classes of an asset")
	return err
}

// list decodes an array of at most limit elements; null is none.
func list[T any](text []byte, limit int, what string) ([]T, error) {
	out := []T{}
	err := each(text, '[', func(d *json.Decoder) error {
		if len(out) == limit {
			return fmt.Errorf("more than %d %s", limit, what)
		}
		var v T
		err := d.Decode(&v)
		out = append(out, v)
		return err
	})
	return out, err
}

func (l *assets) UnmarshalJSON(text []byte) error {
	seen := map[string]bool{}
	return each(text, '{', func(d *json.Decoder) error {
		key, err := d.Token()
		if err != nil {
			return err
		}
		var n named
		if n.key, _ = key.(string); seen[n.key] {
			return fmt.Errorf("asset %q is there twice", n.key)
		}
		if len(seen) == maxAssets {
			return fmt.Errorf("more than %d assets in one item", maxAssets)
		}
		if err := d.Decode(&n.asset); err != nil {
			return fmt.Errorf("asset %q: %w", n.key, err)
		}
		seen[n.key] = true
		*l = append(*l, n)
		return nil
	})
}

// each calls element for every element of an array or an object.
func each(text []byte, open json.Delim, element func(*json.Decoder) error) error {
	d := json.NewDecoder(bytes.NewReader(text))
	start, err := d.Token()
	if err != nil || start == nil {
		return err
	}
	if start != open {
		return fmt.Errorf("%.20s… where %s is wanted", text, map[json.Delim]string{'[': "a list", '{': "an object"}[open])
	}
	for d.More() {
		if err := element(d); err != nil {
			return err
		}
	}
	return nil
}
