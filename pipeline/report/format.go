package report

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// 1 m² = 0.0015 亩; 1 公顷 = 10,000 m².
const (
	muPerM2      = 0.0015
	hectarePerM2 = 1e-4
)

// area is an area in the units of the report, formatted.
type area struct{ Mu, Ha, M2 string }

func newArea(m2 float64) area {
	return area{Mu: decimal(m2*muPerM2, 2), Ha: decimal(m2*hectarePerM2, 4), M2: decimal(m2, 2)}
}

// decimal formats v with the given decimals and commas between thousands; "—" when v is not finite.
func decimal(v float64, decimals int) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return "—"
	}
	s := strconv.FormatFloat(math.Abs(v), 'f', decimals, 64)
	whole, fraction, _ := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if fraction != "" {
		whole += "." + fraction
	}
	if v < 0 && strings.Trim(whole, "0.,") != "" {
		whole = "−" + whole
	}
	return whole
}

func whole(n int) string { return decimal(float64(n), 0) }

// percent formats part of total; "" when there is no total. What is not nothing never reads 0.0 %, what is not all never 100.0 %.
func percent(part, total float64) string {
	p := 100 * part / total
	switch {
	case math.IsNaN(p) || math.IsInf(p, 0):
		return ""
	case p > 0 && p < 0.05:
		return "<0.1%"
	case p < 100 && p >= 99.95:
		return ">99.9%"
	}
	return decimal(p, 1) + "%"
}

// day spells a YYYYMMDD with dashes; anything else is left as it is.
func day(s string) string {
	if t, err := time.Parse("20060102", s); err == nil {
		return t.Format("2006-01-02")
	}
	return s
}

// degrees formats a position as the field teams type it into their navigation.
func degrees(lon, lat float64) string {
	if lon == 0 && lat == 0 || math.IsNaN(lon) || math.IsNaN(lat) {
		return ""
	}
	side := func(v float64, positive, negative string) string {
		if v < 0 {
			return strconv.FormatFloat(-v, 'f', 6, 64) + "°" + negative
		}
		return strconv.FormatFloat(v, 'f', 6, 64) + "°" + positive
	}
	return side(lon, "E", "W") + ", " + side(lat, "N", "S")
}

// both returns t with its Chinese part filled from the English one when empty, and no English that repeats the Chinese.
func both(t Text) Text {
	if t.ZH == "" {
		return Text{ZH: t.EN}
	}
	if t.EN == t.ZH {
		t.EN = ""
	}
	return t
}
