package pipeline

import (
	"errors"
	"fmt"
)

// InputError is a mistake in what the user gave: a file, a setting, data that do not fit together. Its text says what,
// where, and what to do.
type InputError struct{ err error }

func (e *InputError) Error() string { return e.err.Error() }
func (e *InputError) Unwrap() error { return e.err }

// badInput makes an InputError, formatted as fmt.Errorf does.
func badInput(format string, args ...any) error {
	return &InputError{fmt.Errorf(format, args...)}
}

// ErrExists says that the output folder holds another product.
var ErrExists = errors.New("the output folder holds the product of other inputs or settings")

// NewInputError marks err as a mistake in what the user gave; nil stays nil.
func NewInputError(err error) error {
	if err == nil {
		return nil
	}
	return &InputError{err}
}

// ofStorage reports whether err is about object storage, not about what is in an object. Another try may well do better.
func ofStorage(err error) bool {
	var u interface{ Unavailable() bool }
	return errors.As(err, &u)
}

// unavailable reports whether err says that storage as a whole cannot be reached: what one object lacks costs that object,
// but this would cost everything, and is better tried again later.
func unavailable(err error) bool {
	var u interface{ Unavailable() bool }
	return errors.As(err, &u) && u.Unavailable()
}
