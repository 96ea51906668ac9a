package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"tuban/raster"
)

// realPair is a labelled pair of real images.
type realPair struct {
	name, folder  string // folder holds before.tif, after.tif and reference.tif
	roles         []raster.Role
	before, after string // days
}

// fourBands are those of the forest pair.
var fourBands = []raster.Role{raster.Blue, raster.Green, raster.Red, raster.NIR}

// realSet lists the pairs of a set as runs take them. The days of rgb_levir and rgb_dsifn are not known: they are given two summers, four
// years apart.
func realSet(data string, s set) ([]realPair, error) {
	folders, err := s.scenes(data)
	if err != nil {
		return nil, err
	}
	var out []realPair
	for _, folder := range folders {
		p := realPair{name: s.name, folder: folder, roles: s.roles, before: "2014-06-01", after: "2018-06-01"}
		if base := filepath.Base(folder); base != s.name {
			p.name += "-" + base
		}
		switch s.name {
		case "taizhou":
			p.before, p.after = "2000-03-17", "2003-02-06"
		case "volcan_barva_forest":
			// The year is known, the day is not; near the equator it decides nothing.
			p.before, p.after = "1986-02-01", "2001-02-01"
		case "oscd":
			if p.before, p.after, err = readDates(filepath.Join(folder, "dates.txt")); err != nil {
				return nil, err
			}
		}
		out = append(out, p)
	}
	return out, nil
}

var dateLine = regexp.MustCompile(`(?m)^date_([12]):\s*(\d{8})\s*$`)

// readDates reads the days that stand beside a pair of oscd.
func readDates(path string) (before, after string, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return "", "", err
	}
	days := map[string]string{}
	for _, m := range dateLine.FindAllStringSubmatch(string(text), -1) {
		days[m[1]] = m[2]
	}
	if days["1"] == "" || days["2"] == "" {
		return "", "", fmt.Errorf("%s: there are no lines date_1 and date_2", path)
	}
	return days["1"], days["2"], nil
}

// runText is the pair's run file: the two images, their bands and days, and nothing else.
func (p realPair) runText() []byte {
	var bands []string
	for i, r := range p.roles {
		bands = append(bands, fmt.Sprintf("%s: %d", r, i+1))
	}
	date := func(file, day string) string {
		return fmt.Sprintf("{scenes: [%q], bands: {%s}, date: %q}", filepath.Join(p.folder, file), strings.Join(bands, ", "), day)
	}
	return fmt.Appendf(nil, "name: %s\nbefore: %s\nafter: %s\n", p.name, date("before.tif", p.before), date("after.tif", p.after))
}

// reference is the file of the labels.
func (p realPair) reference() string { return filepath.Join(p.folder, "reference.tif") }
