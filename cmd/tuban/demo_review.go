package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"tuban/pipeline"
	outcome "tuban/pipeline/product"
	"tuban/pipeline/redraw"
	"tuban/pipeline/register"
	issue "tuban/pipeline/release" // release is the program's own
	"tuban/raster/synth"
)

// demoVerdicts is what the office of a demo says of patches, by the night after which it looks at them and by their lives: after
// the first night it begins, after the third it judges anew what has another outline than the one that it released.
var demoVerdicts = map[int]map[string]register.Verdict{
	1: {
		"built without approval": register.Pass, "on the county line": register.Pass, "redrawn": register.Pass, "grows": register.Pass,
		"demolished": register.Pass, "hidden for a night": register.Pass, "splits": register.Pass,
		"judged unchanged": register.Unchanged, "shrinks": register.Unchanged, "approved before": register.Approved,
	},
	3: {"grows": register.Pass, "splits": register.Pass},
}

// redrawnLife is the life whose patch the reviewer draws anew.
const redrawnLife = "redrawn"

// review judges patches of a night's product in dir, and releases those that pass: nothing on nights after which no office looks.
func (f *following) review(ctx context.Context, dir, root string, night int) error {
	verdicts := demoVerdicts[night]
	if len(verdicts) == 0 {
		return nil
	}
	p, err := outcome.Open(ctx, drivers(), dir)
	if err != nil {
		return err
	}
	defer p.Close()
	changes, _, err := p.Layer(ctx, "changes", "")
	if err != nil {
		return err
	}
	rows := map[string]outcome.Row{}
	for _, r := range changes {
		rows[r.Text("cid")] = r
	}
	var events []register.Event
	for _, k := range f.story.Sights(night) {
		verdict, judged := verdicts[k.Life]
		r, found := rows[f.cids[k.ID]]
		if !judged || !found {
			continue
		}
		d, err := f.decide(k, r, p.Manifest.Key, verdict, night)
		if err != nil {
			return err
		}
		f.verdicts[k.ID] = string(verdict)
		events = append(events, register.Event{Decision: &d})
	}
	now := pinnedClock()
	if now.IsZero() {
		now = time.Now()
	}
	reg, err := register.Open(filepath.Join(root, registerDir))
	if err != nil {
		return err
	}
	if err := reg.Append(now, events, nil); err != nil {
		return err
	}
	result, err := issue.Run(ctx, drivers(), issue.Options{
		Product: dir, Register: filepath.Join(root, registerDir), To: nightFile(root, night, releaseDir, ""),
		Batch: fmt.Sprintf("演示第%d期", night), Now: now,
	})
	if err != nil {
		return err
	}
	// A number that takes the place of earlier ones is the one that holds.
	for id, cid := range f.cids {
		var numbers []string
		for _, x := range result.Releases {
			if x.CID == cid {
				numbers = append(numbers, x.JCBH)
			}
		}
		if len(numbers) > 0 {
			f.jcbh[id] = numbers
		}
	}
	return nil
}

// decide is the office's decision on the patch r of a night's product with the key run, which is k in truth.
func (f *following) decide(k synth.Sight, r outcome.Row, run string, verdict register.Verdict, night int) (register.Decision, error) {
	crs := f.story.Night(night).Grid().CRS
	judged, err := demoShape(r.Geom, crs)
	if err != nil {
		return register.Decision{}, err
	}
	source := fmt.Sprintf("demo, night %d: %s %s", night, k.ID, verdict)
	sum := sha256.Sum256([]byte(source))
	d := register.Decision{
		Version: register.Version{CID: r.Text("cid"), GV: r.Text("gv")}, Run: run, Kind: r.Text("kind"), Verdict: verdict,
		By: "演示判读员", Second: "演示复核员", On: f.story.Night(night).Day(synth.After).Format(time.DateOnly), Judged: judged,
		Source: source, SourceHash: hex.EncodeToString(sum[:]),
	}
	if k.Life == redrawnLife {
		redrawn, err := demoShape(orb.MultiPolygon{k.Polygon}, crs)
		if err != nil {
			return d, err
		}
		d.Redrawn = &redrawn
		if d.Values, err = redrawnValues(r, orb.MultiPolygon{k.Polygon}, crs); err != nil {
			return d, err
		}
	}
	return d, nil
}

// redrawnValues are the attributes of the patch r under the outline that the reviewer drew, as an import would have them.
func redrawnValues(r outcome.Row, mp orb.MultiPolygon, crs string) (map[string]string, error) {
	s, err := pipeline.NewSurveyor(drivers().Coordinates, crs)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	area, err := s.Area(mp)
	if err != nil {
		return nil, err
	}
	return redraw.Values(r.Values(), mp, pipeline.Cents(area), s, "边界经人工重划")
}

func demoShape(g orb.MultiPolygon, crs string) (register.Shape, error) {
	b, err := wkb.Marshal(g)
	return register.Shape{WKB: hex.EncodeToString(b), CRS: crs}, err
}
