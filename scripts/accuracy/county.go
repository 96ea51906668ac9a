package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// county is a simulated county, in its folder of the work folder.
type county struct {
	scenario string
	seed     uint64
	size     int
}

// name is that of the folder.
func (c county) name() string { return fmt.Sprintf("%s-%d-%d", c.scenario, c.seed, c.size) }

// countiesOf are those of the scenarios, with each of the seeds.
func countiesOf(o options, scenarios ...string) []county {
	var out []county
	for _, s := range scenarios {
		for _, seed := range o.seeds {
			out = append(out, county{s, seed, o.size})
		}
	}
	return out
}

// simulator is a hash of the sources that paint counties: where they change, counties of an earlier start are no longer those of
// their seeds.
func simulator() (string, error) {
	var files []string
	for _, pattern := range []string{"raster/synth/*.go", "cmd/tuban/demo_*.go"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			return "", err
		}
		files = append(files, found...)
	}
	files = slices.DeleteFunc(files, func(path string) bool {
		ok, _ := filepath.Match("*_test.go", filepath.Base(path))
		return ok
	})
	if len(files) == 0 {
		return "", errors.New("there is no source of the simulator here: start this in the folder of the module")
	}
	return digestFiles(files...)
}

// paint leaves the inputs, the truth and the run file of the county in folder, unless they are there already. The stamp is that
// of the simulator.
func (c county) paint(ctx context.Context, p *program, folder, stamp string) error {
	file := folder + ".stamp"
	had, err := os.ReadFile(file)
	if err == nil && string(had) == stamp {
		return nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	// Products of another county must not be taken for this one's.
	if err := os.RemoveAll(folder); err != nil {
		return err
	}
	_, err = p.call(ctx, "demo", "--scenario", c.scenario, "--seed", fmt.Sprint(c.seed), "--size", fmt.Sprint(c.size),
		"--inputs-only", "--plain", "--out", folder)
	if err != nil {
		return err
	}
	return os.WriteFile(file, []byte(stamp), 0o644)
}
