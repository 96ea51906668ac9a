package report

import (
	"math"
	"testing"
)

func TestDecimal(t *testing.T) {
	for _, c := range []struct {
		v    float64
		n    int
		want string
	}{
		{0, 2, "0.00"}, {1234567.891, 2, "1,234,567.89"}, {999.995, 2, "1,000.00"}, {123, 0, "123"}, {1000, 0, "1,000"},
		{-1234.5, 1, "−1,234.5"}, {-0.001, 2, "0.00"}, {math.NaN(), 2, "—"}, {math.Inf(1), 0, "—"},
	} {
		if got := decimal(c.v, c.n); got != c.want {
			t.Errorf("%v with %d decimals reads %q, not %q", c.v, c.n, got, c.want)
		}
	}
}

func TestAreaUnits(t *testing.T) {
	// 1 亩 = 2000/3 m²; 15 亩 = 1 公顷.
	if got, want := newArea(10000), (area{"15.00", "1.0000", "10,000.00"}); got != want {
		t.Errorf("a hectare reads %v", got)
	}
	if got, want := newArea(2000.0/3), (area{"1.00", "0.0667", "666.67"}); got != want {
		t.Errorf("a mu reads %v", got)
	}
}

func TestPercentNeverRoundsToAllOrNothing(t *testing.T) {
	for _, c := range []struct {
		part, total float64
		want        string
	}{
		{0, 5, "0.0%"}, {1, 1e6, "<0.1%"}, {1, 3, "33.3%"}, {999999, 1e6, ">99.9%"}, {5, 5, "100.0%"}, {1, 0, ""}, {0, 0, ""}, {math.NaN(), 1, ""},
	} {
		if got := percent(c.part, c.total); got != c.want {
			t.Errorf("%v of %v reads %q, not %q", c.part, c.total, got, c.want)
		}
	}
}

func TestDayAndDegrees(t *testing.T) {
	for in, want := range map[string]string{"20250820": "2025-08-20", "20251340": "20251340", "": "", "2025-08": "2025-08"} {
		if got := day(in); got != want {
			t.Errorf("%q reads %q", in, got)
		}
	}
	for _, c := range []struct {
		lon, lat float64
		want     string
	}{{125.3, 43.8, "125.300000°E, 43.800000°N"}, {-70.5, -12.25, "70.500000°W, 12.250000°S"}, {0, 0, ""}, {math.NaN(), 1, ""}} {
		if got := degrees(c.lon, c.lat); got != c.want {
			t.Errorf("%v, %v reads %q", c.lon, c.lat, got)
		}
	}
}

func TestBoth(t *testing.T) {
	for in, want := range map[Text]Text{{"云", "cloud"}: {"云", "cloud"}, {"", "cloud"}: {"cloud", ""}, {"JZ", "JZ"}: {"JZ", ""}, {}: {}} {
		if got := both(in); got != want {
			t.Errorf("%v reads %v", in, got)
		}
	}
}
