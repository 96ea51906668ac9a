package runfile

import (
	"strings"
	"testing"
)

// Every mistake is answered with what is wrong, what to do, and where a line can be named, the line.
func TestMistakes(t *testing.T) {
	const before, after = "before: {scenes: [a.tif], date: 2024-08-14}\n", "after: {scenes: [b.tif], date: 2025-08-20}\n"
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", "the file is empty"},
		{"only comments", "# nothing\n---\n", "the file is empty"},
		{"two documents", before + after + "---\nname: x\n", "second YAML document"},
		{"no YAML", "name: [", "[1:7]"},
		{"a list", "- a\n", "[1:1]"},
		{"unknown key", before + "aftr: {}\n" + after, `[2:1] unknown key "aftr" (did you mean "after"?)`},
		{"unknown key in before", "before: {scenes: [a.tif], dat: 2024-08-14}\n" + after, `[1:27] unknown key "dat" (did you mean "date"`},
		{"unknown key in a scene", "before:\n  scenes:\n    - {uri: a.tif, sensr: GF-2}\n  date: 2024-08-14\n" + after, `[3:20] unknown key "sensr" (did you mean "sensor"`},
		{"unknown key in survey", before + after + "survey: {source: a, class: b, system: c, code: d}\n", `[3:42] unknown key "code"`},
		{"a key of another place", before + after + "rules: default\nclass: DLBM\n", `[4:1] unknown key "class" here`},
		{"a number as a key", before + after + "survey: {source: a, class: b, system: c, 1: d}\n", `[3:42] unknown key "1"`},
		{"a number as a key of a scene", "before: {scenes: [{uri: a.tif, 1.50: x}], date: 2024-08-14}\n" + after, `[1:32] unknown key "1.50"`},
		{"nothing as a key", before + after + "survey: {source: a, class: b, system: c, ~: d}\n", `[3:42] unknown key "~"`},
		{"a number as a role", "before: {scenes: [a.tif], date: 2024-08-14, bands: {red: 1, 2: 2}}\n" + after, `unknown band role "2"`},
		{"a time in a list", "before: {scenes: [1:30], date: 2024-08-14}\n" + after, `[1:19] unknown key "1"`},
		{"key twice", before + before + after, "[2:1]"},
		{"scenes as a text", "before: {scenes: a.tif, date: 2024-08-14}\n" + after, "[1:18]"},
		{"a scene as a list", "before: {scenes: [[a.tif]], date: 2024-08-14}\n" + after, "[1:19]"},
		{"a text as a list", before + "after:\n  scenes: [b.tif]\n  date: [1]\n", "[4:9] a text is wanted here"},
		{"a number as a text", before + after + "grid: {crs: EPSG:4530, pixel: half}\n", "[3:31] a number is wanted here"},
		{"a band as a text", "before: {scenes: [a.tif], date: 2024-08-14, bands: {red: x}}\n" + after, "[1:58] a whole number is wanted here"},

		{"no before", after, "before: no scenes: list at least one file"},
		{"no after", before, "after: no scenes: list at least one file"},
		{"no path", "before: {scenes: [a.tif, {date: 2024-08-14}], date: 2024-08-14}\n" + after, "before: scene 2 has no path"},
		{"no date", before + "after: {scenes: [b.tif]}\n", "after: scene b.tif has no date: add `date: YYYY-MM-DD`"},
		{"wrong date", before + "after:\n  scenes: [b.tif]\n  date: 2025-8-20\n", "after: \"2025-8-20\" is not a date: write it as 2025-08-20\n"},
		{"wrong date, its line", before + "after:\n  scenes: [b.tif]\n  date: 2025-8-20\n", ">  4 |   date: 2025-8-20"},
		{"impossible date", before + "after: {scenes: [b.tif], date: 2025-02-30}\n", `"2025-02-30" is not a date`},
		{"wrong date of a scene", before + "after:\n  scenes:\n    - uri: b.tif\n      date: yesterday\n", ">  5 |       date: yesterday"},
		{"unknown role", "before: {scenes: [a.tif], date: 2024-08-14, bands: {rot: 1}}\n" + after, `unknown band role "rot": the roles are`},
		{"band 0", "before: {scenes: [a.tif], date: 2024-08-14, bands: {red: 0}}\n" + after, "band red: 0 is not a band number: bands are counted from 1"},

		{"region empty", before + after + "region: {crs: EPSG:4530}\n", "region: give either a source or a bbox"},
		{"region twice", before + after + "region: {source: a.gpkg, bbox: [1, 2, 3, 4], crs: EPSG:4530}\n", "region: give either a source or a bbox"},
		{"three numbers", before + after + "region: {bbox: [1, 2, 3], crs: EPSG:4530}\n", "bbox has 3 numbers"},
		{"bbox without crs", before + after + "region: {bbox: [1, 2, 3, 4]}\n", "bbox needs its crs"},
		{"bbox in the wrong order", before + after + "region: {bbox: [3, 2, 1, 4], crs: EPSG:4530}\n", "bbox is empty"},
		{"bbox of NaN", before + after + "region: {bbox: [.nan, 2, 3, 4], crs: EPSG:4530}\n", "bbox is empty"},
		{"endless bbox", before + after + "region: {bbox: [0, 2, .inf, 4], crs: EPSG:4530}\n", "bbox is infinite"},
		{"grid without crs", before + after + "grid: {pixel: 1}\n", "grid: give both crs and pixel"},
		{"pixel of 0", before + after + "grid: {crs: EPSG:4530, pixel: 0}\n", "grid: give both crs and pixel"},
		{"endless pixel", before + after + "grid: {crs: EPSG:4530, pixel: .inf}\n", "grid: give both crs and pixel"},
		{"survey without source", before + after + "survey: {class: DLBM, system: 三调}\n", "survey: no source"},
		{"survey without class", before + after + "survey: {source: a.gpkg, system: 三调}\n", "survey: no class: name the field"},
		{"survey without system", before + after + "survey: {source: a.gpkg, class: DLBM}\n", "declare `system: TD/T 1055-2019` or `system: 用地用海 2023`"},
		{"survey, its line", before + after + "survey: {source: a.gpkg, class: DLBM}\n", ">  3 | survey"},
		{"normalise", before + after + "normalise: ir-mad\n", `normalise: there is no choice "ir-mad": write auto or none`},
		{"registration", before + after + "registration: affine\n", `registration: there is no choice "affine"`},
		{"clouds", before + after + "clouds: all\n", `clouds: there is no choice "all": write auto or none`},
		{"season", before + after + "season: {growing: summer}\n", `season: growing: "summer" is not a span of days: write it as 06-01..09-20`},
		{"a probability of nothing", before + after + "probabilities:\n  built: {scale: 0.01}\n", "probabilities: built has no raster: give before and after, or pair"},
		{"a probability that is null", before + after + "probabilities: {built: ~}\n", "probabilities: built has no raster"},
		{"a probability of dates and pair", before + after + "probabilities:\n  built: {before: p.tif}\n  both: {after: p.tif, pair: q.tif}\n", ">  5 |   both: {after"},
		{"a probability as a path", before + after + "probabilities: {built: p.tif}\n", "a map such as {key: value} is wanted here"},
		{"a key of a probability", before + after + "probabilities: {built: {befor: p.tif}}\n", `unknown key "befor" (did you mean "before"?)`},
		{"probabilities scaled away", before + after + "probabilities: {built: {pair: p.tif, scale: 0}}\n", "probabilities: built: scale 0 is not possible"},
		{"probabilities of an endless scale", before + after + "probabilities: {built: {pair: p.tif, scale: .inf}}\n", "scale +Inf is not possible"},
		{"a probability in band -1", before + after + "probabilities: {built: {pair: p.tif, band: -1}}\n", "probabilities: built: -1 is not a band number"},
		{"a probability in half a band", before + after + "probabilities: {built: {pair: p.tif, band: 1.5}}\n", "[3:44] a whole number is wanted here"},
		{"a probability out of the bucket", before + after + "probabilities: {built: {pair: s3://b}}\n", "is no name of a bucket"},
		{"output", before + after + "outputs: [gpkg, pdf]\n", `unknown output "pdf": choose among gpkg, shp, report`},
		{"a scene of two kinds", "before: {scenes: [{uri: a.tif, stac: b.json}], date: 2024-08-14}\n" + after, "before: scene 1 has both uri and stac"},
		{"an asset of nothing", "before:\n  date: 2024-08-14\n  scenes:\n    - {uri: a.tif, asset: data}\n" + after, ">  4 |     - {uri: a.tif, asset: data}"},
		{"nodata_at", "before: {scenes: [a.tif], date: 2024-08-14, nodata_at: border}\n" + after, `nodata_at: "border" is neither edge nor anywhere`},
		{"nodata as a word", "before: {scenes: [a.tif], date: 2024-08-14, nodata: edge}\n" + after, "[1:53] a number is wanted here"},
		{"seams as a path", "before: {scenes: [a.tif], seams: s.gpkg}\n" + after, "before: seams: give the source and its field with the date"},
		{"seams without a date", "before:\n  scenes:\n    - {uri: a.tif, seams: {source: s.gpkg}}\n" + after, ">  3 |     - {uri: a.tif, seams:"},
		{"seams without a source", "before: {scenes: [a.tif], seams: {date: RQ}}\n" + after, "before: seams: give the source"},
		{"a key of seams", "before: {scenes: [a.tif], seams: {source: s.gpkg, dat: RQ}}\n" + after, `[1:51] unknown key "dat" (did you mean "date"`},
		{"a mask without a source", "before: {scenes: [a.tif], date: 2024-08-14, cloud: {cloud: [1]}}\n" + after, "before: cloud: no source"},
		{"a mask of another name", "before: {scenes: [a.tif], date: 2024-08-14, cloud: \"{name}.tif\"}\n" + after, "{name} in the source stands for nothing: {dir} is"},
		{"a folder in the middle", "before: {scenes: [a.tif], date: 2024-08-14, cloud: \"masks/{dir}/{stem}.tif\"}\n" + after, "it can only stand first"},
		{"cloud and shadow", "before: {scenes: [a.tif], date: 2024-08-14, cloud: {source: c.tif, cloud: [1, 2], shadow: [2]}}\n" + after, "the value 2 is both cloud and shadow"},
		{"values of polygons", "before: {scenes: [a.tif], date: 2024-08-14, cloud: {source: c.gpkg, layer: c, cloud: [1]}}\n" + after, "a layer has polygons, not values"},
		{"one value", "before: {scenes: [a.tif], date: 2024-08-14, cloud: {source: c.tif, cloud: 1}}\n" + after, "[1:75] a list in square brackets is wanted here"},
		{"half a value", "before: {scenes: [a.tif], date: 2024-08-14, cloud: {source: c.tif, shadow: [1, 2.5]}}\n" + after, "[1:80] a whole number is wanted here"},

		{"half a band", "before: {scenes: [a.tif], date: 2024-08-14, bands: {red: 1.5}}\n" + after, "[1:58] a whole number is wanted here"},
		{"half a band as a text", "before: {scenes: [a.tif], date: 2024-08-14, bands: {red: '1.5'}}\n" + after, "[1:58] a whole number is wanted here"},
		{"half a band under quotes", "before: {scenes: [a.tif], date: 2024-08-14, \"bands\": {red: 1.5}}\n" + after, "[1:60] a whole number is wanted here"},
		{"half a band behind an alias", "grid: {crs: EPSG:4530, pixel: &p 1.5}\nbefore: {scenes: [a.tif], date: 2024-08-14, bands: {red: *p}}\n" + after, "[2:58] a whole number is wanted here"},
		{"a band of 1e3", "before: {scenes: [a.tif], date: 2024-08-14, bands: {red: 1e3}}\n" + after, "[1:58] a whole number is wanted here"},
		{"a band without an end", "before: {scenes: [a.tif], date: 2024-08-14, bands: {red: 99999999999999999999}}\n" + after, "[1:58] a whole number is wanted here\n"},
		{"bands as a list", "before: {scenes: [a.tif], date: 2024-08-14, bands: [1, 2]}\n" + after, "[1:52] a map such as {key: value} is wanted here"},

		{"an empty list of surveys", before + after + "survey: {source: [], class: DLBM, system: 三调}\n", "survey: no source"},
		{"an empty path of a survey", before + after + "survey: {source: [a.gpkg, \"\"], class: DLBM, system: 三调}\n", "survey: no source"},
		{"a survey as a map", before + after + "survey: {source: {a: b}, class: DLBM, system: 三调}\n", "[3:18] a list in square brackets is wanted here"},

		{"no URL", before + after + "storage: {endpoint: minio.example.org}\n", `endpoint: "minio.example.org" is not the URL of a server`},
		{"an endpoint with a bucket", before + after + "storage: {endpoint: https://minio.example.org/imagery}\n", "is more than a server"},
		{"no duration", before + after + "storage: {timeout: 30}\n", `>  3 | storage: {timeout: 30}`},
		{"an endless duration", before + after + "storage: {timeout: 1000h}\n", `timeout: "1000h" is not a duration from 1s to 1h`},
		{"no requests", before + after + "storage: {requests: 0}\n", "requests: 0 is not a number from 1 to 256"},
		{"many requests", before + after + "storage: {requests: 257}\n", "requests: 257 is not a number from 1 to 256"},
		{"half a request", before + after + "storage: {requests: 2.5}\n", "[3:21] a whole number is wanted here"},
		{"perhaps anonymous", before + after + "storage: {anonymous: yes}\n", "[3:22] true or false is wanted here"},
		{"anonymous by name", before + after + "storage: {anonymous: true, profile: x}\n", "leave out one"},
		{"a key of storage", before + after + "storage: {endpont: x}\n", `unknown key "endpont" (did you mean "endpoint"?)`},
		{"storage as a text", before + after + "storage: x\n", "[3:10] a map such as {key: value} is wanted here"},

		{"too large", before + after + "#" + strings.Repeat("x", maxBytes), "larger than 1 MiB"},
	} {
		f, err := Parse("/jobs/run.yaml", []byte(c.text), lookup)
		if err == nil {
			t.Errorf("%s: accepted as %+v", c.name, f)
			continue
		}
		if !strings.HasPrefix(err.Error(), "/jobs/run.yaml: ") || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s:\n%v\nwant %q", c.name, err, c.want)
		}
	}
}

