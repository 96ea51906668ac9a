package main

import (
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"tuban/jobs/isolate"
	"tuban/raster/gdal"
)

// nativeVerbs hand files that a user names to native libraries. Each runs in a process of its own, so that a file on
// which a library crashes, hangs or takes all memory costs a part of the result at most.
var nativeVerbs = []string{"assess", "check", "demo", "doctor", "export", "index", "inspect", "plan", "recall", "release", "review", "run", "sample", "sheets", "summary"}

// childCode is the exit code of a child that has said itself what there was to say.
type childCode int

func (c childCode) Error() string { return fmt.Sprintf("exit code %d", int(c)) }

// isolated makes the native verbs of root run in a supervised child, which is given the same arguments.
func isolated(root *cobra.Command, args []string) *cobra.Command {
	for _, cmd := range root.Commands() {
		if !slices.Contains(nativeVerbs, cmd.Name()) {
			continue
		}
		for _, cmd := range append([]*cobra.Command{cmd}, cmd.Commands()...) {
			work := cmd.RunE
			if work == nil {
				continue
			}
			cmd.RunE = func(cmd *cobra.Command, rest []string) error {
				if on, err := cmd.Flags().GetBool("isolate"); err != nil || !on || isolate.IsChild() {
					return work(cmd, rest)
				}
				return supervise(cmd, args)
			}
		}
	}
	return root
}

// registerIsolation adds the flags of isolated.
func registerIsolation(root *cobra.Command) {
	fs := root.PersistentFlags()
	fs.Bool("isolate", true, "run native libraries in a process of its own, so that a crash costs one part; false to debug them")
	fs.Duration("stall", 5*time.Minute, "how long a native library may take for one piece of a file, before that piece is left out")
}

// supervise runs the command line in a child.
func supervise(cmd *cobra.Command, args []string) error {
	stall, err := cmd.Flags().GetDuration("stall")
	if err != nil || stall <= 0 {
		return usageError{fmt.Errorf("--stall %v: give a time above 0, such as 5m", stall)}
	}
	errw := cmd.ErrOrStderr()
	code, err := isolate.Supervise(cmd.Context(), isolate.Options{
		Args: args, Stdin: os.Stdin, Stdout: cmd.OutOrStdout(), Stderr: errw, Stall: stall, Memory: memoryLimit(cmd),
		Report: func(line string) { fmt.Fprintln(errw, "tuban:", line) },
	})
	if err != nil || code == exitComplete {
		return err
	}
	return childCode(code)
}

// memoryLimit is what a child may hold before it is taken for a decoder that allocates without bound: well above the
// bound that the run keeps by itself.
func memoryLimit(cmd *cobra.Command) int64 {
	flag := cmd.Flags().Lookup("memory")
	if flag == nil {
		return 2 << 30
	}
	bound, ok := flag.Value.(*size)
	if !ok || *bound == 0 {
		return 3<<29 + 256<<20
	}
	return int64(*bound)/2*3 + 256<<20
}

// watcher tells the supervisor of this process what GDAL is about to do.
type watcher struct{ child *isolate.Child }

func (w watcher) Enter(op gdal.Op) (token int, err error) { return w.child.Enter(operation(op)) }

func (w watcher) Beside(op gdal.Op) (token int, ok bool) { return w.child.Beside(operation(op)) }

func operation(op gdal.Op) isolate.Op {
	return isolate.Op{What: op.What, URI: op.URI, Window: [4]int{op.Window.X, op.Window.Y, op.Window.W, op.Window.H}}
}

func (w watcher) Leave(token int) { w.child.Leave(token) }
