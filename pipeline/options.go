package pipeline

import (
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"
)

// Options are the choices that do not change the product: how it is made, not what.
type Options struct {
	// Out is the product's folder.
	Out string
	// Scratch holds what a resumed run can use; default Out/.tuban. Where it is given, what a run with other rules can use is
	// kept in it when the product is finished.
	Scratch string
	// Cache takes the place of Out/.tuban where Out is not on disk, or not known yet; default the user's cache folder.
	Cache string
	// Tile is the edge of a tile in pixels; 0 chooses one of 512 that fits the memory, else of 256.
	Tile int
	// Workers is the number of tiles in work at once; default one per processor, three where imagery comes from object storage.
	Workers int
	// Memory bounds the process's resident memory in bytes; default 1 GiB.
	Memory int64
	// Force replaces a product of other settings in Out.
	Force bool
	// Strict fails on the first unreadable tile instead of recording a gap.
	Strict bool
	// Clock pins the time that the product records; the zero value means now.
	Clock time.Time
	// Version is the program's version, part of what a result is keyed by.
	Version string
	// Progress is told how far the run is. It is never called concurrently.
	Progress Progress
	Log      *slog.Logger
	// Account, where set, is told where the time goes and what is skipped.
	Account *Account
}

// Progress receives what a run is doing: Stage begins a stage of total units (0 = unknown), Advance adds n of them.
type Progress interface {
	Stage(name string, total int64)
	Advance(n int64)
}

type noProgress struct{}

func (noProgress) Stage(string, int64) {}
func (noProgress) Advance(int64)       {}

// oneAtATime keeps the promise of Progress to its implementations, and tells the account what they are told.
type oneAtATime struct {
	mu      sync.Mutex
	p       Progress
	account *Account
}

func (o *oneAtATime) Stage(name string, total int64) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.account.Stage(name)
	o.p.Stage(name, total)
}

func (o *oneAtATime) Advance(n int64) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.account.advance(n)
	o.p.Advance(n)
}

const (
	// defaultMemory leaves room beside other services on a small machine, and is plenty for two workers.
	defaultMemory = 1 << 30
	// leastMemory is what the libraries, one tile and its caches need.
	leastMemory = 256 << 20
)

// workFolder is where runs into o.Out keep what a resumed run can use.
func (o Options) workFolder() string {
	switch {
	case o.Scratch != "":
		return o.Scratch
	case o.Out != "" && !remote(o.Out):
		return filepath.Join(o.Out, ".tuban")
	}
	sum := sha256.Sum256([]byte(o.Out))
	return filepath.Join(o.Cache, hex.EncodeToString(sum[:8]))
}

func (o Options) withDefaults() Options {
	if o.Cache == "" {
		dir, err := os.UserCacheDir()
		if err != nil {
			dir = os.TempDir()
		}
		o.Cache = filepath.Join(dir, "tuban")
	}
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	if o.Memory <= 0 {
		o.Memory = defaultMemory
	}
	if o.Clock.IsZero() {
		o.Clock = time.Now()
	}
	o.Clock = o.Clock.UTC().Truncate(time.Second)
	if o.Progress == nil {
		o.Progress = noProgress{}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}
