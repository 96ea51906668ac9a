package accuracy

import (
	"cmp"
	"math"
	"slices"
)

// Curve is how precision and recall go with the limit on the score. Candidates below the operating point belong to it.
type Curve struct {
	// AveragePrecision is the sum over falling scores of precision times the rise of recall.
	AveragePrecision Ratio `json:"average_precision"`
	// UpperHalf is the share of the true candidates that the better half of the ranking holds; UpperHalfPublished the same
	// among the published ones. Of equal scores at the middle, a proportional part counts.
	UpperHalf          Ratio   `json:"upper_half"`
	UpperHalfPublished Ratio   `json:"upper_half_published"`
	Candidates         int     `json:"candidates"`
	CandidatesTrue     int     `json:"candidates_true"`
	Points             []Point `json:"points"`
}

// Point is a point of the curve: the candidates with at least this score.
type Point struct {
	Score      float64 `json:"score"`
	Patches    int     `json:"patches"`
	True       int     `json:"true"`
	Precision  Ratio   `json:"precision"`
	ObjectsHit int     `json:"objects_hit"`
	Recall     Ratio   `json:"recall"`
	F1         Ratio   `json:"f1"`
}

// curveStep is the distance of the curve's points; scores go from 0 to 100.
const curveStep = 5

// NewCurve ranks the candidates by score; nil when none has one. Recall is of objects, precision of candidates, as in Objects.
func NewCurve(reference []Object, patches []Patch, o ObjectOptions) *Curve {
	o = o.withDefaults()
	var ranked []Patch
	for _, q := range patches {
		if !math.IsNaN(q.Score) && q.Known > 0 {
			ranked = append(ranked, q)
		}
	}
	if len(ranked) == 0 {
		return nil
	}
	slices.SortStableFunc(ranked, func(a, b Patch) int { return cmp.Compare(b.Score, a.Score) })
	hitAt, objects := hitScores(reference, patches, o)

	c := &Curve{Candidates: len(ranked), UpperHalf: upperHalf(ranked, o)}
	var published []Patch
	for _, q := range ranked {
		if q.Published {
			published = append(published, q)
		}
	}
	c.UpperHalfPublished = upperHalf(published, o)
	c.CandidatesTrue = countTrue(ranked, o)
	at := func(limit float64) Point {
		p := Point{Score: limit}
		p.Patches, _ = slices.BinarySearchFunc(ranked, limit, func(q Patch, limit float64) int {
			if q.Score >= limit {
				return -1
			}
			return 1
		})
		p.True = countTrue(ranked[:p.Patches], o)
		p.ObjectsHit, _ = slices.BinarySearchFunc(hitAt, limit, func(s, limit float64) int {
			if s >= limit {
				return -1
			}
			return 1
		})
		p.Precision, p.Recall = Quotient(float64(p.True), float64(p.Patches)), Quotient(float64(p.ObjectsHit), float64(objects))
		p.F1 = f1(p.Precision, p.Recall)
		return p
	}
	for s := 0; s <= 100; s += curveStep {
		c.Points = append(c.Points, at(float64(s)))
	}
	c.AveragePrecision = averagePrecision(ranked, hitAt, objects, o)
	return c
}

// averagePrecision sums over the distinct scores, the highest first.
func averagePrecision(ranked []Patch, hitAt []float64, objects int, o ObjectOptions) Ratio {
	if objects == 0 {
		return Ratio(math.NaN())
	}
	sum, trueSoFar, hit := 0.0, 0, 0
	for i := 0; i < len(ranked); {
		j := i
		for ; j < len(ranked) && ranked[j].Score == ranked[i].Score; j++ {
			if o.isTrue(ranked[j]) {
				trueSoFar++
			}
		}
		before := hit
		for hit < len(hitAt) && hitAt[hit] >= ranked[i].Score {
			hit++
		}
		sum += float64(trueSoFar) / float64(j) * float64(hit-before) / float64(objects)
		i = j
	}
	return Ratio(sum)
}

// hitScores returns, falling, the highest limit on the score at which each object is hit that ever is, and how many objects count.
func hitScores(reference []Object, patches []Patch, o ObjectOptions) (scores []float64, objects int) {
	for _, obj := range reference {
		if !o.counts(obj) {
			continue
		}
		objects++
		pieces := slices.DeleteFunc(slices.Clone(obj.Pieces), func(p Piece) bool { return math.IsNaN(patches[p.Patch].Score) })
		slices.SortStableFunc(pieces, func(a, b Piece) int { return cmp.Compare(patches[b.Patch].Score, patches[a.Patch].Score) })
		covered := 0.0
		for _, p := range pieces {
			if covered += p.Area; reaches(covered, obj.Area, o.Overlap) {
				scores = append(scores, patches[p.Patch].Score)
				break
			}
		}
	}
	slices.SortFunc(scores, func(a, b float64) int { return cmp.Compare(b, a) })
	return scores, objects
}

func countTrue(list []Patch, o ObjectOptions) (n int) {
	for _, q := range list {
		if o.isTrue(q) {
			n++
		}
	}
	return n
}

// upperHalf is the share of the true patches in the first half of a list that is sorted by falling score.
func upperHalf(ranked []Patch, o ObjectOptions) Ratio {
	half, above := float64(len(ranked))/2, 0.0
	for i := 0; i < len(ranked); {
		j := i
		for j < len(ranked) && ranked[j].Score == ranked[i].Score {
			j++
		}
		part := max(0, min(1, (half-float64(i))/float64(j-i)))
		above += part * float64(countTrue(ranked[i:j], o))
		i = j
	}
	return Quotient(above, float64(countTrue(ranked, o)))
}
