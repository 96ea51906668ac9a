package gdal

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/airbusgeo/godal"
)

// CRS describes a coordinate reference system.
type CRS struct {
	// Code is "EPSG:n" where the system is known by a number, else its WKT.
	Code string
	Name string
	// Geographic systems have longitude and latitude as coordinates, projected ones metres or feet.
	Geographic, Projected bool
	// SemiMajor (metres) and InverseFlattening are the ellipsoid's; InverseFlattening is +Inf for a sphere.
	SemiMajor, InverseFlattening float64
	// Unit is the length of one coordinate unit: metres when projected, radians when geographic.
	Unit float64
}

// CRSInfo describes crs, which is an authority code such as "EPSG:4530", WKT or a PROJ string.
func CRSInfo(crs string) (CRS, error) {
	setup()
	sr, err := parseCRS(crs)
	if err != nil {
		return CRS{}, err
	}
	defer sr.Close()
	c := CRS{Code: crsCode(sr), Name: crsName(sr), Geographic: sr.Geographic(), Projected: sr.Projected(), Unit: 1}
	if !c.Geographic && !c.Projected {
		return c, fmt.Errorf("coordinate reference system %s is neither geographic nor projected: assign the real one to the file, e.g. gdal_edit.py -a_srs EPSG:4530 FILE", c.Name)
	}
	semiMajor, err := sr.SemiMajor()
	if err != nil {
		return c, fmt.Errorf("ellipsoid of %s: %w", c.Name, err)
	}
	semiMinor, err := sr.SemiMinor()
	if err != nil {
		return c, fmt.Errorf("ellipsoid of %s: %w", c.Name, err)
	}
	c.SemiMajor, c.InverseFlattening = semiMajor, semiMajor/(semiMajor-semiMinor)
	node := "PROJCS|UNIT"
	if c.Geographic {
		node = "GEOGCS|UNIT"
	}
	if s, ok := sr.AttrValue(node, 1); ok {
		if u, err := strconv.ParseFloat(s, 64); err == nil && u > 0 && !math.IsInf(u, 0) {
			c.Unit = u
		}
	}
	return c, nil
}

// parseCRS returns the reference system called crs. The caller closes it.
func parseCRS(crs string) (*godal.SpatialRef, error) {
	text := strings.TrimSpace(crs)
	if text == "" {
		return nil, errors.New("no coordinate reference system given")
	}
	// GDAL would also take the name of a file or a URL here, which no input of ours may make it open.
	if !strings.Contains(text, "[") && !strings.HasPrefix(text, "+proj") && !isCode(text) {
		return nil, fmt.Errorf("unknown coordinate reference system %q: write an authority code such as EPSG:4530, or WKT", shorten(text))
	}
	sr, err := godal.NewSpatialRef(text, policy)
	if err != nil {
		return nil, fmt.Errorf("coordinate reference system %s: %w", shorten(text), err)
	}
	return sr, nil
}

func isCode(s string) bool {
	authority, code, ok := strings.Cut(s, ":")
	if !ok || authority == "" {
		return false
	}
	for _, r := range authority {
		if (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') {
			return false
		}
	}
	_, err := strconv.ParseUint(code, 10, 32)
	return err == nil
}

func shorten(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}

// crsCode returns the name by which files of one reference system agree: "EPSG:n" when the system carries a number
// or is recognised, else its WKT; "" for none. Heights are left out: a compound system, and one with an ellipsoidal height, go by their horizontal part.
func crsCode(sr *godal.SpatialRef) string {
	if sr == nil {
		return ""
	}
	wkt, err := sr.WKT(policy)
	if err != nil || wkt == "" {
		return ""
	}
	wkt = flat(wkt)
	// Identification writes into the system, and the one at hand may belong to a dataset.
	own, err := godal.NewSpatialRefFromWKT(wkt, policy)
	if err != nil {
		return wkt
	}
	defer own.Close()
	if code := epsg(own); code != "" {
		return code
	}
	if own.AutoIdentifyEPSG() == nil {
		if code := epsg(own); code != "" {
			return code
		}
	}
	if code, ok := recogniseCGCS2000(own); ok {
		return code
	}
	return wkt
}

