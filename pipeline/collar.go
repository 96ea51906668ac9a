package pipeline

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"golang.org/x/sync/errgroup"

	"tuban/pipeline/runfile"
	"tuban/raster"
	"tuban/raster/collar"
)

// edgeFill decides where a scene's no-data value is no data. In 8-bit pictures it is a colour too, black or white as
// a rule, so that there it counts only where all bands have it and it touches the edge of the image, unless the run file says
// otherwise. A picture that says nothing at all of what is no data has a black edge more often than not.
func edgeFill(s *raster.Scene, info raster.Info, entry runfile.Scene) error {
	colours := len(info.Bands)
	if s.Alpha > 0 {
		colours--
	}
	picture := info.DataType == "Byte" && colours >= 3
	if entry.NoDataAt == runfile.NoDataAnywhere || entry.NoDataAt == "" && !picture {
		return nil
	}
	var fill *raster.Band
	for _, r := range raster.Roles {
		if b, ok := s.Bands[r]; ok && b.HasNoData && fill == nil {
			fill = &b
		}
	}
	switch {
	case fill != nil:
	case info.DataType == "Byte" && (entry.NoDataAt != "" || !info.Mask && s.Alpha == 0):
		fill = &raster.Band{NoData: 0}
	case entry.NoDataAt != "":
		return fmt.Errorf("nodata_at: edge needs the value that the edge is filled with: declare `nodata:`")
	default:
		return nil
	}
	s.EdgeFill = true
	for r, b := range s.Bands {
		if !b.HasNoData {
			b.NoData, b.HasNoData = fill.NoData, true
			s.Bands[r] = b
		}
	}
	return nil
}

// EdgeStat says what the edge of a scene consists of.
type EdgeStat struct {
	Date  string `json:"date"`
	Scene string `json:"scene"`
	// Pixels are filled and connected to the edge of the image; Hash identifies which they are.
	Pixels int64  `json:"pixels"`
	Hash   string `json:"hash"`
}

