package rollup

// Dimension is what patches are told apart by.
type Dimension string

// The dimensions. Of those up to ByTrack, every patch has exactly one value, in which it counts; ByClass and ByGroup share its area
// between values, and count it in that of the largest share. ByAnyCategory, ByOverlay and ByLabel are no partitions: a patch has any number of
// values.
const (
	ByCategory    Dimension = "category"     // 疑似类别, the main one
	ByAnyCategory Dimension = "any_category" // every 疑似类别 that it has
	ByKind        Dimension = "kind"         // the kind of change
	ByTriage      Dimension = "triage"       // 审批匹配
	ByVerdict     Dimension = "verdict"      // what office review says of this version of it
	ByTrack       Dimension = "track"        // how it stands to the run before
	ByClass       Dimension = "class"        // 一级类 of the survey
	ByGroup       Dimension = "group"        // 三大类, with cropland apart
	ByOverlay     Dimension = "overlay"      // layers that it lies in
	ByLabel       Dimension = "label"        // 排除标签
)

// partitions are the dimensions whose values add up to all.
var partitions = []Dimension{ByCategory, ByKind, ByTriage, ByVerdict, ByTrack, ByClass, ByGroup}

// Sum is a number of patches and an area.
type Sum struct {
	Patches int  `json:"patches"`
	Area    Area `json:"area_m2"`
}

func (s Sum) plus(o Sum) Sum { return Sum{s.Patches + o.Patches, s.Area + o.Area} }

// Tally is what the patches of a unit come to. A dimension that the products do not have is left out of By.
type Tally struct {
	Sum
	By map[Dimension]map[string]Sum `json:"by,omitempty"`
}

// In is the sum of a value of a dimension; known is false when the products do not have the dimension.
func (t Tally) In(d Dimension, key string) (s Sum, known bool) {
	m, known := t.By[d]
	return m[key], known
}

func (t *Tally) add(o Tally) {
	t.Sum = t.plus(o.Sum)
	for d, m := range o.By {
		for key, s := range m {
			t.count(d, key, s)
		}
	}
}

// count adds to a value of a dimension; a sum of nothing makes the value known.
func (t *Tally) count(d Dimension, key string, s Sum) {
	if t.By == nil {
		t.By = map[Dimension]map[string]Sum{}
	}
	if t.By[d] == nil {
		t.By[d] = map[string]Sum{}
	}
	t.By[d][key] = t.By[d][key].plus(s)
}
