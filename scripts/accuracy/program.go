package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// program is the tuban that is measured.
type program struct {
	path string
	// digest is a hash of the binary: another program makes other products.
	digest string
	// version is what it says of itself, without the libraries.
	version string
}

// findProgram builds tuban into the work folder, or takes the one that the options name.
func findProgram(ctx context.Context, o options) (*program, error) {
	p := &program{path: o.tuban}
	if p.path == "" {
		p.path = filepath.Join(o.work, "tuban")
		build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-o", p.path, "./cmd/tuban")
		if text, err := build.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("building tuban, which must be done in the folder of the module: %w\n%s", err, text)
		}
	}
	var err error
	if p.path, err = filepath.Abs(p.path); err != nil {
		return nil, err
	}
	if p.digest, err = digestFiles(p.path); err != nil {
		return nil, fmt.Errorf("the program to measure: %w", err)
	}
	text, err := p.call(ctx, "version")
	if err != nil {
		return nil, err
	}
	words := strings.Fields(string(text))
	if len(words) < 2 {
		return nil, fmt.Errorf("%s version says %q", p.path, text)
	}
	p.version, _, _ = strings.Cut(words[1], "+")
	return p, nil
}

// call runs a verb and returns what it writes. An error carries the end of what the program had to say.
func (p *program) call(ctx context.Context, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, p.path, args...)
	var out, messages bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &messages
	// An interrupted run ends its helpers and leaves what the next start continues from.
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 30 * time.Second
	if err := cmd.Run(); err != nil {
		said := messages.String()
		if len(said) > 2000 {
			said = "…" + said[len(said)-2000:]
		}
		return nil, fmt.Errorf("tuban %s: %w\n%s", strings.Join(args, " "), err, said)
	}
	return out.Bytes(), nil
}

// digestFiles is a hash of the contents of files, in their order.
func digestFiles(paths ...string) (string, error) {
	h := sha256.New()
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(h, "%d\n", len(text))
		h.Write(text)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
