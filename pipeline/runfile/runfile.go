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

	"tuban/classify/season"
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
	// Layers are the legal layers that patches are compared with.
	Layers []Layer `yaml:"layers"`
	// Normalise and Registration say how the after imagery is brought to the before imagery, in its values and in its place:
	// Auto measures it, None leaves it as it is.
	Normalise    string `yaml:"normalise"`
	Registration string `yaml:"registration"`
	// Clouds says what hides the ground in scenes without a mask of their own: Auto guesses it from the bands, None does not.
	Clouds string `yaml:"clouds"`
	// Season is the calendar that the days of the scenes are judged by; what is left out is that of the north-east.
	Season Season `yaml:"season"`
	// Probabilities are rasters that stand in the place of models of the rules, by the name of the model.
	Probabilities map[string]*Probability `yaml:"probabilities"`
	// Sample moves the positions at which a large run is measured.
	Sample Sample `yaml:"sample"`
	// Rules is "default" or the path of a rules file.
	Rules string `yaml:"rules"`
	// Triage is "default" or the path of a file of triage rules: which approvals count for what, and what is looked at first.
	Triage string `yaml:"triage"`
	// Earlier is the folder of the product of the last run over the same land, Register that of the register of decisions: candidates
	// carry their identity and what was decided of them on. Left out, all candidates are new.
	Earlier  string `yaml:"earlier"`
	Register string `yaml:"register"`
	// Watch is a layer of places that are judged in every run; left out, none are.
	Watch *Watch `yaml:"watch"`
	// Outputs beside the GeoPackage: shp, report. By default gpkg, shp and report.
	Outputs []string `yaml:"outputs"`
	// Out is the folder of the product, on disk or s3://bucket/prefix; the command line can give it instead.
	Out string `yaml:"out"`
	// Storage says how s3:// addresses are reached.
	Storage Storage `yaml:"storage"`
}

// The choices of Normalise, Registration and Clouds.
const (
	Auto = "auto"
	None = "none"
)

// Season is when, in any year, crops grow, trees are in leaf and snow may lie, each as in 06-15..09-20, or never.
type Season struct {
	Growing string `yaml:"growing"`
	Leaf    string `yaml:"leaf"`
	Snow    string `yaml:"snow"`
}

// Calendar returns the calendar: the default, and what s says otherwise.
func (s Season) Calendar() (season.Calendar, error) {
	c := season.Northeast()
	for _, x := range []struct {
		key, text string
		to        *season.Span
	}{{"growing", s.Growing, &c.Growing}, {"leaf", s.Leaf, &c.Leaf}, {"snow", s.Snow, &c.Snow}} {
		if x.text == "" {
			continue
		}
		span, err := season.ParseSpan(x.text)
		if err != nil {
			return c, fmt.Errorf("%s: %w", x.key, err)
		}
		*x.to = span
	}
	return c, nil
}

// Sample says where a run of more than a million pixels is measured: at fixed positions, which Seed moves.
type Sample struct {
	Seed int `yaml:"seed"`
}

// Storage is where s3:// addresses lead. What is left out comes from the environment and the shared files that every
// S3 client reads (AWS_ENDPOINT_URL, AWS_REGION, AWS_CA_BUNDLE, AWS_PROFILE); secrets come from there alone.
type Storage struct {
	// Endpoint is the URL of a server that is not Amazon's, PathStyle puts the bucket into the path: the default with an endpoint.
	Endpoint  string `yaml:"endpoint"`
	Region    string `yaml:"region"`
	PathStyle *bool  `yaml:"path_style"`
	// CA is a file of PEM certificates that the server's is checked with, beside the system's.
	CA      string `yaml:"ca"`
	Profile string `yaml:"profile"`
	// Anonymous asks without credentials.
	Anonymous bool `yaml:"anonymous"`
	// Timeout bounds one request, as a duration such as 30s; Requests how many run at once.
	Timeout  string `yaml:"timeout"`
	Requests int    `yaml:"requests"`
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
	// NoDataAt is NoDataEdge, NoDataAnywhere or "": then the program decides.
	NoDataAt string `yaml:"nodata_at"`
	CRS      string `yaml:"crs"`
	Cloud    *Cloud `yaml:"cloud"`
	Seams    *Seams `yaml:"seams"`
}

