package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
)

// writeDocument makes what the parts need, measures it and writes the document; a document is written whole or not at all.
func writeDocument(ctx context.Context, o options, progress io.Writer) error {
	w, err := newWorkshop(ctx, o, progress)
	if err != nil {
		return err
	}
	o = w.o
	var tasks, ablated []*task
	if o.has(partReal) && o.data != "" {
		real, err := w.realTasks()
		if err != nil {
			return err
		}
		tasks = append(tasks, real...)
	}
	if o.has(partCounties) {
		tasks = append(tasks, w.countyTasks(usual, countyScenarios...)...)
	}
	if o.has(partQuiet) {
		tasks = append(tasks, w.quietTasks()...)
	}
	if o.has(partAblation) {
		if ablated, err = w.ablationTasks(); err != nil {
			return err
		}
		tasks = append(tasks, ablated...)
	}
	if err := w.make(ctx, distinct(tasks)); err != nil {
		return err
	}
	fmt.Fprintln(progress, "measuring")
	var b strings.Builder
	b.WriteString(w.opening())
	for _, p := range parts {
		if !o.has(p) {
			fmt.Fprintf(&b, "The part `%s` was left out (`-only`).\n\n", p)
			continue
		}
		switch p {
		case partReal:
			err = w.writeReal(ctx, &b)
		case partCounties:
			err = w.writeCounties(ctx, &b)
		case partQuiet:
			err = w.writeQuiet(ctx, &b)
		case partAblation:
			err = w.writeAblation(ctx, &b, ablated)
		}
		if err != nil {
			return fmt.Errorf("part %s: %w", p, err)
		}
	}
	b.WriteString(w.closing())
	return os.WriteFile(o.out, []byte(strings.TrimRight(b.String(), "\n")+"\n"), 0o644)
}

// distinct are the tasks without those whose product another one makes: parts share products.
func distinct(tasks []*task) []*task {
	var out []*task
	have := map[string]bool{}
	for _, t := range tasks {
		if !have[t.product()] {
			have[t.product()] = true
			out = append(out, t)
		}
	}
	return out
}

func (w *workshop) opening() string {
	return fmt.Sprintf(`# How right is it?

<!-- Made by scripts/accuracy: make accuracy. Edit the script, not this file. -->

tuban %s, its default rules and settings, measured on labelled pairs of real images and on simulated counties. Every number below is
what the script measured, good or bad; an aim stands beside it where there is one. Nothing here says how right a product of your county is: for
that, draw a sample of it ([assess.md](assess.md)).

The same source, data, size and seeds give this document again, on any day, with any tile size and number of workers.

`, w.tuban.version)
}

func (w *workshop) closing() string {
	var list []string
	for _, s := range w.o.seeds {
		list = append(list, fmt.Sprint(s))
	}
	return fmt.Sprintf(`## Measure it again

`+"```sh"+`
export TUBAN_TESTDATA=/path/to/data     # the labelled pairs; without them that part says that it is missing
make accuracy ACCURACY="-size %d -seeds %s"
make accuracy ACCURACY="-only counties,quiet -size 2000 -seeds 1 -out quick.md"   # a quick look
go run ./scripts/accuracy -help
`+"```"+`

One product by itself, as the script does it:

`+"```sh"+`
bin/tuban demo --scenario summer --seed %s --size %d --inputs-only --plain --out county
bin/tuban run county/run.yaml
bin/tuban assess county/out --reference county/truth.gpkg --layer truth --same %s \
  --types %s --min-area 400
`+"```"+`

The model for pairs of red, green and blue images: `+"`go run ./scripts/accuracy rgb`"+` measures it, `+"`rgb -print`"+` trains it.
`, w.o.size, strings.Join(list, ","), list[0], w.o.size, sameKind, mainTypes)
}
