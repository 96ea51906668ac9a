package runfile

import (
	"reflect"
	"slices"
	"testing"
)

// A scene takes from its date what it does not say, and shares nothing with its neighbours.
func TestInheritance(t *testing.T) {
	f := parse(t, `
before:
  crs: EPSG:4528
  nodata: 0
  nodata_at: anywhere
  cloud: {source: clouds.tif, cloud: [1], shadow: [2]}
  seams: {source: seams.gpkg, layer: l, date: RQ, sensor: WX, encoding: GBK}
  scenes:
    - plain.tif
    - {uri: own.tif, crs: EPSG:4530, nodata_at: edge, cloud: own_cloud.tif, seams: {source: own.gpkg, date: SJ}, date: 2024-09-01}
after: {scenes: [b.tif], date: 2025-08-20}
`)
	zero := 0.0
	want := []Scene{
		{URI: "/jobs/plain.tif", CRS: "EPSG:4528", NoData: &zero, NoDataAt: NoDataAnywhere,
			Cloud: &Cloud{Source: "/jobs/clouds.tif", Cloud: []int{1}, Shadow: []int{2}},
			Seams: &Seams{Source: "/jobs/seams.gpkg", Layer: "l", Date: "RQ", Sensor: "WX", Encoding: "GBK"}},
		{URI: "/jobs/own.tif", CRS: "EPSG:4530", NoData: &zero, NoDataAt: NoDataEdge, Date: "2024-09-01",
			Cloud: &Cloud{Source: "/jobs/own_cloud.tif"}, Seams: &Seams{Source: "/jobs/own.gpkg", Date: "SJ"}},
	}
	if !reflect.DeepEqual(f.Before.Scenes, want) {
		t.Errorf("got  %+v\nwant %+v", f.Before.Scenes, want)
	}
	f.Before.Scenes[0].Cloud.Source, f.Before.Scenes[0].Seams.Source = "spoiled", "spoiled"
	if f.Before.Cloud.Source != "/jobs/clouds.tif" || f.Before.Seams.Source != "/jobs/seams.gpkg" {
		t.Error("a scene shares its masks with its date")
	}
}

// A STAC item knows its day: the date's is for the others. An entry's own day counts.
func TestDatesOfItems(t *testing.T) {
	f := parse(t, `
before:
  date: 2024-08-14
  sensor: GF-2
  scenes: [{stac: items.json}, {stac: s3://bucket/item.json, asset: rgb, date: 2024-08-15, bands: {red: 1}}, a.tif]
after: {scenes: [{stac: items.json}]}
`)
	want := []Scene{
		{STAC: "/jobs/items.json", Sensor: "GF-2"},
		{STAC: "s3://bucket/item.json", Asset: "rgb", Date: "2024-08-15", Bands: map[string]int{"red": 1}},
		{URI: "/jobs/a.tif", Sensor: "GF-2", Date: "2024-08-14"},
	}
	if !reflect.DeepEqual(f.Before.Scenes, want) {
		t.Errorf("got  %+v\nwant %+v", f.Before.Scenes, want)
	}
}

func TestCloudFor(t *testing.T) {
	for _, c := range []struct{ source, scene, want string }{
		{"{dir}/{stem}_cloud.tif", "/data/2024/GF2_1.tif", "/data/2024/GF2_1_cloud.tif"},
		{"{dir}/masks/{stem}.v2.tif", "s3://bucket/2024/a.b.tif", "s3://bucket/2024/masks/a.b.v2.tif"},
		{"{dir}/{stem}.gpkg", "s3://bucket/a.tif", "s3://bucket/a.gpkg"},
		{"{dir}/c.tif", "a.tif", "./c.tif"},
		{"{dir}/c.tif", "/a.tif", "/c.tif"},
		{"s3://masks/{stem}/{stem}.tif", "/data/a", "s3://masks/a/a.tif"},
		{"{dir}/{stem}", "/{stem}/{dir}.tif", "/{stem}/{dir}"},
		{"/data/clouds.gpkg", "/data/a.tif", "/data/clouds.gpkg"},
	} {
		in := Cloud{Source: c.source, Layer: "l", Cloud: []int{1}}
		if got := in.For(c.scene); got.Source != c.want || got.Layer != "l" || !slices.Equal(got.Cloud, in.Cloud) || in.Source != c.source {
			t.Errorf("%s for %s: %+v, want %s", c.source, c.scene, got, c.want)
		}
	}
}

// The hints know every key that the types have.
func TestKeys(t *testing.T) {
	for _, key := range []string{"before", "scenes", "uri", "stac", "seams", "shadow", "path_style", "encoding", "nodata_at", "bbox"} {
		if !slices.Contains(keys(), key) {
			t.Errorf("%s is missing among %v", key, keys())
		}
	}
	if slices.Contains(keys(), "") {
		t.Error("a field has no key")
	}
}