// Where pixels equal to the no-data value are no data. Left out, it is the edge for 8-bit images, where such a value is a
// colour too, and anywhere for others.
const (
	// NoDataEdge: only where they are connected to the edge of the image.
	NoDataEdge = "edge"
	// NoDataAnywhere: wherever they are.
	NoDataAnywhere = "anywhere"
)

// Scene is one entry of a scene list: a path, or a glob that stands for several files in the order of their names.
// Date may be empty only where Seams or STAC tell the day; with Seams it is the day of what no seam polygon covers.
type Scene struct {
	URI string `yaml:"uri"`
	// STAC is a STAC Item or ItemCollection whose assets are the scenes, instead of URI; Asset names the asset where an item
	// has several images.
	STAC   string         `yaml:"stac"`
	Asset  string         `yaml:"asset"`
	Sensor string         `yaml:"sensor"`
	Bands  map[string]int `yaml:"bands"`
	Date   string         `yaml:"date"`
	NoData *float64       `yaml:"nodata"`
	// NoDataAt is NoDataEdge, NoDataAnywhere or "": then the program decides.
	NoDataAt string `yaml:"nodata_at"`
	// CRS is declared for a file that carries none, such as an image with a world file.
	CRS   string `yaml:"crs"`
	Cloud *Cloud `yaml:"cloud"`
	Seams *Seams `yaml:"seams"`
}

// Cloud is a mask of what hides the ground in a scene. In Source, {dir} stands for the scene's folder and {stem} for its
// name without extension, so that one line serves a whole list.
type Cloud struct {
	// Source is a raster, or a vector layer whose polygons are cloud.
	Source string `yaml:"source"`
	Layer  string `yaml:"layer"`
	// Cloud and Shadow are the raster's values of each; left out, every value but 0 is cloud.
	Cloud  []int `yaml:"cloud"`
	Shadow []int `yaml:"shadow"`
}

// Seams is the layer of seam lines of a finished mosaic: which part of it was taken when, and by what.
type Seams struct {
	Source string `yaml:"source"`
	Layer  string `yaml:"layer"`
	// Date is the field with the day, as 2025-08-20 or 20250820; Sensor that of the sensor, where there is one.
	Date     string `yaml:"date"`
	Sensor   string `yaml:"sensor"`
	Encoding string `yaml:"encoding"`
}

// Survey is the layer of land parcels.
type Survey struct {
	// Source is one file, or several with the same fields, each in its own coordinate system: a county in two zones,
	// counties of a prefecture. Patterns stand for their files in the order of their names.
	Source Sources `yaml:"source"`
	Layer  string  `yaml:"layer"`
	// Class is the field with the land-class code, System the code system it is written in; both must be declared.
	Class  string `yaml:"class"`
	System string `yaml:"system"`
	// ID is the parcel identifier (default BSM), Unit the field for roll-ups (default ZLDWDM); a layer may lack them.
	ID       string `yaml:"id"`
	Unit     string `yaml:"unit"`
	Encoding string `yaml:"encoding"`
}

// Probability is what a model of the rules says, computed elsewhere: a raster of each date, or one of the pair. Their numbers
// times Scale are from 0 to 1.
type Probability struct {
	Before string `yaml:"before"`
	After  string `yaml:"after"`
	Pair   string `yaml:"pair"`
	// Band is counted from 1; left out (0), the raster must have one band alone.
	Band int `yaml:"band"`
	// Scale, NoData and CRS are declared where the file does not say.
	Scale  *float64 `yaml:"scale"`
	NoData *float64 `yaml:"nodata"`
	CRS    string   `yaml:"crs"`
}

// Watch is a layer of places that people keep an eye on: past cases, structures to be demolished, land to be restored.
type Watch struct {
	Source   string `yaml:"source"`
	Layer    string `yaml:"layer"`
	Encoding string `yaml:"encoding"`
	// ID, Title, Type and Due are the fields with the identifier, the name, the sort of place, and the day by which nothing may stand
	// there any more. Only ID must be given.
	ID    string `yaml:"id"`
	Title string `yaml:"name"`
	Type  string `yaml:"type"`
	Due   string `yaml:"due"`
}

// Sources is a path, or a list of paths.
type Sources []string

// Day parses a date as YYYY-MM-DD or YYYYMMDD, at UTC midnight.
func Day(s string) (time.Time, error) {
	for _, layout := range []string{time.DateOnly, "20060102"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, nil
		}
	}
	return time.Time{}, &time.ParseError{Layout: time.DateOnly, Value: s, Message: ": want a date such as 2025-08-20"}
}
