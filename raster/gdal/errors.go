package gdal

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"

	"github.com/airbusgeo/godal"

	"tuban/raster"
)

// policy is passed to every godal call. Without it godal makes an error of each warning, and GDAL warns of much
// that is none: a deprecated tag, a date in an unusual form, a ring's direction.
var policy = godal.ErrLogger(onMessage)

// messages remembers what was already said, so that a warning per block does not drown the log.
var messages struct {
	sync.Mutex
	seen map[string]bool
}

// maxMessages bounds the memory of what was said.
const maxMessages = 1000

// onMessage turns GDAL's failures into errors and its warnings into log lines.
func onMessage(category godal.ErrorCategory, code int, text string) error {
	text = brief(strings.TrimSuffix(strings.TrimSpace(text), "."))
	switch {
	case category >= godal.CE_Failure:
		return errors.New(text)
	case category == godal.CE_Warning && firstTime(text):
		slog.Warn("gdal: "+text, "code", code)
	default:
		slog.Debug("gdal: "+text, "code", code)
	}
	return nil
}

// brief bounds a text that a damaged file may have a say in.
func brief(s string) string {
	const most = 400
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}

func firstTime(text string) bool {
	messages.Lock()
	defer messages.Unlock()
	if messages.seen[text] || len(messages.seen) >= maxMessages {
		return false
	}
	if messages.seen == nil {
		messages.seen = map[string]bool{}
	}
	messages.seen[text] = true
	return true
}

// ReadError says which part of which file could not be read. The rest of the file may be sound.
type ReadError struct {
	URI string
	// Window is in pixels of the file.
	Window raster.Window
	Err    error
}

func (e *ReadError) Error() string {
	return fmt.Sprintf("reading %s at %s: %v", e.URI, e.Window, e.Err)
}

func (e *ReadError) Unwrap() error { return e.Err }