func TestEnvironment(t *testing.T) {
	f := parse(t, `# $NOT, ${NOT}
before: {scenes: [${DATA}/a.tif, "$DATA/#1.tif", '${DATA}/ #2.tif', x$DATA], date: $DAY} # $NOT
  # ${NOT}
after: {scenes: ["b$5.tif", "c$", "d${}"], date: 2025-08-20}	# ${NOT}
name: "${EMPTY}it's \" # ${DAY}" # $NOT
`)
	var got []string
	for _, s := range append(f.Before.Scenes, f.After.Scenes...) {
		got = append(got, s.URI+" "+s.Date)
	}
	got = append(got, f.Name)
	want := "/data/a.tif 2024-08-14|/data/#1.tif 2024-08-14|/data/ #2.tif 2024-08-14|/jobs/x/data 2024-08-14|" +
		`/jobs/b$5.tif 2025-08-20|/jobs/c$ 2025-08-20|/jobs/d${} 2025-08-20|it's " # 2024-08-14`
	if s := strings.Join(got, "|"); s != want {
		t.Errorf("got  %s\nwant %s", s, want)
	}
	for _, name := range []string{"$NOT", "${NOT}", "\"# ${NOT}\""} {
		_, err := Parse("run.yaml", []byte("name: x\n\nout: "+name+"\n"), lookup)
		if err == nil || err.Error() != "run.yaml: line 3: the environment variable NOT is not set" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A credential in a run file is refused before anything else is said, and never repeated.
func TestSecrets(t *testing.T) {
	for _, c := range []struct{ line, at string }{
		{"storage: {access_key: hunter2}", "[1:11] access_key"},
		{"storage:\n  endpont: x\n  aws_secret_access_key: hunter2", "[3:3] aws_secret_access_key"},
		{"storage: {AccessKeyId: hunter2}", "[1:11] AccessKeyId"},
		{"storage: {session-token: hunter2}", "[1:11] session-token"},
		{"storage: {endpoint: \"https://me:hunter2@minio.example.org\"}", "storage: endpoint holds a user or a password"},
	} {
		_, err := Parse("run.yaml", []byte(least(c.line)), lookup)
		if err == nil || !strings.HasPrefix(err.Error(), "run.yaml: "+c.at+": credentials come from the environment or a profile (AWS_ACCESS_KEY_ID") || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", c.line, err)
		}
	}
}

// What a Chinese keyboard leaves behind is named with its place, in the line of the error or above it.
func TestFullWidth(t *testing.T) {
	const good = "before: {scenes: [a.tif], date: 2024-08-14}\nafter: {scenes: [b.tif], date: 2025-08-20}\n"
	for _, c := range []struct{ name, old, wrong, want string }{
		{"colon", "before: {", "before：{", `line 1, column 7: '：' is a full-width sign, which YAML takes for a part of a text; if ':' is meant, write half width`},
		{"colon in a map", "date: 2024", "date：2024", `line 1, column 31: '：'`},
		{"comma", "], date", "]，date", `line 1, column 25: '，'`},
		{"brackets", "[a.tif]", "［a.tif］", `line 1, column 18: '［' is a full-width sign, which YAML takes for a part of a text; if '[' is meant`},
		{"corner brackets", "[a.tif]", "「a.tif」", `line 1, column 18: '「' is a full-width sign, which YAML takes for a part of a text; if '[' is meant`},
		{"braces", "{scenes: [a.tif], date: 2024-08-14}", "｛scenes: [a.tif], date: 2024-08-14｝", `line 1, column 9: '｛'`},
		{"digits", "2024-08", "２024-08", `line 1, column 33: '２' is a full-width sign, which YAML takes for a part of a text; if '2' is meant`},
		{"space", "before: {", "before:\u3000{", `line 1, column 8: '\u3000' is a full-width sign, which YAML takes for a part of a text; if ' ' is meant, write a plain space`},
		{"indent", "before: {scenes: [a.tif], date: 2024-08-14}", "before:\n\u3000\u3000scenes: [a.tif]\n  date: 2024-08-14", `line 2, column 1: '\u3000'`},
		{"dash", "{scenes: [a.tif], date: 2024-08-14}", "\n  date: 2024-08-14\n  scenes:\n    －a.tif", `line 4, column 5: '－'`},
		{"quotes", "a.tif", "\"a.tif”", `line 1, column 25: '”'`},
	} {
		text := strings.Replace(good, c.old, c.wrong, 1)
		_, err := Parse("run.yaml", []byte(text), lookup)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s:\n%v\nwant %s", c.name, err, c.want)
		}
	}
	// Names may have such signs, and an error elsewhere does not blame them.
	for _, text := range []string{
		"name: “农安”：第一期\n" + good,
		"# 说明：见文档\n" + good,
	} {
		parse(t, text)
	}
	for _, text := range []string{
		"# 说明：见文档\nbefore: {scenes: [\"影像：东.tif\"], date: yesterday} # 日期：昨天\nafter: {scenes: [b.tif], date: 2025-08-20}\n",
		"before: {scenes: [影像（东）.tif], date: yesterday}\nafter: {scenes: [b.tif], date: 2025-08-20}\n",
	} {
		if _, err := Parse("run.yaml", []byte(text), lookup); err == nil || strings.Contains(err.Error(), "full-width") {
			t.Errorf("%s: %v", text, err)
		}
	}
}
