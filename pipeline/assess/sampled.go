package assess

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"tuban/classify/accuracy"
	"tuban/raster/ellipsoid"
)

// SampleReport is what an interpreted sample says of a map.
type SampleReport struct {
	Product     string `json:"product"`
	Key         string `json:"key"`
	Points      int    `json:"points"`
	Interpreted int    `json:"interpreted"`
	Left        int    `json:"left"`
	// Method is accuracy.Olofsson2014 or accuracy.Stehman2014.
	Method  accuracy.Method `json:"method"`
	TotalM2 float64         `json:"total_m2"`
	Strata  []StratumReport `json:"strata"`
	// Overall and what Classes hold are shares; rows of Counts and Proportions are map classes, columns the reference.
	Overall     accuracy.Estimate  `json:"overall"`
	Classes     []ClassReport      `json:"classes"`
	Counts      [][]int            `json:"counts"`
	Proportions [][]accuracy.Ratio `json:"proportions"`
	Warnings    []string           `json:"warnings"`
}

// StratumReport says how far a stratum is interpreted.
type StratumReport struct {
	SampleStratum
	Interpreted int `json:"interpreted"`
}

// ClassReport is the accuracy of a class, and its area by the reference, in m².
type ClassReport struct {
	Class
	Users     accuracy.Estimate `json:"users"`
	Producers accuracy.Estimate `json:"producers"`
	Area      accuracy.Estimate `json:"area_m2"`
}

// Read reads the interpreted sample in dir and estimates the accuracy of the map. Points that are not interpreted yet
// are left out, which is sound as long as they are not those that are hard to tell.
func Read(ctx context.Context, v Vectors, dir string) (*SampleReport, error) {
	d, err := readDesign(dir)
	if err != nil {
		return nil, err
	}
	got, err := readAnswers(ctx, v, dir, d)
	if err != nil {
		return nil, err
	}
	r := &SampleReport{Product: d.Product, Key: d.Key, Points: len(d.Points), Interpreted: len(got), Left: len(d.Points) - len(got), Warnings: []string{}}
	classes, units, err := r.units(d, got)
	if err != nil {
		return nil, err
	}
	var strata []accuracy.Stratum
	var codes []string
	for _, s := range d.Strata {
		strata = append(strata, accuracy.Stratum{Name: s.Name, Size: float64(s.Pixels) * d.PixelM2})
	}
	for _, c := range classes {
		codes = append(codes, c.Code)
	}
	est, err := accuracy.Estimates(strata, codes, units)
	var few *accuracy.FewUnitsError
	if errors.As(err, &few) {
		return nil, badInput(fmt.Errorf("%w; %d of %d points are left to interpret in %s", err, r.Left, r.Points, dir))
	}
	if err != nil {
		return nil, err
	}
	r.Method, r.TotalM2, r.Overall, r.Counts, r.Proportions = est.Method, est.Total, est.Overall, est.Counts, est.Proportions
	for k, c := range classes {
		r.Classes = append(r.Classes, ClassReport{c, est.Users[k], est.Producers[k], est.Area(k)})
	}
	if r.Left > 0 {
		r.Warnings = append(r.Warnings, fmt.Sprintf("%d of %d points are not interpreted yet: the figures are preliminary, and biased where what was left is what is hard to tell", r.Left, r.Points))
	}
	return r, nil
}

