package clean

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Verb names one operation.
type Verb string

const (
	// Majority keeps a pixel when more than half of its neighbourhood fired, and fires it then even if it had not.
	Majority Verb = "majority"
	// Open is erosion, then dilation: it removes what is narrower than the element.
	Open Verb = "open"
	// Close is dilation, then erosion: it fills what is narrower than the element.
	Close Verb = "close"
)

// Limits of what a rules file may ask for; they bound the halo that every tile must read.
const (
	MinSize  = 3
	MaxSize  = 31
	MaxSteps = 8
	// maxMetres is beyond any use; more is a slip of the unit.
	maxMetres = 100
)

var verbs = []Verb{Majority, Open, Close}

// Op is one operation with a square neighbourhood of Size × Size pixels; Size is odd, MinSize to MaxSize. One that was given
// in Metres has no Size yet: see Ops.At.
type Op struct {
	Verb   Verb
	Size   int
	Metres float64
}

func (o Op) String() string {
	if o.Metres > 0 {
		return fmt.Sprintf("%s %g m", o.Verb, o.Metres)
	}
	return fmt.Sprintf("%s %d", o.Verb, o.Size)
}

// Ops is a sequence of operations, applied in order. The zero value does nothing but settle unknown as false.
type Ops []Op

func (o Ops) String() string {
	if len(o) == 0 {
		return "none"
	}
	parts := make([]string, len(o))
	for i, op := range o {
		parts[i] = op.String()
	}
	return strings.Join(parts, ", ")
}

// At returns the sequence for pixels that span the given metres: a size in metres becomes the odd number of pixels next to
// it, at most MaxSize, and a step of less than MinSize pixels, which would be nothing to clean, is left out.
func (o Ops) At(pixel float64) Ops {
	var out Ops
	for _, op := range o {
		if op.Metres > 0 {
			n := op.Metres / pixel
			if n < MinSize-1 {
				continue
			}
			op = Op{Verb: op.Verb, Size: min(2*int(n/2)+1, MaxSize)}
		}
		out = append(out, op)
	}
	return out
}

// Parse reads a sequence such as "open 3, close 3" or "open 2 m"; "none" and the empty text are the empty sequence.
// Sizes are in pixels, odd, 3 to 31, or in metres, more than 0 and at most 100. The error says what may be written instead.
func Parse(s string) (Ops, error) {
	text := strings.ToLower(strings.TrimSpace(s))
	if text == "" || text == "none" {
		return nil, nil
	}
	parts := strings.Split(text, ",")
	if len(parts) > MaxSteps {
		return nil, fmt.Errorf("clean has %d steps, at most %d are allowed: leave some out", len(parts), MaxSteps)
	}
	ops := make(Ops, 0, len(parts))
	for _, part := range parts {
		op, err := parseOp(part)
		if err != nil {
			return nil, err
		}
		ops = append(ops, op)
	}
	return ops, nil
}

func parseOp(s string) (Op, error) {
	const example = `write "none", or steps such as "majority 3" or "open 3, close 5"`
	words := strings.Fields(s)
	if len(words) == 0 {
		return Op{}, fmt.Errorf("clean has an empty step: %s", example)
	}
	verb := Verb(words[0])
	if verb == "none" {
		return Op{}, fmt.Errorf(`clean step "none" stands alone: remove it or the other steps`)
	}
	if !slices.Contains(verbs, verb) {
		return Op{}, fmt.Errorf("unknown clean step %q: the steps are majority, open and close; %s", words[0], example)
	}
	if len(words) == 3 && words[2] == "m" {
		metres, err := strconv.ParseFloat(words[1], 64)
		if err != nil || !(metres > 0 && metres <= maxMetres) {
			return Op{}, fmt.Errorf("clean size %q is not a number of metres from 0 to %d: %s", words[1], maxMetres, example)
		}
		return Op{Verb: verb, Metres: metres}, nil
	}
	if len(words) != 2 {
		return Op{}, fmt.Errorf("clean step %q needs one size, in pixels or in metres (2 m): %s", strings.TrimSpace(s), example)
	}
	size, err := strconv.Atoi(words[1])
	if err != nil {
		return Op{}, fmt.Errorf("clean size %q is not a whole number of pixels: %s", words[1], example)
	}
	if size < MinSize || size > MaxSize || size%2 == 0 {
		return Op{}, fmt.Errorf("clean size %d is not an odd number from %d to %d: try %s %d", size, MinSize, MaxSize, verb, nearestSize(size))
	}
	return Op{Verb: verb, Size: size}, nil
}

// nearestSize is the allowed size next to n, the larger of two.
func nearestSize(n int) int { return min(max(n|1, MinSize), MaxSize) }

// Halo returns how many pixels around a core decide its result: n/2 for majority, twice that for open and close,
// summed over the sequence.
func (o Ops) Halo() int {
	halo := 0
	for _, op := range o {
		halo += op.Size / 2
		if op.Verb != Majority {
			halo += op.Size / 2
		}
	}
	return halo
}
