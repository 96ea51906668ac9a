package accuracy

import (
	"fmt"
	"math"
	"slices"
	"strconv"
)

// Object is a change of the reference. Areas are in m².
type Object struct {
	Area float64
	// Type is what the reference calls the change; "" when it does not say.
	Type string
	// Hidden is the share of it that the map did not observe.
	Hidden float64
	// Pieces are the parts of it that patches cover. They do not overlap: where patches do, the one with the higher score,
	// or the first, has the piece.
	Pieces []Piece
}

// Piece is the part of an object that one patch covers; Patch is its position.
type Piece struct {
	Patch int
	Area  float64
}

// Patch is a candidate of the map. Areas are in m².
type Patch struct {
	Area float64
	// Known is the part of which the reference says whether it changed, True the part that it says has changed.
	Known, True float64
	// Published is false for a candidate that was kept back below the operating point.
	Published bool
	// Score ranks the patch, the higher the surer; NaN without one.
	Score float64
	// Kind and Type are codes: of the change, of the land after it; "" without.
	Kind, Type string
	// Categories are the codes of all that it may mean. A patch counts in the row of each.
	Categories []string
}

// ObjectOptions say when objects and patches meet, and how to group them.
type ObjectOptions struct {
	// Overlap is the share of an object that must be covered for a hit, and of a patch for it to be true; 0 means 0.5.
	Overlap float64
	// MinArea and Types leave smaller objects, and those of other types, out of recall. Patches on them are true all the
	// same: what they show did change. No types means all.
	MinArea float64
	Types   []string
	// Same says as which kind an object of a type should be found. A type that it does not name should be found as the
	// kind of that code, or of that type of land.
	Same map[string]string
	// Sizes are the limits of the size classes in m², ascending; nil means 200, 400, 1000, 5000.
	Sizes []float64
}

func (o ObjectOptions) withDefaults() ObjectOptions {
	if o.Overlap == 0 {
		o.Overlap = 0.5
	}
	if o.Sizes == nil {
		o.Sizes = []float64{200, 400, 1000, 5000}
	}
	return o
}

// ObjectTable is how objects and patches meet, overall and by group. Groups with a name come in its order, sizes ascending.
type ObjectTable struct {
	All ObjectRow `json:"all"`
	// Observed is All without the objects of which more than half was not observed.
	Observed   *ReferenceSide `json:"observed"`
	ByType     []ObjectRow    `json:"by_type"`
	ByKind     []ObjectRow    `json:"by_kind"`
	ByCategory []ObjectRow    `json:"by_category"`
	BySize     []ObjectRow    `json:"by_size"`
	// ReferenceLeftOut objects are below the minimum area or of other types, PatchesLeftOut lie where the reference says nothing.
	ReferenceLeftOut int `json:"reference_left_out"`
	PatchesLeftOut   int `json:"patches_left_out"`
}

// ObjectRow is a line of the table; a side that does not apply to the group is nil.
type ObjectRow struct {
	Name string `json:"name"`
	*ReferenceSide
	*PatchSide
	F1 Ratio `json:"f1"`
}

// ReferenceSide counts objects of the reference.
type ReferenceSide struct {
	Objects int `json:"objects"`
	// Hits are objects that patches of any kind cover by the overlap; HitsSameKind by patches of the object's own kind alone.
	Hits           int   `json:"hits"`
	HitsSameKind   int   `json:"hits_same_kind"`
	Recall         Ratio `json:"recall"`
	RecallSameKind Ratio `json:"recall_same_kind"`
	// MedianAreaError is the median over the hits of |found − true| / true. What is found of an object is the area of the
	// patches on it; a patch on several is shared among them by how much of each it covers.
	MedianAreaError Ratio `json:"median_area_error"`

	errors []float64
}

// PatchSide counts published patches.
type PatchSide struct {
	Patches   int   `json:"patches"`
	True      int   `json:"true"`
	Precision Ratio `json:"precision"`
}

