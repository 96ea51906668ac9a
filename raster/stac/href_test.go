package stac

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestResolve(t *testing.T) {
	for _, c := range []struct{ base, href, want, wrong string }{
		{"/data/items/a.json", "a.tif", "/data/items/a.tif", ""},
		{"/data/items/a.json", "./../a b/影像.tif", "/data/a b/影像.tif", ""},
		{"items/a.json", "a.tif", "items/a.tif", ""},
		{"a.json", "a.tif", "a.tif", ""},
		{"s3://bucket/items/a.json", "../a.tif", "s3://bucket/a.tif", ""},
		{"s3://bucket/a.json", "x/a.tif", "s3://bucket/x/a.tif", ""},
		{"s3://bucket/a.json", "/data/a.tif", "/data/a.tif", ""},
		{"/data/a.json", "s3://bucket/a.tif", "s3://bucket/a.tif", ""},
		{"/data/a.json", "file:///data/a b.tif", "/data/a b.tif", ""},
		{"/data/a.json", "file://localhost/data/a.tif", "/data/a.tif", ""},
		{"/data/a.json", "file:///data/a%20b.tif", "", "without file:"},
		{"s3://bucket/a.json", "../a.tif", "", "leads out of the bucket bucket"},
		{"s3://bucket/x/a.json", "./..", "", "leads out of the bucket bucket"},
		{"/data/a.json", "https://example.org/a.tif", "", "download it beside the item"},
		{"/data/a.json", "HTTP://example.org/a.tif", "", "download it beside the item"},
		{"/data/a.json", "file://host/a.tif", "", "without file:"},
		{"/data/a.json", "gs://bucket/a.tif", "", "gs: is not read"},
		{"/data/a.json", `C:\data\a.tif`, "", "c: is not read"},
		{"/data/a.json", "/vsicurl/http://x/a.tif", "", "write a path or s3://bucket/key"},
		{"/data/a.json", "s3:bucket/a.tif", "", "write it as s3://bucket/key"},
	} {
		got, err := Asset{Key: "x", Href: c.href}.Resolve(c.base)
		if got != c.want || (err == nil) != (c.wrong == "") || err != nil && !strings.Contains(err.Error(), c.wrong) {
			t.Errorf("%s from %s: %q, %v", c.href, c.base, got, err)
		}
	}
}

// However an item is written, its files lie in the bucket that it lies in, or where it says in full.
func TestResolveStaysInTheBucket(t *testing.T) {
	part := rapid.SampledFrom([]string{"..", ".", "a", "b.tif", "", "..."})
	rapid.Check(t, func(t *rapid.T) {
		href := strings.TrimLeft(strings.Join(rapid.SliceOfN(part, 1, 6).Draw(t, "href"), "/"), "/")
		base := "s3://bucket/" + strings.Join(append(rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b"}), 0, 3).Draw(t, "folder"), "i.json"), "/")
		uri, err := Asset{Href: href}.Resolve(base)
		if err == nil && (!strings.HasPrefix(uri, "s3://bucket/") || len(uri) == len("s3://bucket/") || strings.Contains(uri, "/../") || strings.HasSuffix(uri, "/..")) {
			t.Fatalf("%q from %s is %s", href, base, uri)
		}
		file, err := Asset{Href: href}.Resolve("/i.json")
		if err != nil || !strings.HasPrefix(file, "/") {
			t.Fatalf("%q is %s, %v", href, file, err)
		}
	})
}
