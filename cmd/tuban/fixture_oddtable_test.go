package main

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

var updateOdd = flag.Bool("update", false, "write docs/odd-files.md anew")

// oddRow is what became of a file in each of its roles.
type oddRow struct {
	file     string
	verdicts map[string]verdict
}

// oddTable is what is published of the odd files.
type oddTable struct{ rasters, vectors []oddRow }

func newOddTable(rasters, vectors int) *oddTable {
	return &oddTable{make([]oddRow, rasters), make([]oddRow, vectors)}
}

var (
	rasterRoles = []string{"scene", "with `crs:`", "mask"}
	vectorRoles = []string{"survey", "region", "seams", "cloud"}
)

const oddIntroduction = `# What becomes of odd files

Files from the test suites of imagery and vector libraries: damaged, truncated, absurd, or only unusual. Each went through
` + "`tuban run`" + ` in each role that it can have, with 256 MiB of memory and 20 seconds. This page is written by the test that does
so (` + "`go test ./cmd/tuban -run TestOddFiles -update`" + `) and compared with each later run of it.

| word | means |
|---|---|
| read | a complete product (exit code 0). What it could not observe is said in it, and here: no data, cloud |
| gaps | a product that says first that it is not complete (exit code 4). The share that cannot be read is published as unobserved |
| refused | no product (exit code 3); the message names the file and what to do. Here it is without the file's name |

Nothing else may happen: no crash, no hang, no fault of the program, no product that does not pass ` + "`tuban check`" + `. Where the
child process died and the run went on without what it died of, the last column would say that it survived a crash.

## Rasters

As the after scene of a run, whose before scene is a plain image on the same grid; where the pixels are larger than half a
kilometre, or nothing can be measured in the file's system, on a grid of smaller pixels in its middle or elsewhere. And as the
cloud mask of such a run. A file with a geotransform and without a coordinate reference system was tried again with one declared.
A GeoTIFF that does not say where it lies was tried once more, *completed*: with an .aux.xml that says so; its pixels are its own.

`

const oddVectors = `
## Vectors

As survey (its class field is the first that the file has), as region, as seam lines (the date in that field) and as cloud
mask of a run over the extent of the first layer of polygons. Hardly any of these files has land classes or dates. So Shapefiles of polygons were
tried once more, *completed*: with a .prj and with a .dbf that has both; the geometry is the file's own.

`

// compare holds the table against the document, or writes the document. Of a sample, the rows must be in the document.
func (o *oddTable) compare(t *testing.T, path string) {
	text := oddIntroduction + summary(o.rasters, rasterRoles, "") + summary(o.rasters, rasterRoles, completed) + "\n| file | as a scene | as a mask | why |\n|---|---|---|---|\n"
	var lines []string
	for _, r := range o.rasters {
		for _, suffix := range suffixes(r, rasterRoles[0]) {
			scene := r.verdicts["scene"+suffix].word
			if again, ok := r.verdicts[rasterRoles[1]+suffix]; ok {
				scene += "; " + rasterRoles[1] + " " + again.word
			}
			lines = append(lines, fmt.Sprintf("| %s | %s | %s | %s |\n", r.file+suffix, scene, r.verdicts["mask"+suffix].word, reasons(r.verdicts, rasterRoles, suffix)))
		}
	}
	text += strings.Join(lines, "") + oddVectors + summary(o.vectors, vectorRoles, "") + summary(o.vectors, vectorRoles, completed) +
		"\n| file | survey | region | seams | cloud | why |\n|---|---|---|---|---|---|\n"
	first := len(lines)
	for _, r := range o.vectors {
		for _, suffix := range suffixes(r, vectorRoles[0]) {
			line := "| " + r.file + suffix
			for _, role := range vectorRoles {
				line += " | " + r.verdicts[role+suffix].word
			}
			lines = append(lines, line+" | "+reasons(r.verdicts, vectorRoles, suffix)+" |\n")
		}
	}
	text += strings.Join(lines[first:], "")

	partly := testing.Short() || t.Failed() || slices.ContainsFunc(slices.Concat(o.rasters, o.vectors), func(r oddRow) bool { return r.file == "" })
	if *updateOdd && !partly {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want := readText(t, path)
	for _, line := range lines {
		if !strings.HasPrefix(line, "|  |") && !strings.Contains(want, line) {
			t.Errorf("docs/odd-files.md says something else than:\n%s", line)
		}
	}
	if !partly && text != want {
		t.Error("docs/odd-files.md is not of this test: write it with -update")
	}
}

// suffixes are those of the attempts at a file, which are seen at one of its roles.
func suffixes(r oddRow, role string) []string {
	if _, ok := r.verdicts[role+completed]; ok {
		return []string{"", completed}
	}
	return []string{""}
}

// reasons joins what there is to say of the roles of a file; what holds for all is said once.
func reasons(verdicts map[string]verdict, roles []string, suffix string) string {
	var said []string
	of := map[string][]string{}
	tried := 0
	for _, role := range roles {
		v, ok := verdicts[role+suffix]
		if !ok {
			continue
		}
		tried++
		if v.why == "" {
			continue
		}
		if of[v.why] == nil {
			said = append(said, v.why)
		}
		of[v.why] = append(of[v.why], role)
	}
	var parts []string
	for _, why := range said {
		if len(of[why]) < tried {
			parts = append(parts, strings.Join(of[why], ", ")+": "+why)
		} else {
			parts = append(parts, why)
		}
	}
	return strings.ReplaceAll(strings.Join(parts, "<br>"), "|", `\|`)
}

// summary counts the verdicts of each role.
func summary(rows []oddRow, roles []string, suffix string) (text string) {
	for _, role := range roles {
		counts := map[string]int{}
		for _, r := range rows {
			if v, ok := r.verdicts[role+suffix]; ok {
				counts[v.word]++
			}
		}
		var parts []string
		for _, word := range []string{wasRead, hasGaps, wasRefused} {
			parts = append(parts, fmt.Sprintf("%d %s", counts[word], word))
		}
		if len(counts) == 0 {
			continue
		}
		text += "- " + role + suffix + ": " + strings.Join(parts, ", ") + "\n"
	}
	return text
}
