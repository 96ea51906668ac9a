package register

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// Many who append at once what follows from what is there leave it as if they had come one after the other.
func TestUpdatesAtOnceRestOnWhatIsThere(t *testing.T) {
	dir := t.TempDir()
	const people, each = 8, 5
	var all sync.WaitGroup
	for range people {
		all.Go(func() {
			for range each {
				_, err := Update(context.Background(), dir, noon, func(r *Register) ([]Event, error) {
					n := len(r.Events)
					return []Event{decision(fmt.Sprint(n)), decision(fmt.Sprint(n + 1))}, nil
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	r, err := Open(dir)
	if err != nil || len(r.Events) != 2*people*each {
		t.Fatalf("%d events, %v", len(r.Events), err)
	}
	for i, e := range r.Events {
		if e.Decision.CID != fmt.Sprint(i) {
			t.Fatalf("event %d was made when there were %s", i, e.Decision.CID)
		}
	}
}

func TestUpdateOfNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "register")
	no := errors.New("no")
	if _, err := Update(context.Background(), dir, noon, func(*Register) ([]Event, error) { return []Event{decision("a")}, no }); !errors.Is(err, no) {
		t.Error(err)
	}
	if r, err := Update(context.Background(), dir, noon, func(*Register) ([]Event, error) { return nil, nil }); err != nil || r == nil {
		t.Error(r, err)
	}
	over, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Update(over, dir, noon, func(*Register) ([]Event, error) { return []Event{decision("a")}, nil }); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("nothing was to be written")
	}
}
