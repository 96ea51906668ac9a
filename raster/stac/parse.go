package stac

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"tuban/raster/sensor"
)

// Bounds of what is read: a search answer of a province and a year stays far below them.
const (
	maxBytes  = 64 << 20
	maxItems  = 100_000
	maxAssets = 1000 // of one item
	maxBands  = 1000 // of one asset
)

// Item is one scene of a catalogue.
type Item struct {
	ID string
	// Datetime is when it was taken, in the zone that it is written in; zero when the item gives Start and End instead.
	Datetime, Start, End time.Time
	// Sensor is the name that raster/sensor has for it, else what the item says of platform and instruments, or "".
	Sensor string
	// Assets are sorted by key.
	Assets []Asset
}

// Asset is one file of an item.
type Asset struct {
	Key string
	// Href is where the file is, as written; see Resolve.
	Href  string
	Type  string
	Roles []string
	// Bands are those that the item describes, in the order of the file; none when it says nothing.
	Bands []Band

	classes  classes
	spectral int   // how many bands have a known name
	wrong    error // why the roles of Bands cannot be relied on
}

// Parse reads one Item (a GeoJSON Feature), or a collection of Items (a FeatureCollection, as a search answers), in its
// order. A Catalog or a Collection holds no items but links to them, and is refused; so is one page of a longer answer.
func Parse(text []byte) ([]Item, error) {
	if len(text) > maxBytes {
		return nil, errors.New("larger than 64 MiB: ask the catalogue for a smaller area or time")
	}
	var d document
	if err := json.Unmarshal(bytes.TrimPrefix(text, []byte("\ufeff")), &d); err != nil {
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			return nil, fmt.Errorf("not readable as JSON: byte %d: %w", syntax.Offset, err)
		}
		return nil, fmt.Errorf("not readable as STAC: %w", err)
	}
	switch d.Type {
	case "Feature":
		it, err := newItem(d.feature)
		if err != nil {
			return nil, err
		}
		return []Item{it}, nil
	case "FeatureCollection":
		return d.items()
	case "Collection", "Catalog":
		return nil, fmt.Errorf("this is a STAC %s, which only links to its items: give the items, as one file each or as an ItemCollection such as a search answers", d.Type)
	}
	return nil, fmt.Errorf("type is %q: a STAC Item is a \"Feature\", a collection of items a \"FeatureCollection\"", d.Type)
}

func (d document) items() ([]Item, error) {
	if d.Features == nil || len(*d.Features) == 0 {
		return nil, errors.New("the collection has no items: did the search find nothing?")
	}
	all := *d.Features
	matched := cmp.Or(d.Matched, d.Context.Matched)
	switch {
	case matched != nil && *matched > int64(len(all)):
		return nil, fmt.Errorf("this is one page of an answer, %d items of %d: scenes would be missing; fetch all pages into one collection", len(all), *matched)
	case matched == nil && slices.ContainsFunc(d.Links, func(l link) bool { return l.Rel == "next" }):
		return nil, errors.New(`this is one page of an answer: it links to the next, so scenes may be missing; fetch all pages into one collection, without the link "next"`)
	}
	items := make([]Item, len(all))
	for i, f := range all {
		var err error
		if items[i], err = newItem(f); err != nil {
			return nil, fmt.Errorf("item %d: %w", i+1, err)
		}
	}
	return items, nil
}

func newItem(f feature) (Item, error) {
	p := f.Properties
	it := Item{ID: f.ID, Sensor: sensorName(p.Platform, p.Constellation, p.Instruments)}
	switch major, _, _ := strings.Cut(strings.TrimPrefix(f.Version, "1."), "."); {
	case f.Type != "Feature":
		return it, fmt.Errorf("type is %q: a STAC Item is a \"Feature\"", f.Type)
	case f.Version == "":
		return it, errors.New("no stac_version: this is GeoJSON, but no STAC Item")
	case !strings.HasPrefix(f.Version, "1.") || major != "0" && major != "1":
		return it, fmt.Errorf("STAC version %q is not known: 1.0 and 1.1 are", f.Version)
	case f.ID == "":
		return it, errors.New("the item has no id")
	}
	for _, t := range []struct {
		name, text string
		to         *time.Time
	}{{"datetime", text(p.Datetime), &it.Datetime}, {"start_datetime", p.Start, &it.Start}, {"end_datetime", p.End, &it.End}} {
		if t.text == "" {
			continue
		}
		when, err := time.Parse(time.RFC3339Nano, strings.ToUpper(t.text))
		if err != nil {
			return it, fmt.Errorf("%s: %s %q is not a time such as 2025-08-20T02:50:00Z", f.ID, t.name, t.text)
		}
		*t.to = when
	}
	for _, n := range f.Assets {
		if n.Href == "" {
			return it, fmt.Errorf("%s: asset %q has no href", f.ID, n.key)
		}
		it.Assets = append(it.Assets, newAsset(n))
	}
	slices.SortFunc(it.Assets, func(a, b Asset) int { return strings.Compare(a.Key, b.Key) })
	return it, nil
}

func text(p *string) string {
	if p == nil {
		return ""
	}
	return *p
}

// Day is the day of the item as year-month-day, in the zone that its time is written in: midnight in Beijing is that day,
// not the one before. An item that spans several days has none.
func (it Item) Day() (string, error) {
	day := func(t time.Time) string { return t.Format(time.DateOnly) }
	switch {
	case !it.Datetime.IsZero():
		return day(it.Datetime), nil
	case it.Start.IsZero() || it.End.IsZero():
		return "", fmt.Errorf("item %s has no datetime: declare the date of the scene", it.ID)
	case day(it.Start) != day(it.End):
		return "", fmt.Errorf("item %s spans %s to %s: declare the date of the scene, or its seam lines", it.ID, day(it.Start), day(it.End))
	}
	return day(it.Start), nil
}

// sensorName is the name of raster/sensor where one of the item's names is known there, else the item's own words.
func sensorName(platform, constellation string, instruments []string) string {
	own := strings.Join(strings.Fields(platform+" "+strings.Join(instruments, " ")), " ")
	names := append([]string{own, platform}, instruments...)
	if platform == "" {
		names = append(names, constellation)
	}
	for _, name := range names {
		if s, ok := sensor.Lookup(name); ok {
			return s.Name
		}
	}
	return own
}
