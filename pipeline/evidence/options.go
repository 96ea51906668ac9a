package evidence

import (
	"cmp"
	"io"
	"log/slog"
	"maps"
	"runtime"
	"slices"

	"tuban/pipeline"
	"tuban/pipeline/register"
	"tuban/pipeline/runfile"
)

// Options say which sheets are made, and how.
type Options struct {
	// To is the folder for the sheets. One that holds sheets of another product is refused.
	To string
	// County keeps the patches of one county (XZQDM), CIDs those named; Top the first of what is left. Zero values keep all.
	County string
	CIDs   []string
	Top    int
	// Register, where set, knows the 监测编号 of what was released, and what counties returned under a category that does not leave
	// the office: such patches get no sheet.
	Register *register.State
	// Moved says where the imagery is, when it is no longer where the run found it.
	Moved *runfile.File
	// NaturalOnly leaves the pictures in false colour out, Lossless keeps pictures as PNG instead of JPEG.
	NaturalOnly, Lossless bool
	// DryRun finds out what there is to do, and leaves nothing.
	DryRun bool
	// PDF prints each sheet with a browser, Volumes the sheets of each county together as well; Browser is its program, "" for one that is installed.
	PDF, Volumes bool
	Browser      string
	// Workers is the number of windows read at once; default one per processor. Memory bounds pictures in the making and decoded
	// pixels, in bytes; default 1 GiB.
	Workers  int
	Memory   int64
	Version  string
	Progress pipeline.Progress
	Log      *slog.Logger
}

func (o Options) withDefaults() Options {
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	if o.Memory <= 0 {
		o.Memory = 1 << 30
	}
	if o.Progress == nil {
		o.Progress = silent{}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

// LeastMemory is what Make needs at least, in bytes.
const LeastMemory = 256 << 20

// free is what of the memory is for decoded pixels, pictures and what is made of them: the program, its supervisor and the native
// libraries take the rest, as measured.
func (o Options) free() int64 { return max(o.Memory-196<<20, 4<<20) }

type silent struct{}

func (silent) Stage(string, int64) {}
func (silent) Advance(int64)       {}

// scratchName is the folder below To for what another call can use.
const scratchName = ".tuban"

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

// put leaves b at path: whole, or not at all.
func put(path string, b []byte) error {
	err := pipeline.ReplaceFile(path, func(w io.Writer) error {
		_, err := w.Write(b)
		return err
	})
	return pipeline.NewInputError(err)
}
