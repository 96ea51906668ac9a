package isolate

import (
	"slices"
	"strings"
	"testing"
)

// A program is started again the way it was started: by itself, or by a dynamic loader that was told what to load.
func TestBefore(t *testing.T) {
	for _, c := range []struct {
		name      string
		line, own []string
		want      []string
	}{
		{"by itself", words("tuban run a.yaml"), words("tuban run a.yaml"), words("tuban")},
		{"without arguments", words("./tuban"), words("./tuban"), words("./tuban")},
		{"with an empty last argument", []string{"tuban", "run", ""}, []string{"tuban", "run", ""}, words("tuban")},
		{"by a loader", words("/b/lib/ld.so --argv0 tuban --library-path /b/lib /b/tuban run a.yaml"),
			words("tuban run a.yaml"), words("/b/lib/ld.so --argv0 tuban --library-path /b/lib /b/tuban")},
		{"by a loader, without arguments", words("ld.so /b/tuban"), words("/b/tuban"), words("ld.so /b/tuban")},
		{"with a command line that was cut", words("tuban"), words("tuban run a.yaml"), words("tuban")},
	} {
		t.Run(c.name, func(t *testing.T) {
			line := strings.Join(c.line, "\x00") + "\x00"
			if got := before([]byte(line), c.own); !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func words(s string) []string { return strings.Fields(s) }
