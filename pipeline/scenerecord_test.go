package pipeline

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tuban/pipeline/runfile"
	"tuban/raster"
)

// What a run writes down of its scenes, through JSON and back, are its scenes.
func TestSceneRecordsComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := &Plan{}
		n := rapid.IntRange(1, 4).Draw(t, "scenes")
		for i := range n {
			s := raster.Scene{
				ID: fmt.Sprint("s", i), URI: fmt.Sprintf("/data/s%d.tif", i), Sensor: rapid.SampledFrom([]string{"", "GF2"}).Draw(t, "sensor"),
				Bands: map[raster.Role]raster.Band{}, Alpha: rapid.IntRange(0, 5).Draw(t, "alpha"),
				Native:   raster.Grid{CRS: "EPSG:4530", Transform: [6]float64{42500000.1, 0.5, 0, 4900000.3, 0, -0.5}, W: 10, H: 20},
				BlockW:   256,
				BlockH:   rapid.IntRange(1, 512).Draw(t, "block"),
				DataType: "UInt16", EdgeFill: rapid.Bool().Draw(t, "edge"),
			}
			if rapid.Bool().Draw(t, "dated") {
				s.Date = time.Date(2025, 8, rapid.IntRange(1, 31).Draw(t, "day"), 0, 0, 0, 0, time.UTC)
			}
			for k, r := range raster.Roles {
				if rapid.Bool().Draw(t, "has") {
					b := raster.Band{Index: k + 1, Scale: rapid.Float64().Draw(t, "scale"), Offset: rapid.Float64().Draw(t, "offset"), HasNoData: rapid.Bool().Draw(t, "nodata")}
					if b.HasNoData {
						b.NoData = rapid.SampledFrom([]float64{0, 255, -3.4028234663852886e38, math.Inf(1)}).Draw(t, "value")
					}
					s.Bands[r] = b
				}
			}
			entry := runfile.Scene{URI: s.URI, Seams: rapid.SampledFrom([]*runfile.Seams{nil, {Source: "seams.gpkg", Date: "RQ"}}).Draw(t, "seams")}
			p.Before = append(p.Before, s)
			p.besides[0].entries = append(p.besides[0].entries, entry)
		}
		b, err := json.Marshal(p.imageryRecord())
		if err != nil {
			t.Fatal(err)
		}
		var back ImageryRecord
		if err := json.Unmarshal(b, &back); err != nil {
			t.Fatal(err)
		}
		for i, r := range back.Before {
			s, entry, err := r.scene()
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(s, p.Before[i]) {
				t.Errorf("%+v came back as %+v", p.Before[i], s)
			}
			if !reflect.DeepEqual(entry.Seams, p.besides[0].entries[i].Seams) {
				t.Errorf("seams %v came back as %v", p.besides[0].entries[i].Seams, entry.Seams)
			}
		}
	})
}

// A band may be no data where it is no number, which JSON cannot say.
func TestSceneRecordOfNaN(t *testing.T) {
	p := &Plan{Before: []raster.Scene{{Bands: map[raster.Role]raster.Band{raster.Red: {Index: 1, NoData: math.NaN(), HasNoData: true}}}}}
	b, err := json.Marshal(p.imageryRecord())
	if err != nil {
		t.Fatal(err)
	}
	var back ImageryRecord
	if err := json.Unmarshal(b, &back); err != nil {
		t.Fatal(err)
	}
	s, _, err := back.Before[0].scene()
	if got := s.Bands[raster.Red]; err != nil || !got.HasNoData || !math.IsNaN(got.NoData) {
		t.Errorf("%+v, %v", got, err)
	}
}
