package main

import (
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tuban/classify/day"
	"tuban/classify/landclass"
	"tuban/pipeline/recall"
	"tuban/pipeline/runfile"
	"tuban/raster/gdal"
	"tuban/raster/spell"
)

func newRecallSurvey() *cobra.Command {
	var o recall.SurveyOptions
	var to, system, since, until string
	all, flagged := recall.TypeCodes()
	cmd := &cobra.Command{
		Use:   "survey FILE --register DIR --to DIR",
		Short: "Compare the accepted annual change layer with what was released",
		Long: `Compare the accepted annual change layer (DLTBGXGC: BGQDLBM, BGHDLBM, …) with the current releases of the register. A release is
answered when changes of class cover half of it or more (--overlap), to a class that agrees with its type or to another one. A change
that no release covers was missed; with --product it is said why: it was no candidate, one that was not published or not
released, or not observed; and what lies off the products does not count.

DIR receives recall.gpkg with the layers answered, unanswered, missed and truth, and recall.xlsx, recall.html and recall.json. The layer
truth is a reference for tuban assess: changes that counties accepted, whoever found them.

Types of changes: ` + strings.Join(all, ", ") + `; by default ` + strings.Join(flagged, ", ") + `.`,
		Example: `  tuban recall survey DLTBGXGC.gpkg --register register --product out --to recall
  tuban recall survey 2026.gdb --layer DLTBGXGC --register register --since 2026-01-01 --min-area 200 --to recall
  tuban assess out --reference recall/recall.gpkg --layer truth`,
		Args: one("the annual change layer"),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := cmd.Context()
			o.File = args[0]
			var err error
			if o.Since, err = day.Parse(since); err != nil {
				return usageError{fmt.Errorf("--since: %w", err)}
			}
			if o.Until, err = day.Parse(until); err != nil {
				return usageError{fmt.Errorf("--until: %w", err)}
			}
			if system != "" {
				if o.System, err = landclass.ParseSystem(system); err != nil {
					return usageError{fmt.Errorf("--system: %w", err)}
				}
			}
			for _, t := range o.Types {
				if !slices.Contains(all, t) {
					return usageError{fmt.Errorf("--types: there is no type %q%s: the types are %s", t, spell.Hint(t, all), strings.Join(all, ", "))}
				}
			}
			switch {
			case o.Register == "":
				return usageError{fmt.Errorf("give the folder of the register with --register")}
			case to == "":
				return usageError{fmt.Errorf("give a folder for the comparison with --to")}
			case !(o.Overlap > 0 && o.Overlap <= 1) || !(o.MinArea >= 0):
				return usageError{fmt.Errorf("--overlap %g --min-area %g: give a share above 0, at most 1, and an area that is not negative", o.Overlap, o.MinArea)}
			}
			gdal.Setup(gdalCache)
			d := drivers()
			if slices.ContainsFunc(o.Products, isObject) {
				if d, err = storageDrivers(ctx, runfile.Storage{}); err != nil {
					return err
				}
			}
			s, err := recall.Survey(ctx, d, o)
			if err != nil {
				return err
			}
			if err := s.Write(ctx, d.Vectors, to, version(), now()); err != nil {
				return err
			}
			printSurveyed(cmd.OutOrStdout(), s, to)
			return nil
		},
	}
	fs := cmd.Flags()
	fs.StringVar(&to, "to", "", "folder for the comparison, a `DIR`")
	fs.StringVar(&o.Register, "register", "", "folder of the register, a `DIR`")
	fs.StringSliceVar(&o.Products, "product", nil, "products that the releases are from")
	fs.StringVar(&o.Layer, "layer", "", "layer of the file; by default the only one")
	fs.StringVar(&o.Encoding, "encoding", "", "encoding of a Shapefile's attributes, such as GBK")
	fs.StringToStringVar(&o.Fields, "field", nil, "fields that are not called as usual, such as from=QDLBM,to=HDLBM; the roles are from, to, id, area, act")
	fs.StringVar(&system, "system", "", "code system of the classes; by default the codes tell")
	fs.StringVar(&since, "since", "", "first `DAY` of the after images of the releases")
	fs.StringVar(&until, "until", "", "last `DAY` of them")
	fs.StringSliceVar(&o.Types, "types", nil, "types of changes that releases should hold")
	fs.Float64Var(&o.Overlap, "overlap", 0.5, "share that must be covered")
	fs.Float64Var(&o.MinArea, "min-area", 200, "smallest change in m² that can be missed")
	return cmd
}

func printSurveyed(w io.Writer, s *recall.Surveyed, to string) {
	fmt.Fprintf(w, "releases: %d answered, %d answered with another class, %d unanswered", s.Answers[recall.Answered], s.Answers[recall.Otherwise], s.Answers[recall.Unanswered])
	if s.Hidden > 0 {
		fmt.Fprintf(w, "; %d left out for the category that they were returned under", s.Hidden)
	}
	fmt.Fprintln(w)
	missed := 0
	for _, r := range recall.Reasons {
		missed += s.Missed[r]
	}
	fmt.Fprintf(w, "changes: %d released, %d missed", s.Found, missed)
	for _, r := range recall.Reasons {
		if n := s.Missed[r]; n > 0 {
			fmt.Fprintf(w, ", %s %d", r, n)
		}
	}
	fmt.Fprintf(w, "; %d too small, %d off the products\n", s.Small, s.Off)
	for _, m := range []map[string]int{s.Layer.Unusable, s.Layer.Repaired} {
		for _, reason := range slices.Sorted(maps.Keys(m)) {
			fmt.Fprintf(w, "  %d features: %s\n", m[reason], reason)
		}
	}
	fmt.Fprintln(w, "comparison:", filepath.Join(to, recall.Name+".html"))
}