// edges finds the collars of the scenes whose edge is filled, or takes them from an earlier start, and gives them to the
// scenes.
func (p *Plan) edges(ctx context.Context, d Drivers, scratch string, o Options) (stats []EdgeStat, lost []ReadFailure, err error) {
	type job struct {
		date  int
		index int
		scene *raster.Scene
		stat  EdgeStat
		lost  *ReadFailure
	}
	var jobs []*job
	for date := range dateNames {
		scenes := p.scenes(date)
		for i := range scenes {
			if scenes[i].EdgeFill {
				jobs = append(jobs, &job{date: date, index: i, scene: &scenes[i]})
			}
		}
	}
	if len(jobs) == 0 {
		return nil, nil, nil
	}
	o.Progress.Stage("edges", int64(len(jobs)))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(o.Workers)
	for _, j := range jobs {
		g.Go(func() error {
			// The scratch folder is named by all that decides the scenes.
			path := filepath.Join(scratch, fmt.Sprintf("collar-%s-%d", dateNames[j.date], j.index))
			c, lost, err := keptCollar(ctx, d.Imagery, *j.scene, path, o)
			if err != nil {
				return err
			}
			sum := sha256.Sum256(collar.Encode(c))
			j.stat = EdgeStat{Date: dateNames[j.date], Scene: j.scene.ID, Pixels: pixelsOf(c), Hash: hex.EncodeToString(sum[:8])}
			j.scene.Collar = c
			if lost != nil {
				j.lost = &ReadFailure{Scene: j.scene.ID, Window: j.scene.Native.Window(), Error: "following the edge of the image: " + lost.Error()}
			}
			o.Progress.Advance(1)
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, nil, err
	}
	for _, j := range jobs {
		stats = append(stats, j.stat)
		if j.lost != nil {
			lost = append(lost, *j.lost)
		}
	}
	return stats, lost, nil
}

func pixelsOf(c *raster.Collar) (n int64) {
	for _, row := range c.Rows {
		for i := 0; i+1 < len(row); i += 2 {
			n += int64(row[i+1] - row[i])
		}
	}
	return n
}

// keptCollar takes the collar of a scene from the file at path, or finds it and leaves it there. One that was found without
// a part of the scene that cannot be read is not kept: another try may read more.
func keptCollar(ctx context.Context, im Imagery, s raster.Scene, path string, o Options) (c *raster.Collar, lost, err error) {
	if b, err := os.ReadFile(path); err == nil {
		if c, err := collar.Decode(b, s.Native.W, s.Native.H); err == nil {
			return c, nil, nil
		}
	}
	c, lost, err = findCollar(ctx, im, s)
	if err != nil {
		return nil, nil, err
	}
	if lost != nil {
		o.Log.Warn("part of an edge is unreadable", "scene", s.ID, "error", lost)
		return c, lost, nil
	}
	return c, nil, replaceFile(path, func(w io.Writer) error {
		_, err := w.Write(collar.Encode(c))
		return err
	})
}

// collarPixels are read at once: the planes of four bands take 4 MiB.
const collarPixels = 1 << 18

// findCollar finds the pixels of a scene that are filled in all of its bands and connected to its edge. A cell that
// cannot be read is not filled; lost is the first such failure.
func findCollar(ctx context.Context, im Imagery, s raster.Scene) (c *raster.Collar, lost, err error) {
	var roles []raster.Role
	var fill []float32
	for _, r := range raster.Roles {
		if b, ok := s.Bands[r]; ok {
			roles = append(roles, r)
			fill = append(fill, valueOf(b))
		}
	}
	s.Collar = nil
	px, err := im.Open(s.Native, []raster.Scene{s}, roles, 16<<20)
	if err != nil {
		return nil, nil, err
	}
	defer px.Close()
	lattice := px.Lattice(0)
	var block raster.Block
	c, err = collar.Find(s.Native.W, s.Native.H, lattice.W, lattice.H, func(cx, cy int, filled []bool) error {
		w := raster.Window{X: cx * lattice.W, Y: cy * lattice.H, W: lattice.W, H: lattice.H}.Intersect(s.Native.Window())
		rows := max(1, collarPixels/w.W)
		for y := 0; y < w.H; y += rows {
			part := raster.Window{X: w.X, Y: w.Y + y, W: w.W, H: min(rows, w.H-y)}
			block.Reset(part, len(roles))
			if err := px.Read(ctx, 0, part, block.Planes); err != nil {
				if ctx.Err() != nil {
					return ctx.Err()
				}
				if unavailable(err) {
					return err
				}
				if lost == nil {
					lost = err
				}
				// The fill behind it may go on: taken for ground it would be judged, and the cell itself is unreadable anyway.
				raster.Fill(filled, true)
				return nil
			}
			equal(filled[y*w.W:(y+part.H)*w.W], block.Planes, fill)
		}
		return nil
	})
	if err != nil && ctx.Err() == nil && !unavailable(err) {
		err = badInput("%s: looking for its edge: %w: declare `nodata_at: anywhere`, or give the image a mask", s.URI, err)
	}
	return c, lost, err
}

// valueOf is the band's no-data value as its reader delivers it.
func valueOf(b raster.Band) float32 {
	v := float32(b.NoData)
	if (b.Scale == 1 || b.Scale == 0) && b.Offset == 0 {
		return v
	}
	scale := b.Scale
	if scale == 0 {
		scale = 1
	}
	return float32(float64(float64(v)*scale) + b.Offset)
}

// equal sets filled where every plane has its fill value, or the file's own mask hides the pixel.
func equal(filled []bool, planes [][]float32, fill []float32) {
	for i := range filled {
		filled[i] = true
		for k, p := range planes {
			if v := p[i]; v != fill[k] && v == v {
				filled[i] = false
				break
			}
		}
	}
}
