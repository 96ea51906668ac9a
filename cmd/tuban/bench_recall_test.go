package main

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/paulmach/orb"

	"tuban/classify/landclass"
	"tuban/pipeline/recall"
	"tuban/pipeline/register"
)

// BenchmarkRecallSurvey compares 100,000 changes of class with 7,094 releases, what a province delivers in a quarter; every third
// release is answered.
func BenchmarkRecallSurvey(b *testing.B) {
	changes, releases := 100_000, 7094
	if testing.Short() {
		changes, releases = 5000, 350
	}
	dir := b.TempDir()
	square := func(i int, dx float64) orb.MultiPolygon {
		x, y := float64(i%400)*60+dx, float64(i/400)*60
		return orb.MultiPolygon{{box(x, y, x+30, y+25)}}
	}
	list := make([]surveyed, changes)
	for i := range list {
		list[i] = surveyed{fmt.Sprint(i), "0103", "08H1", square(i, 0)}
	}
	layer := filepath.Join(dir, "DLTBGXGC.gpkg")
	writeSurveyed(b, layer, testCRS, list)
	reg, err := register.Open(filepath.Join(dir, "register"))
	if err != nil {
		b.Fatal(err)
	}
	var events []register.Event
	for i := range releases {
		dx := 3.
		if i%3 > 0 {
			dx = 31
		}
		shape, err := register.NewShape(square(i*14, dx), testCRS)
		if err != nil {
			b.Fatal(err)
		}
		events = append(events, register.Event{Release: &register.Release{
			JCBH: fmt.Sprintf("2201832025%06d", i+1), County: "220183", AreaM2: 750, Shape: shape, Values: map[string]string{"TBLX": "JZ"},
		}})
	}
	if err := reg.Append(testClock, events, nil); err != nil {
		b.Fatal(err)
	}
	o := recall.SurveyOptions{LayerOptions: recall.LayerOptions{File: layer, System: landclass.TD1055}, Register: filepath.Join(dir, "register")}
	for b.Loop() {
		s, err := recall.Survey(ctx, drivers(), o)
		if err != nil {
			b.Fatal(err)
		}
		if s.Answers[recall.Answered] != (releases+2)/3 || s.Found != (releases+2)/3 {
			b.Fatalf("%d answered, %d found", s.Answers[recall.Answered], s.Found)
		}
	}
}