func epsg(sr *godal.SpatialRef) string {
	node := "GEOGCS"
	if sr.Projected() {
		node = "PROJCS"
	} else if !sr.Geographic() {
		return ""
	}
	if n := sr.AuthorityCode(node); n != "" && strings.EqualFold(sr.AuthorityName(node), "EPSG") {
		return "EPSG:" + n
	}
	return ""
}

func crsName(sr *godal.SpatialRef) string {
	for _, node := range []string{"PROJCS", "GEOGCS", "LOCAL_CS", "GEOCCS"} {
		if s, ok := sr.AttrValue(node, 0); ok && s != "" {
			return s
		}
	}
	return "unnamed"
}

// recogniseCGCS2000 finds the number of a Gauss–Krüger system on CGCS2000 that came without one, as in the .prj
// files that Chinese surveys are delivered with.
func recogniseCGCS2000(sr *godal.SpatialRef) (string, bool) {
	if !sr.Projected() {
		return "", false
	}
	datum, _ := sr.AttrValue("DATUM", 0)
	switch strings.ToLower(strings.TrimPrefix(datum, "D_")) {
	case "china_2000", "cgcs2000", "cgcs_2000", "china_geodetic_coordinate_system_2000":
	default:
		return "", false
	}
	if projection, _ := sr.AttrValue("PROJECTION", 0); projection != "Transverse_Mercator" && projection != "Gauss_Kruger" {
		return "", false
	}
	p := map[string]float64{}
	for _, want := range []string{"latitude_of_origin", "central_meridian", "scale_factor", "false_easting", "false_northing"} {
		p[want] = parameter(sr, want)
	}
	if unit, _ := sr.AttrValue("PROJCS|UNIT", 1); parseOr(unit, 0) != 1 ||
		p["latitude_of_origin"] != 0 || p["scale_factor"] != 1 || p["false_northing"] != 0 {
		return "", false
	}
	meridian, easting := p["central_meridian"], p["false_easting"]
	zone := meridian / 3
	if zone != math.Trunc(zone) || zone < 25 || zone > 45 {
		return "", false
	}
	switch easting {
	case 500_000: // EPSG:4534 is the first, at 75°E
		return fmt.Sprintf("EPSG:%d", 4534+int(zone)-25), true
	case zone*1e6 + 500_000: // EPSG:4513 likewise, with the zone in the easting
		return fmt.Sprintf("EPSG:%d", 4513+int(zone)-25), true
	}
	return "", false
}

// parameter returns a projection parameter of sr, NaN where it has none.
func parameter(sr *godal.SpatialRef, name string) float64 {
	wkt, err := sr.WKT(policy)
	if err != nil {
		return math.NaN()
	}
	_, rest, ok := strings.Cut(strings.ToLower(wkt), `parameter["`+name+`",`)
	if !ok {
		return math.NaN()
	}
	value, _, _ := strings.Cut(rest, "]")
	return parseOr(value, math.NaN())
}

func parseOr(s string, otherwise float64) float64 {
	if v, err := strconv.ParseFloat(strings.TrimSpace(s), 64); err == nil {
		return v
	}
	return otherwise
}

// SameCRS reports whether two names, codes or WKT, mean one reference system.
func SameCRS(a, b string) (bool, error) {
	if a == b {
		return true, nil
	}
	setup()
	first, err := parseCRS(a)
	if err != nil {
		return false, err
	}
	defer first.Close()
	second, err := parseCRS(b)
	if err != nil {
		return false, err
	}
	defer second.Close()
	if code := crsCode(first); strings.HasPrefix(code, "EPSG:") && code == crsCode(second) {
		return true, nil
	}
	return first.IsSame(second), nil
}
