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
		{"normalise", before + after + "normalise: auto\n", `normalise: "auto" is not available: write none`},
		{"registration", before + after + "registration: auto\n", `registration: "auto" is not available`},
		{"output", before + after + "outputs: [gpkg, pdf]\n", `unknown output "pdf": choose among gpkg, shp, report`},
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
