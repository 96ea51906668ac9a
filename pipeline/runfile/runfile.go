// Package runfile reads the YAML file that describes one run: which imagery of two dates, which survey, which region,
// which rules, and where the product goes.
//
// It is a plain value and a parser: environment variables are expanded, relative paths are resolved against the
// file's folder, and every mistake is reported with its line and column. Nothing is opened here.
package runfile

import (
	"fmt"
	"path/filepath"
	"strings"
	"time"
)

// File is a run file. Its zero value is not runnable; Parse checks what must be there.
type File struct {
	// Name titles the product and its report; by default the file's base name.
	Name string `yaml:"name"`
	// Region limits the run; left out, the run covers where both dates and the survey overlap.
	Region *Region `yaml:"region"`
	// Grid declares the run's pixels; left out, they are those of the first before scene.
	Grid   *Grid   `yaml:"grid"`
	Before Imagery `yaml:"before"`
	After  Imagery `yaml:"after"`
	// Survey is last year's land survey; left out, every pixel is eligible for every kind.
	Survey *Survey `yaml:"survey"`
	// Normalise and Registration name the measurements that adjust the dates to each other; "none" is the only choice so far.
	Normalise    string `yaml:"normalise"`
	Registration string `yaml:"registration"`
	// Rules is "default" or the path of a rules file.
	Rules string `yaml:"rules"`
	// Outputs beside the GeoPackage: shp, report. By default gpkg, shp and report.
	Outputs []string `yaml:"outputs"`
	// Out is the folder of the product; the command line can give it instead.
	Out string `yaml:"out"`
}

// Region limits a run to the polygons of a vector layer or to a rectangle.
type Region struct {
	Source string `yaml:"source"`
	Layer  string `yaml:"layer"`
	// BBox is min x, min y, max x, max y in CRS, in traditional axis order (easting or longitude first).
	BBox []float64 `yaml:"bbox"`
	CRS  string    `yaml:"crs"`
}

// String names the region: the file's base name, or the rectangle.
func (r Region) String() string {
	if r.Source != "" {
		return strings.TrimSpace(filepath.Base(r.Source) + " " + r.Layer)
	}
	return fmt.Sprintf("%v, %s", r.BBox, r.CRS)
}

// Grid declares the run's coordinate reference system and pixel size, in units of that system.
type Grid struct {
	CRS   string  `yaml:"crs"`
	Pixel float64 `yaml:"pixel"`
}

// Imagery is the scenes of one date, in mosaic order: the first valid pixel wins.
type Imagery struct {
	Scenes []Scene `yaml:"scenes"`
	// What follows is the default for scenes that do not say otherwise.
	Sensor string         `yaml:"sensor"`
	Bands  map[string]int `yaml:"bands"`
	Date   string         `yaml:"date"`
	NoData *float64       `yaml:"nodata"`
}

// Scene is one entry of a scene list: a path, or a glob that stands for several files in the order of their names.
type Scene struct {
	URI    string         `yaml:"uri"`
	Sensor string         `yaml:"sensor"`
	Bands  map[string]int `yaml:"bands"`
	Date   string         `yaml:"date"`
	NoData *float64       `yaml:"nodata"`
}

// Survey is the layer of land parcels.
type Survey struct {
	Source string `yaml:"source"`
	Layer  string `yaml:"layer"`
	// Class is the field with the land-class code, System the code system it is written in; both must be declared.
	Class  string `yaml:"class"`
	System string `yaml:"system"`
	// ID is the parcel identifier (default BSM), Unit the field for roll-ups (default ZLDWDM); a layer may lack them.
	ID       string `yaml:"id"`
	Unit     string `yaml:"unit"`
	Encoding string `yaml:"encoding"`
}

// Day parses a date as YYYY-MM-DD or YYYYMMDD, at UTC midnight.
func Day(s string) (time.Time, error) {
	for _, layout := range []string{time.DateOnly, "20060102"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, nil
		}
	}
	return time.Time{}, &time.ParseError{Layout: time.DateOnly, Value: s, Message: ": want a date such as 2025-08-20"}
}