// Objects compares the objects of a reference with the published patches.
func Objects(reference []Object, patches []Patch, o ObjectOptions) ObjectTable {
	o = o.withDefaults()
	t := ObjectTable{}
	all := newRows()
	types, kinds, categories := newRows(), newRows(), newRows()
	sizes := newRows()
	for i := range len(o.Sizes) + 1 {
		sizes.row(sizeName(o.Sizes, i))
	}
	all.row("all")
	all.row("observed")

	shared := make([]float64, len(patches)) // what of a patch lies on objects
	for _, obj := range reference {
		for _, p := range obj.Pieces {
			shared[p.Patch] += p.Area
		}
	}
	for _, obj := range reference {
		if !o.counts(obj) {
			t.ReferenceLeftOut++
			continue
		}
		var covered, same, found float64
		for _, p := range obj.Pieces {
			q := patches[p.Patch]
			if !q.Published {
				continue
			}
			covered += p.Area
			if o.sameKind(obj.Type, q) {
				same += p.Area
			}
			if shared[p.Patch] > 0 {
				found += q.Area * p.Area / shared[p.Patch]
			}
		}
		hit, hitSame := reaches(covered, obj.Area, o.Overlap), reaches(same, obj.Area, o.Overlap)
		if obj.Hidden <= 0.5 {
			all.row("observed").object(hit, hitSame, math.Abs(found-obj.Area)/obj.Area)
		}
		for _, r := range []*ObjectRow{all.row("all"), types.row(obj.Type), sizes.row(sizeName(o.Sizes, sizeOf(o.Sizes, obj.Area)))} {
			r.object(hit, hitSame, math.Abs(found-obj.Area)/obj.Area)
		}
	}
	for _, q := range patches {
		switch {
		case !q.Published:
			continue
		case q.Known <= 0:
			t.PatchesLeftOut++
			continue
		}
		rows := []*ObjectRow{all.row("all"), kinds.row(q.Kind), sizes.row(sizeName(o.Sizes, sizeOf(o.Sizes, q.Area)))}
		if len(q.Categories) == 0 {
			rows = append(rows, categories.row(""))
		}
		for _, c := range q.Categories {
			rows = append(rows, categories.row(c))
		}
		for _, r := range types.list {
			if o.sameKind(r.Name, q) {
				rows = append(rows, r)
			}
		}
		for _, r := range rows {
			r.patch(o.isTrue(q))
		}
	}
	totals := all.finish(true, true)
	t.All, t.Observed = totals[0], totals[1].ReferenceSide
	t.ByType, t.BySize = types.sorted(true, true), sizes.finish(true, true)
	t.ByKind, t.ByCategory = kinds.sorted(false, true), categories.sorted(false, true)
	return t
}

// counts reports whether an object belongs to recall.
func (o ObjectOptions) counts(obj Object) bool {
	return obj.Area >= o.MinArea && obj.Area > 0 && (len(o.Types) == 0 || slices.Contains(o.Types, obj.Type))
}

// sameKind reports whether patch q is what an object of the type should be found as.
func (o ObjectOptions) sameKind(objectType string, q Patch) bool {
	if k, ok := o.Same[objectType]; ok {
		return k == q.Kind
	}
	return objectType != "" && (objectType == q.Kind || objectType == q.Type)
}

// isTrue reports whether the reference confirms patch q.
func (o ObjectOptions) isTrue(q Patch) bool {
	return q.Known > 0 && reaches(q.True, q.Known, o.Overlap)
}

// reaches compares a part with its share of the whole; areas of overlays are exact to about 10⁻⁹.
func reaches(part, whole, share float64) bool { return part > 0 && part >= share*whole*(1-1e-9) }

func sizeOf(limits []float64, area float64) int {
	i := 0
	for i < len(limits) && area >= limits[i] {
		i++
	}
	return i
}

func sizeName(limits []float64, i int) string {
	number := func(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
	switch {
	case len(limits) == 0:
		return "all"
	case i == 0:
		return "<" + number(limits[0])
	case i == len(limits):
		return ">=" + number(limits[i-1])
	}
	return fmt.Sprintf("%s-%s", number(limits[i-1]), number(limits[i]))
}