// units turns answers into units of the sample, and returns the classes that the map or the reference has, in the
// order of the design, which is that of the strata where the two are the same.
func (r *SampleReport) units(d *Design, got answers) (classes []Class, units []accuracy.Unit, err error) {
	position := func(code string) int {
		return slices.IndexFunc(d.Classes, func(c Class) bool { return c.Code == code })
	}
	used := make([]bool, len(d.Classes))
	stratum := map[string]int{}
	for i, s := range d.Strata {
		stratum[s.Name] = i
		r.Strata = append(r.Strata, StratumReport{SampleStratum: s})
		if k := position(s.Name); k >= 0 && d.By == ByKind {
			used[k] = true
		}
	}
	for _, q := range d.Points {
		k := position(q.Map)
		s, ok := stratum[q.Stratum]
		if k < 0 || !ok {
			return nil, nil, badInput(fmt.Errorf("%s: point %d has the class %q in the stratum %q, which are not both known: the file is damaged; the same draw with the same seed gives it again", sampleJSON, q.ID, q.Map, q.Stratum))
		}
		class, ok := got[q.ID]
		if !ok {
			continue
		}
		used[k], used[class] = true, true
		r.Strata[s].Interpreted++
		units = append(units, accuracy.Unit{Stratum: s, Map: k, Reference: class})
	}
	at := make([]int, len(d.Classes))
	for k, c := range d.Classes {
		if used[k] {
			at[k] = len(classes)
			classes = append(classes, c)
		}
	}
	for i := range units {
		units[i].Map, units[i].Reference = at[units[i].Map], at[units[i].Reference]
	}
	return classes, units, nil
}

// WriteText writes the report as tables for people.
func (r *SampleReport) WriteText(w io.Writer) {
	method := "Olofsson et al. 2014: the strata are the map classes"
	if r.Method == accuracy.Stehman2014 {
		method = "Stehman 2014: the strata are not the map classes"
	}
	fmt.Fprintf(w, "product   %s (key %s)\nsample    %d points, %d interpreted, %d left\nmethod    %s\n", r.Product, r.Key, r.Points, r.Interpreted, r.Left, method)
	for _, x := range r.Warnings {
		fmt.Fprintln(w, "warning  ", x)
	}
	fmt.Fprintf(w, "\n  %-28s %14s %10s %12s\n", "stratum", "hectares", "weight", "interpreted")
	for _, s := range r.Strata {
		fmt.Fprintf(w, "  %-28s %14.4f %10.6f %6d of %d\n", s.Name, ellipsoid.Hectares(s.Weight*r.TotalM2), s.Weight, s.Interpreted, s.Drawn)
	}
	fmt.Fprintf(w, "\nshares of the area (rows: map, columns: reference)\n  %-20s", "")
	for _, c := range r.Classes {
		fmt.Fprintf(w, " %12.12s", c.Code)
	}
	fmt.Fprintln(w)
	for i, c := range r.Classes {
		fmt.Fprintf(w, "  %-20s", c.Code)
		for k := range r.Classes {
			fmt.Fprintf(w, " %12.6f", float64(r.Proportions[i][k]))
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintf(w, "\noverall accuracy %s\n\n", share(r.Overall))
	fmt.Fprintf(w, "  %-20s %-32s %s\n", "", "user's accuracy", "producer's accuracy")
	for _, c := range r.Classes {
		fmt.Fprintf(w, "  %-20s %-32s %s\n", c.Code, share(c.Users), share(c.Producers))
	}
	fmt.Fprintf(w, "\n  %-20s %14s %14s %14s   %s\n", "area by the reference", "hectares", "± 1.96 SE", "亩", "95 % interval, hectares")
	for _, c := range r.Classes {
		a := c.Area
		fmt.Fprintf(w, "  %-21s %14.4f %14.4f %14.2f   %.4f … %.4f\n", c.Code, ellipsoid.Hectares(float64(a.Value)), ellipsoid.Hectares(float64(a.Margin)),
			ellipsoid.Mu(float64(a.Value)), ellipsoid.Hectares(float64(a.Low)), ellipsoid.Hectares(float64(a.High)))
	}
	fmt.Fprintln(w, "\n± is 1.96 standard errors; the interval in brackets also holds where errors are few.")
}

// share writes an estimate with its margin and its interval.
func share(e accuracy.Estimate) string {
	if !e.Value.Defined() {
		return "-"
	}
	return fmt.Sprintf("%.3f ± %.3f [%.3f, %.3f]", float64(e.Value), float64(e.Margin), float64(e.Low), float64(e.High))
}
