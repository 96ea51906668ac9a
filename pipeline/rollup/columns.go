package rollup

import (
	"cmp"
	"maps"
	"slices"

	"tuban/pipeline/book"
	"tuban/pipeline/verification"
	"tuban/raster/ellipsoid"
)

// column is a column of the sheets about units: what it is called, and its value for a unit.
type column struct {
	book.Column
	of func(n *Node) any
}

// shown are the dimensions that the sheets about units have columns for, each with its heading, and whether patches or areas are what
// matters.
var shown = []struct {
	by             Dimension
	heading        string
	patches, areas bool
}{
	{ByGroup, "占用地类", false, true}, {ByOverlay, "", true, true}, {ByCategory, "", true, true},
	{ByTriage, "审批匹配", true, false}, {ByVerdict, "内业判读", true, false}, {ByTrack, "与上期相比", true, false}, {ByLabel, "排除标签", true, false},
}

// values are the values of a dimension that occur, the common ones first: by area, then by code.
func (s *Summary) values(d Dimension) []string {
	m := s.Root.Tally.By[d]
	return slices.SortedFunc(maps.Keys(m), func(a, b string) int {
		return cmp.Or(cmp.Compare(m[b].Area, m[a].Area), cmp.Compare(m[b].Patches, m[a].Patches), cmp.Compare(a, b))
	})
}

// basic are the columns that every sheet about units begins its numbers with.
func basic() []column {
	return []column{
		{book.Column{Group: "疑似图斑", Name: "个数", Kind: book.Count}, func(n *Node) any { return n.Tally.Patches }},
		{book.Column{Group: "疑似图斑", Name: "面积（亩）", Kind: book.Square}, func(n *Node) any { return n.Tally.Area.Mu() }},
		{book.Column{Group: "疑似图斑", Name: "面积（公顷）", Kind: book.Wide}, func(n *Node) any { return ellipsoid.Hectares(n.Tally.Area.M2()) }},
		{book.Column{Group: "疑似图斑", Name: "面积（平方米）", Kind: book.Square}, func(n *Node) any { return n.Tally.Area.M2() }},
	}
}

// missedColumn is what was not observed in a unit.
func missedColumn() column {
	return column{book.Column{Name: "未观测（亩）", Kind: book.Square}, func(n *Node) any { return n.Unobserved.Total().Mu() }}
}

// patchesIn and areaIn are the columns of a value of a dimension.
func patchesIn(d Dimension, key, group, name string) column {
	return column{book.Column{Group: group, Name: name, Kind: book.Count}, func(n *Node) any {
		return n.Tally.By[d][key].Patches
	}}
}

func areaIn(d Dimension, key, group, name string) column {
	return column{book.Column{Group: group, Name: name, Kind: book.Square}, func(n *Node) any {
		return n.Tally.By[d][key].Area.Mu()
	}}
}

// columns are all columns of the sheets about units, behind code and name.
func (s *Summary) columns() []column {
	out := basic()
	if s.located {
		out = append(out, missedColumn())
	}
	for _, x := range shown {
		for _, key := range s.values(x.by) {
			name := s.Names.of(x.by, key)
			group, count, size := x.heading, name, name+"（亩）"
			if group == "" {
				group, count, size = name, "个数", "面积（亩）"
			}
			if x.patches {
				out = append(out, patchesIn(x.by, key, group, count))
			}
			if x.areas {
				out = append(out, areaIn(x.by, key, group, size))
			}
		}
	}
	if s.Root.Verified.Released.Patches > 0 {
		out = append(out, verifiedColumns()...)
	}
	return out
}

// verifiedColumns are those of releases and conclusions. A share without a conclusion is not known.
func verifiedColumns() []column {
	share := func(o verification.Outcome) func(*Node) any {
		return func(n *Node) any {
			if v, ok := n.Verified.Share(o); ok {
				return v
			}
			return nil
		}
	}
	const group = "核查（以县级返回结论计）"
	return []column{
		{book.Column{Group: group, Name: "已下发", Kind: book.Count}, func(n *Node) any { return n.Verified.Released.Patches }},
		{book.Column{Group: group, Name: "已返回结论", Kind: book.Count}, func(n *Node) any { return n.Verified.Returned.Patches }},
		{book.Column{Group: group, Name: "结论面积（亩）", Kind: book.Square}, func(n *Node) any { return n.Verified.Returned.Area.Mu() }},
		{book.Column{Group: group, Name: "确有变化占比", Kind: book.Share}, share(verification.Changed)},
		{book.Column{Group: group, Name: "伪变化占比", Kind: book.Share}, share(verification.Unchanged)},
	}
}
