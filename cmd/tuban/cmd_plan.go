package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tuban/pipeline"
	"tuban/raster"
)

func newPlan() *cobra.Command {
	var f runFlags
	cmd := &cobra.Command{
		Use:   "plan FILE",
		Short: "Say what a run would do, without reading pixels",
		Long: `Say what a run would do: its grid, tiles and why some are skipped, bytes to read, memory and disk, what each kind
of change needs, by what it is decided, and in which scenes it cannot be. Nothing is written; the survey and the layers are read once.`,
		Example: `  tuban plan run.yaml
  tuban plan run.yaml --rules my-rules.yaml --memory 800MiB`,
		Args: one("a run file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			file, d, err := f.open(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			o := f.options()
			plan, err := pipeline.NewPlan(cmd.Context(), d, file, o)
			if err != nil {
				return err
			}
			p := newProgress(cmd.ErrOrStderr())
			o.Progress, o.Log = p, p.logger()
			e, err := plan.Estimate(cmd.Context(), d, o)
			p.Close()
			if err != nil {
				return err
			}
			printPlan(cmd.OutOrStdout(), plan, e)
			return nil
		},
	}
	f.register(cmd)
	return cmd
}

// days are those of the origins of a scene, each once, in order.
func days(scene int, origins []pipeline.Origin) string {
	var out []string
	for _, o := range origins {
		if o.Scene == scene {
			out = append(out, o.Date.Format("2006-01-02"))
		}
	}
	slices.Sort(out)
	out = slices.Compact(out)
	if len(out) > 3 {
		return fmt.Sprintf("%s – %s (%d days)", out[0], out[len(out)-1], len(out))
	}
	return strings.Join(out, " ")
}

func printPlan(w io.Writer, p *pipeline.Plan, e *pipeline.Estimate) {
	fmt.Fprintf(w, "%s, key %s\n", p.Name, p.Key)
	fmt.Fprintf(w, "grid      %s; a pixel is %.3g × %.3g m\n", p.Grid, p.Pixel.X, p.Pixel.Y)
	for _, d := range []struct {
		name    string
		scenes  []raster.Scene
		origins []pipeline.Origin
	}{{"before", p.Before, p.BeforeOrigins}, {"after", p.After, p.AfterOrigins}} {
		for i, s := range d.scenes {
			roles := make([]string, 0, len(s.Bands))
			for _, r := range raster.Roles {
				if s.Has(r) {
					roles = append(roles, string(r))
				}
			}
			how := "read directly"
			if _, _, ok := p.Grid.Offset(s.Native); !ok {
				how = "warped onto the grid"
			}
			fmt.Fprintf(w, "%-9s %s  %s  %s  %s, %s\n", d.name, s.ID, days(i, d.origins), strings.Join(roles, " "), s.DataType, how)
		}
	}
	for _, q := range p.Probabilities {
		fmt.Fprintf(w, "raster    %s  %s, band %d, %s\n", q.Name, q.Scene.URI, q.Scene.Bands[q.Role()].Index, q.Scene.DataType)
	}
	if p.Survey != nil {
		for _, s := range p.Survey.Files {
			fmt.Fprintf(w, "survey    %s, layer %s, %s\n", s.Layer.Source, s.Layer.Layer, s.Info.CRS)
		}
		fmt.Fprintf(w, "          %s: %d parcels touch the grid\n", p.Survey.System, e.Survey.Parcels)
	} else {
		fmt.Fprintln(w, "survey    none: every pixel is eligible for every kind")
	}
	for _, r := range e.Layers {
		fmt.Fprintf(w, "layer     %s %s: %s, layer %s: %d of %d features count; %s\n", r.Kind, r.Name, r.Source, r.Layer, r.Used, r.Features, r.Fields)
	}
	fmt.Fprintf(w, "triage    version %s: %d kinds of approvals, %d exclusions\n", p.Triage.Version, len(p.Triage.Approvals), len(p.Triage.Exclusions))
	for _, f := range []struct{ name, folder string }{{"earlier", p.Earlier}, {"register", p.Register}} {
		if f.folder != "" {
			fmt.Fprintf(w, "%-9s %s\n", f.name, f.folder)
		}
	}
	if p.Watch != nil {
		fmt.Fprintf(w, "watch     %s, layer %s\n", p.Watch.Source, p.Watch.Layer)
	}
	fmt.Fprintf(w, "tiles     %d of %d × %d pixels, halo %d; %d to read", e.Tiles, p.Tile, p.Tile, p.CleanHalo+p.TextureHalo, e.Tiles-e.OutsideRegion-e.NothingEligible-e.NoImagery)
	for _, s := range []struct {
		n   int
		why string
	}{{e.OutsideRegion, "outside the region"}, {e.NothingEligible, "hold no eligible parcel"}, {e.NoImagery, "lack imagery of a date"}} {
		if s.n > 0 {
			fmt.Fprintf(w, "; %d skipped: %s", s.n, s.why)
		}
	}
	fmt.Fprintln(w)
	fmt.Fprintf(w, "read      about %s of imagery\n", byteSize(e.ReadBytes))
	fmt.Fprintf(w, "memory    about %s: %d workers of %s, %s of decoded pixels\n", byteSize(e.Memory), p.Workers, byteSize(p.WorkerBytes), byteSize(2*p.CacheBytes))
	fmt.Fprintf(w, "disk      about %s of scratch, besides the product\n", byteSize(e.Scratch))
	fmt.Fprintf(w, "measure   %s\n", p.MeasureText())
	for k, kind := range p.Rules.Kinds {
		fmt.Fprintf(w, "kind %d    %s %s: needs %s\n          %s\n", k+1, kind.Code, kind.Name.ZH, p.KindNeeds(k), p.Judging[k].Text().EN)
	}
	for _, l := range p.Gaps {
		fmt.Fprintf(w, "lacks     %s scene %s has no %v: %s is not judgeable there\n", l.Date, l.Scene, l.Roles, l.Kind)
	}
	for _, t := range p.SeasonWarnings() {
		fmt.Fprintln(w, "season   ", t.EN)
	}
	for _, s := range slices.Concat(p.Warnings, e.Warnings, p.Advice) {
		fmt.Fprintln(w, "warning  ", s)
	}
}
