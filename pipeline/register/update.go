package register

import (
	"context"
	"errors"
	"time"
)

// errMoved says that the register is no longer the one that was looked at.
var errMoved = errors.New("the register has changed")

// Update appends what next makes of the register in dir, and returns the register as it then is. Where another process appended
// meanwhile, next is asked again: its events are always made of the very register that they are appended to. Without events nothing
// is written.
func Update(ctx context.Context, dir string, at time.Time, next func(*Register) ([]Event, error)) (*Register, error) {
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		r, err := Open(dir)
		if err != nil {
			return nil, err
		}
		events, err := next(r)
		if err != nil || len(events) == 0 {
			return r, err
		}
		seen := r.Hash()
		err = r.Append(at, events, func(now *Register) error {
			if now.Hash() != seen {
				return errMoved
			}
			return nil
		})
		if !errors.Is(err, errMoved) {
			return r, err
		}
	}
}
