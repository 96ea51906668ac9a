package sensor

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode"

	"tuban/raster"
	"tuban/raster/spell"
)

// Sensor is what is known about the multispectral files of one sensor.
type Sensor struct {
	Name string
	// Roles lists the role of each band in file order, "" for a band without one. It is empty when the order is not certain.
	Roles []raster.Role
	// HasNIR and HasSWIR say what the sensor can see; WorldView-3 has SWIR, but in files apart.
	HasNIR, HasSWIR bool
	// GSD is the size of a multispectral pixel in metres, a number or a range.
	GSD string
	// Verified says that a document confirms the order of bands; else it is what such products usually have.
	Verified bool
	Note     string
}

// Bands returns the 1-based band of each role.
func (s Sensor) Bands() map[raster.Role]int {
	out := map[raster.Role]int{}
	for i, r := range s.Roles {
		if r != "" {
			out[r] = i + 1
		}
	}
	return out
}

// Lookup returns the sensor called name, which may be an alias; case, spaces and punctuation do not matter.
func Lookup(name string) (Sensor, bool) {
	t := table()
	i, ok := t.byName[plain(name)]
	if !ok {
		return Sensor{}, false
	}
	s := t.sensors[i]
	s.Roles = slices.Clone(s.Roles)
	return s, true
}

// Find returns the sensor called name, ready for use: its order of bands is certain enough to be read. The error says what
// was probably meant, or how to declare the bands.
func Find(name string) (Sensor, error) {
	s, ok := Lookup(name)
	switch {
	case strings.TrimSpace(name) == "":
		return Sensor{}, fmt.Errorf("the sensor has no name: write such as sensor: GF-2, or %s", declare)
	case !ok:
		return Sensor{}, fmt.Errorf("unknown sensor %q%s: see the known names, or %s", name, spell.Hint(name, table().spellings), declare)
	case len(s.Roles) == 0:
		return Sensor{}, fmt.Errorf("the order of bands in files of %s is not certain (%s): %s", s.Name, s.Note, declare)
	}
	return s, nil
}

const declare = "declare the bands: {blue: 1, green: 2, red: 3, nir: 4}"

// Names lists the sensors in the order of the table.
func Names() []string {
	var out []string
	for _, s := range table().sensors {
		out = append(out, s.Name)
	}
	return out
}

//go:embed sensors.csv
var sensorsCSV string

type sensors struct {
	sensors   []Sensor
	byName    map[string]int
	spellings []string // every name and alias
}

var table = sync.OnceValue(func() sensors {
	t, err := read(sensorsCSV)
	if err != nil {
		panic("sensor: embedded table: " + err.Error()) // a broken build, not bad data
	}
	return t
})

func read(text string) (sensors, error) {
	r := csv.NewReader(strings.NewReader(text))
	r.Comment = '#'
	r.FieldsPerRecord = 8
	rows, err := r.ReadAll()
	if err != nil {
		return sensors{}, err
	}
	t := sensors{byName: map[string]int{}}
	for i, row := range rows[1:] {
		s := Sensor{Name: row[0], HasNIR: row[3] == "Y", HasSWIR: row[4] == "Y", GSD: row[5], Verified: row[6] == "Y", Note: row[7]}
		for _, b := range strings.Fields(row[2]) {
			var role raster.Role
			if b != "-" {
				if role, err = raster.ParseRole(b); err != nil {
					return sensors{}, fmt.Errorf("%s: %w", s.Name, err)
				}
			}
			s.Roles = append(s.Roles, role)
		}
		t.sensors = append(t.sensors, s)
		for _, name := range append([]string{s.Name}, strings.Split(row[1], ";")...) {
			key := plain(name)
			if at, taken := t.byName[key]; taken && at != i {
				return sensors{}, fmt.Errorf("%s: %q is also a name of %s", s.Name, name, t.sensors[at].Name)
			}
			if key != "" {
				t.byName[key] = i
				t.spellings = append(t.spellings, name)
			}
		}
	}
	return t, nil
}

// plain keeps what tells names apart: letters and digits, in lower case and without accents on e.
func plain(name string) string {
	return strings.Map(func(r rune) rune {
		if r = unicode.ToLower(r); r == 'é' {
			r = 'e'
		}
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return r
	}, name)
}
