package pipeline

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/gob"
	"encoding/hex"
	"io"
	"os"
	"slices"
	"sort"

	"tuban/classify/mask"
	"tuban/raster"
)

// guessSpan is a row's cells X0 ≤ x < X1 in which something hides the land; 16 bytes.
type guessSpan struct {
	Y, X0, X1 int32
	Class     mask.Class
	// Ends are its ends beside a cell with a value that nothing hides; Cut those of them where that cell is as white.
	Ends, Cut uint8
}

// guessed is what hides the land in the scenes of one date.
type guessed struct {
	step   int           // edge of a cell in pixels
	scenes [][]guessSpan // by scene, sorted by row and column
}

// has reports whether anything hides land in a scene.
func (g *guessed) has(scene int) bool { return g != nil && len(g.scenes[scene]) > 0 }

// fill lowers dst, over the window w of the grid, to the reason for which a pixel of a scene is hidden.
func (g *guessed) fill(dst []int32, w raster.Window, scene int) {
	spans := g.scenes[scene]
	first := int32(w.Y / g.step)
	for _, s := range spans[sort.Search(len(spans), func(i int) bool { return spans[i].Y >= first }):] {
		y0, x0, x1 := int(s.Y)*g.step, int(s.X0)*g.step, int(s.X1)*g.step
		if y0 >= w.Y+w.H {
			return
		}
		why := fromShadow
		if s.Class == mask.Cloud {
			why = fromCloud
		}
		part := raster.Window{X: x0, Y: y0, W: x1 - x0, H: g.step}.Intersect(w)
		for y := part.Y; y < part.Y+part.H; y++ {
			o := (y-w.Y)*w.W + part.X - w.X
			for i := range dst[o : o+part.W] {
				dst[o+i] = min(dst[o+i], why)
			}
		}
	}
}

// cloudGuess is what is found in both dates, and kept for another start.
type cloudGuess struct {
	Step   int
	Scenes [2][][]guessSpan
	// Seen counts the cells of each date that have a value; Cells those in which each class hides one.
	Seen  [2]int64
	Cells [2][mask.Shadow + 1]int64
}

// tidy brings the spans into an order and a form that does not depend on how the grid was gone over.
func (c *cloudGuess) tidy() {
	for _, scenes := range c.Scenes {
		for i, spans := range scenes {
			slices.SortFunc(spans, func(a, b guessSpan) int { return cmp.Or(cmp.Compare(a.Y, b.Y), cmp.Compare(a.X0, b.X0)) })
			out := spans[:0]
			for _, s := range spans {
				if n := len(out); n > 0 && out[n-1].Y == s.Y && out[n-1].X1 == s.X0 && out[n-1].Class == s.Class {
					out[n-1].X1 = s.X1
					out[n-1].Ends += s.Ends
					out[n-1].Cut += s.Cut
				} else {
					out = append(out, s)
				}
			}
			scenes[i] = out
		}
	}
}

// stats sums up what was found, date by date.
func (c *cloudGuess) stats() ([]CloudStat, error) {
	var out []CloudStat
	for date, name := range dateNames {
		s := CloudStat{Date: name, Cells: c.Seen[date]}
		if s.Cells > 0 {
			s.Cloud = float64(c.Cells[date][mask.Cloud]) / float64(s.Cells)
			s.Shadow = float64(c.Cells[date][mask.Shadow]) / float64(s.Cells)
		}
		var err error
		if s.Hash, err = hashOf(c.Scenes[date]); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}

// keep leaves the guess in the file at path, behind its SHA-256.
func (c *cloudGuess) keep(path string) error {
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(c); err != nil {
		return err
	}
	sum := sha256.Sum256(b.Bytes())
	return replaceFile(path, func(w io.Writer) error {
		if _, err := io.WriteString(w, hex.EncodeToString(sum[:])); err != nil {
			return err
		}
		_, err := w.Write(b.Bytes())
		return err
	})
}

// readGuess returns what keep left at path for the plan's scenes; false where there is nothing whole.
func readGuess(path string, p *Plan) (*cloudGuess, bool) {
	b, err := os.ReadFile(path)
	if err != nil || len(b) < 2*sha256.Size {
		return nil, false
	}
	sum := sha256.Sum256(b[2*sha256.Size:])
	if string(b[:2*sha256.Size]) != hex.EncodeToString(sum[:]) {
		return nil, false
	}
	c := &cloudGuess{}
	if err := gob.NewDecoder(bytes.NewReader(b[2*sha256.Size:])).Decode(c); err != nil {
		return nil, false
	}
	for date := range c.Scenes {
		if len(c.Scenes[date]) != len(p.scenes(date)) {
			return nil, false
		}
	}
	return c, true
}
