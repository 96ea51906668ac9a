package runfile

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
)

// at is an error at a place in the text, given as a YAML path, with the lines around it. Where the path leads nowhere, as
// into a scene that is written as a bare path, the nearest place above it is shown.
func at(text []byte, path, format string, args ...any) error {
	msg := fmt.Sprintf(format, args...)
	for path != "" {
		p, err := yaml.PathString(path)
		if err != nil {
			break
		}
		source, err := p.AnnotateSource(text, false)
		if err == nil && len(source) > 0 {
			return fmt.Errorf("%s\n%s", msg, strings.TrimRight(string(source), "\n"))
		}
		path = path[:max(0, strings.LastIndexAny(path, ".["))]
	}
	return errors.New(msg)
}

// given says whether the text has something at a YAML path, be it the value that would be the default.
func given(text []byte, path string) bool {
	p, err := yaml.PathString(path)
	if err != nil {
		return false
	}
	n, err := p.ReadNode(bytes.NewReader(text))
	return err == nil && n != nil
}
