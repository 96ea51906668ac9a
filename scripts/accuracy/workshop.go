package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/goccy/go-yaml"
	"golang.org/x/sync/errgroup"
)

// task is a product to make: a run file, run in one way.
type task struct {
	name string // for people
	// county is what to simulate first; nil for a real pair, whose run file is text.
	county *county
	text   []byte
	variant
	// remarks are what the variant did to the rules; idle says that it found nothing to change, so that there is no product.
	remarks []string
	idle    bool
	folder  string // of the inputs; the product lies in it
}

// product is the folder of the task's product.
func (t *task) product() string { return filepath.Join(t.folder, t.variant.name) }

// workshop makes counties and products in the work folder.
type workshop struct {
	o        options
	tuban    *program
	painter  string // see simulator
	progress io.Writer
	mu       sync.Mutex
	done, of int
}

func newWorkshop(ctx context.Context, o options, progress io.Writer) (*workshop, error) {
	var err error
	if o.work, err = filepath.Abs(o.work); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(o.work, 0o755); err != nil {
		return nil, err
	}
	w := &workshop{o: o, progress: progress}
	if w.painter, err = simulator(); err != nil {
		return nil, err
	}
	w.tuban, err = findProgram(ctx, o)
	return w, err
}

// simulated is the task of running a county in one way.
func (w *workshop) simulated(c county, v variant) *task {
	return &task{name: c.name() + " " + v.name, county: &c, variant: v, folder: filepath.Join(w.o.work, "counties", c.name())}
}

// real is the task of running a pair of real images, by the text of its run file.
func (w *workshop) real(name string, text []byte, v variant) *task {
	return &task{name: name + " " + v.name, text: text, variant: v, folder: filepath.Join(w.o.work, "real", name)}
}

// make makes what the tasks need that is not there: counties first, since tasks share them.
func (w *workshop) make(ctx context.Context, tasks []*task) error {
	counties := map[string]bool{}
	var first []*task
	for _, t := range tasks {
		if t.county != nil && !counties[t.folder] {
			counties[t.folder] = true
			first = append(first, t)
		}
	}
	w.done, w.of = 0, len(first)+len(tasks)
	err := w.each(ctx, first, func(ctx context.Context, t *task) error {
		defer w.say("county " + t.county.name())
		if err := os.MkdirAll(filepath.Dir(t.folder), 0o755); err != nil {
			return err
		}
		return t.county.paint(ctx, w.tuban, t.folder, w.painter)
	})
	if err != nil {
		return err
	}
	return w.each(ctx, tasks, func(ctx context.Context, t *task) error {
		defer w.say(t.name)
		return w.run(ctx, t)
	})
}

func (w *workshop) each(ctx context.Context, tasks []*task, do func(context.Context, *task) error) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(w.o.jobs)
	for _, t := range tasks {
		g.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := do(ctx, t); err != nil {
				return fmt.Errorf("%s: %w", t.name, err)
			}
			return nil
		})
	}
	return g.Wait()
}

func (w *workshop) say(what string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.done++
	fmt.Fprintf(w.progress, "%d/%d %s\n", w.done, w.of, what)
}

// run makes the product of a task, unless it is there: made by the same program with the same run file from a county of the same
// simulator. Whether a real pair is still the same, tuban itself sees. A run that was interrupted continues.
func (w *workshop) run(ctx context.Context, t *task) error {
	base := filepath.Join(t.folder, "run.yaml")
	if t.county == nil {
		if err := os.MkdirAll(t.folder, 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(base, t.text, 0o644); err != nil {
			return err
		}
	}
	rules, file := "", t.product()+".yaml"
	if t.rewrite != nil {
		rules = t.product() + ".rules.yaml"
		text, err := w.rewritten(ctx, t)
		if err != nil || t.idle {
			return err
		}
		if err := os.WriteFile(rules, text, 0o644); err != nil {
			return err
		}
	}
	text, err := t.runFile(base, rules)
	if err != nil {
		return err
	}
	if err := os.WriteFile(file, text, 0o644); err != nil {
		return err
	}
	of := []string{file}
	if rules != "" {
		of = append(of, rules)
	}
	digest, err := digestFiles(of...)
	if err != nil {
		return err
	}
	stamp, known := w.tuban.digest+" "+w.painter+" "+digest, t.product()+".stamp"
	had, err := os.ReadFile(known)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if string(had) != stamp {
		if err := os.RemoveAll(t.product()); err != nil {
			return err
		}
		if err := os.WriteFile(known, []byte(stamp), 0o644); err != nil {
			return err
		}
	} else if _, err := os.Stat(filepath.Join(t.product(), "manifest.json")); err == nil && t.county != nil {
		return nil
	}
	_, err = w.tuban.call(ctx, "run", file, "--out", t.product())
	return err
}

// rewritten is the text of the rules of a task that changes them; it notes in the task what was changed.
func (w *workshop) rewritten(ctx context.Context, t *task) ([]byte, error) {
	show := []string{"rules", "show"}
	if t.county == nil || t.noSurvey {
		show = append(show, "--no-survey")
	}
	text, err := w.tuban.call(ctx, show...)
	if err != nil {
		return nil, err
	}
	var rules yaml.MapSlice
	if err := yaml.UnmarshalWithOptions(text, &rules, yaml.UseOrderedMap()); err != nil {
		return nil, fmt.Errorf("the default rules: %w", err)
	}
	if t.remarks, err = t.rewrite(rules); err != nil {
		return nil, err
	}
	t.idle = len(t.remarks) == 0
	return yaml.Marshal(rules)
}
