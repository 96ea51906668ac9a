package runfile

import (
	"reflect"
	"strings"
	"testing"
)

// uris are all addresses of a file by the place where they are written.
func uris(f *File) map[string]string {
	out := map[string]string{}
	for _, a := range f.addresses() {
		out[a.at] = *a.uri
	}
	return out
}

const everyPath = `
before:
  cloud: masks/{stem}.tif
  seams: {source: seams.gpkg, date: RQ}
  scenes: [a.tif, {uri: b.tif, cloud: "{dir}/{stem}_cloud.tif"}, {stac: items/1.json}]
after: {scenes: [b.tif], date: 2025-08-20}
region: {source: r.gpkg}
survey: {source: [39.gdb, 40.gdb], class: DLBM, system: 三调}
rules: ../my.yaml
out: out/
`

// Every path of a run file follows the file, on disk and in object storage alike.
func TestPathsFollowTheFile(t *testing.T) {
	want := map[string]string{
		"$.region.source": "DIR/r.gpkg", "$.before.cloud.source": "DIR/masks/{stem}.tif", "$.before.seams.source": "DIR/seams.gpkg",
		"$.before.scenes[0].uri": "DIR/a.tif", "$.before.scenes[0].cloud.source": "DIR/masks/{stem}.tif", "$.before.scenes[0].seams.source": "DIR/seams.gpkg",
		"$.before.scenes[1].uri": "DIR/b.tif", "$.before.scenes[1].cloud.source": "{dir}/{stem}_cloud.tif", "$.before.scenes[1].seams.source": "DIR/seams.gpkg",
		"$.before.scenes[2].stac": "DIR/items/1.json", "$.before.scenes[2].cloud.source": "DIR/masks/{stem}.tif", "$.before.scenes[2].seams.source": "DIR/seams.gpkg",
		"$.after.scenes[0].uri": "DIR/b.tif", "$.survey.source[0]": "DIR/39.gdb", "$.survey.source[1]": "DIR/40.gdb", "$.rules": "UP/my.yaml", "$.out": "DIR/out",
	}
	for _, c := range []struct{ from, dir, up string }{
		{"/jobs/q3/run.yaml", "/jobs/q3", "/jobs"},
		{"jobs/q3/run.yaml", "jobs/q3", "jobs"},
		{"s3://bucket/jobs/q3/run.yaml", "s3://bucket/jobs/q3", "s3://bucket/jobs"},
		{"s3://bucket/q3/run.yaml", "s3://bucket/q3", "s3://bucket"},
	} {
		f, err := Parse(c.from, []byte(everyPath), lookup)
		if err != nil {
			t.Fatal(err)
		}
		got := uris(f)
		for at, uri := range want {
			if uri = strings.NewReplacer("DIR", c.dir, "UP", c.up).Replace(uri); got[at] != uri {
				t.Errorf("%s: %s is %q, want %q", c.from, at, got[at], uri)
			}
		}
		if len(got) != len(want) || f.Name != "run" {
			t.Errorf("%s: %q, %v", c.from, f.Name, got)
		}
	}
}

// What is absolute stays, wherever the run file lies.
func TestAbsolutePaths(t *testing.T) {
	for _, from := range []string{"/jobs/run.yaml", "s3://bucket/jobs/run.yaml"} {
		for _, uri := range []string{"/data/a.tif", "s3://other-bucket/a b/影像/*.tif", "/vsicurl/http://x/a.tif", "s3://a.b.c/x/"} {
			if got, err := join(from, uri); err != nil || got != uri {
				t.Errorf("%s in %s: %q, %v", uri, from, got, err)
			}
		}
	}
}

func TestWrongAddresses(t *testing.T) {
	long := strings.Repeat("a", 64)
	for _, c := range []struct{ uri, want string }{
		{"s3://", "has no bucket"}, {"s3:///key", "has no bucket"}, {"s3://bucket", "has no key"}, {"s3://bucket/", "has no key"}, {"s3://bucket//", "has no key"},
		{"s3://Bucket/a", `"Bucket" is no name of a bucket`}, {"s3://b_c/a", "is no name of a bucket"}, {"s3://ab/a", "is no name of a bucket"},
		{"s3://" + long + "/a", "is no name of a bucket"}, {"s3://-bc/a", "is no name of a bucket"}, {"s3://a..b/a", "is no name of a bucket"},
		{"s3://10.0.0.1/a", "is no name of a bucket"}, {"s3://minio:9000/bucket/a", "a server is named in `storage: {endpoint: …}`"},
		{"s3://bucket/a//b", `a folder called ""`}, {"s3://bucket/../b", `a folder called ".."`}, {"s3://bucket/./b", `a folder called "."`},
		{"S3://bucket/a", "write it as s3://bucket/key"}, {"s3:/bucket/a", "write it as s3://bucket/key"}, {"/vsis3/bucket/a", "write s3://bucket/key"},
		{"s3://bucket/" + strings.Repeat("k/", 600), "more than 1024 bytes"},
	} {
		text := "before: {scenes: [a.tif], date: 2024-08-14}\nafter:\n  date: 2025-08-20\n  scenes:\n    - {uri: b.tif}\n    - \"" + c.uri + "\"\n"
		_, err := Parse("/jobs/run.yaml", []byte(text), lookup)
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), ">  6 |") {
			t.Errorf("%s: %v, want %q", c.uri, err, c.want)
		}
	}
	_, err := Parse("s3://bucket/q3/run.yaml", []byte(least("out: ../../out")), lookup)
	if err == nil || !strings.Contains(err.Error(), `"../../out" leads out of the bucket bucket`) || !strings.Contains(err.Error(), ">  1 |") {
		t.Error(err)
	}
}

func TestCA(t *testing.T) {
	if f := parse(t, least("storage: {ca: ca.pem}")); f.Storage.CA != "/jobs/ca.pem" {
		t.Error(f.Storage.CA)
	}
	for _, c := range []struct{ from, ca string }{{"s3://bucket/run.yaml", "ca.pem"}, {"/jobs/run.yaml", "s3://bucket/ca.pem"}} {
		if _, err := Parse(c.from, []byte(least("storage: {ca: \""+c.ca+"\"}")), lookup); err == nil || !strings.Contains(err.Error(), "is not a file of this machine") {
			t.Errorf("%s in %s: %v", c.ca, c.from, err)
		}
	}
}

func TestStorage(t *testing.T) {
	yes, no := true, false
	for _, c := range []struct {
		text string
		want Storage
	}{
		{"{endpoint: \"http://127.0.0.1:9000/\", region: cn-north-1, path_style: true, ca: /etc/ca.pem, profile: 0603, timeout: 1m30s, requests: 256}",
			Storage{Endpoint: "http://127.0.0.1:9000/", Region: "cn-north-1", PathStyle: &yes, CA: "/etc/ca.pem", Profile: "0603", Timeout: "1m30s", Requests: 256}},
		{"{path_style: false, anonymous: true, requests: 1}", Storage{PathStyle: &no, Anonymous: true, Requests: 1}},
		{"{region: true}", Storage{Region: "true"}},
		{"{}", Storage{}},
	} {
		if f := parse(t, least("storage: "+c.text)); !reflect.DeepEqual(f.Storage, c.want) {
			t.Errorf("%s: %+v", c.text, f.Storage)
		}
	}
}
