package raster

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Role says what a band measures. Rules speak of roles, never of band numbers.
type Role string

// The roles that rules and indices can name. Roles beyond these four come from sensors that have them.
const (
	Coastal Role = "coastal"
	Blue    Role = "blue"
	Green   Role = "green"
	Yellow  Role = "yellow"
	Red     Role = "red"
	RedEdge Role = "rededge"
	NIR     Role = "nir"
	NIR2    Role = "nir2"
	SWIR1   Role = "swir1"
	SWIR2   Role = "swir2"
	Pan     Role = "pan"
	noRole  Role = ""
)

// Mask is the role of the only band of a mask, such as a cloud mask. No sensor has it and no rule can name it, so that it
// is not among Roles.
const Mask Role = "mask"

// Roles lists every role in the order of wavelength.
var Roles = []Role{Coastal, Blue, Green, Yellow, Red, RedEdge, NIR, NIR2, SWIR1, SWIR2, Pan}

// ParseRole returns the role called s; the error lists the roles there are.
func ParseRole(s string) (Role, error) {
	r := Role(strings.ToLower(strings.TrimSpace(s)))
	if r != noRole && slices.Contains(Roles, r) {
		return r, nil
	}
	names := make([]string, len(Roles))
	for i, r := range Roles {
		names[i] = string(r)
	}
	return noRole, fmt.Errorf("unknown band role %q: the roles are %s", s, strings.Join(names, ", "))
}

// Band says where a role's numbers are in a file and how they become values:
// value = number·Scale + Offset; a number equal to NoData is no data.
type Band struct {
	Index         int // 1-based, as GDAL counts
	Scale, Offset float64
	NoData        float64
	HasNoData     bool
}

// Scene is one orthorectified image of one day: which file, which bands, on which grid.
type Scene struct {
	ID     string // the file's base name without extension; unique within a date
	URI    string
	Date   time.Time // the day of acquisition, UTC midnight
	Sensor string    // "" when the bands were declared or found in the file's metadata
	Bands  map[Role]Band
	// Alpha is the 1-based alpha band whose zeros are no data; 0 when there is none.
	Alpha int
	// Native is the file's own grid.
	Native Grid
	// BlockW and BlockH are the file's storage block; a striped file has BlockW = Native.W.
	BlockW, BlockH int
	// DataType is GDAL's name of the sample type: Byte, UInt16, Int16, Float32, …
	DataType string
	// Bytes is the size of the file, 0 when unknown.
	Bytes int64
	// EdgeFill says that numbers equal to NoData are no data only where every band has them and they are connected to the
	// edge of the image: in finished 8-bit imagery 0 and 255 are colours too. Which pixels those are, Collar says; while it
	// is nil, no number is no data.
	EdgeFill bool
	Collar   *Collar
	// Nearest says that numbers are categories, not measurements: off the run's grid they are resampled by the nearest
	// neighbour, whatever the run's method is.
	Nearest bool
}

// Has reports whether the scene carries the role.
func (s Scene) Has(r Role) bool { _, ok := s.Bands[r]; return ok }

// Missing returns those of need that the scene does not carry, in the order of need.
func (s Scene) Missing(need []Role) []Role {
	var out []Role
	for _, r := range need {
		if !s.Has(r) {
			out = append(out, r)
		}
	}
	return out
}
