package release

import (
	"fmt"
	"strings"

	"github.com/paulmach/orb"

	"tuban/pipeline/product"
	"tuban/pipeline/register"
	"tuban/pipeline/track"
)

// candidate is a patch that may be released.
type candidate struct {
	register.Standing
	geom   orb.MultiPolygon
	values map[string]string
	// earlier are the 监测编号 under which an ancestor was released, where the candidate itself was not.
	earlier []string
}

// Left is a candidate that passed review and is not released, or not again, and why.
type Left struct {
	CID string `json:"cid"`
	// Why is for a person, Chinese first.
	Why string `json:"why"`
}

// candidates are those of a product that passed, in the order of its rows; patches that a person added come last.
type candidates struct {
	key  string // of the product
	crs  string
	rows map[string]product.Row // by cid
	same func(a, b string) (bool, error)
}

// holds reports whether what was said of a version is true of the product's candidate: its geometry is the one judged, or
// the run that made the product found that it is the same.
func (c *candidates) holds(v register.Version) bool {
	r, ok := c.rows[v.CID]
	cid, gv := r.Version()
	return ok && (register.Version{CID: cid, GV: gv} == v || r.Text("PDJL") == string(register.Pass))
}

// foreign reports whether a decision is about candidates of other products alone.
func (c *candidates) foreign(d register.Decision) bool {
	if d.Run == c.key {
		return false
	}
	if _, ok := c.rows[d.CID]; ok {
		return false
	}
	for _, v := range d.From {
		if _, ok := c.rows[v.CID]; ok {
			return false
		}
	}
	return true
}

// part reports whether a decision is about a part of a candidate that the run found to be the same. No verdict of the whole may hold
// there, as when its parts were judged differently.
func (c *candidates) part(d register.Standing, v register.Version) bool {
	return len(d.From) == 1 && c.rows[v.CID].Text("track") == string(track.Same)
}

// candidate makes a decision a candidate of this product; why says why it is none. released says that it was carried out already.
func (c *candidates) candidate(d register.Standing, released bool) (out candidate, why string, err error) {
	out.Standing = d
	if d.Second == "" || d.Second == d.By {
		return out, "未经另一人复核 (not checked by a second person)", nil
	}
	judged := d.From
	if len(judged) == 0 && d.GV != "" {
		judged = []register.Version{d.Version}
	}
	for _, v := range judged {
		if d.Run != c.key && !c.holds(v) && !(released && c.part(d, v)) {
			return out, fmt.Sprintf("判读的是 %s 的另一几何版本，需重新判读 (another version of it was judged: review it again)", v.CID), nil
		}
	}
	row, there := c.rows[d.CID]
	if !there && d.Redrawn == nil {
		return out, "本次结果中没有它 (the product has no such candidate: give the one it was judged in)", nil
	}
	if d.Redrawn == nil {
		out.geom, out.values = row.Geom, row.Values()
	} else {
		if same, err := c.same(d.Redrawn.CRS, c.crs); err != nil || !same {
			return out, fmt.Sprintf("重划时所用坐标系 %s 与本次结果不同 (drawn in another system: review it again in this product)", d.Redrawn.CRS), err
		}
		if out.geom, err = d.Redrawn.Polygons(); err != nil {
			return out, "", err
		}
		out.values = d.Values
	}
	if there {
		out.earlier = strings.Fields(row.Text("FBBH"))
	}
	return out, "", nil
}
