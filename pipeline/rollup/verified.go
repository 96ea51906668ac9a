package rollup

import (
	"tuban/pipeline/verification"
)

// Verified is what counties concluded of the patches that were released to them.
type Verified struct {
	// Released are the patches under a current 监测编号, Returned those of them with a conclusion that may be shown.
	Released Sum `json:"released"`
	Returned Sum `json:"returned"`
	// Outcomes sums the conclusions by what they say of the patch, Categories by the first level of their category.
	Outcomes   map[verification.Outcome]Sum `json:"outcomes,omitempty"`
	Categories map[string]Sum               `json:"categories,omitempty"`
	// Cropland and Farmland are the verified areas on cropland and on permanent basic farmland of patches that did change, by the shares
	// that the patches have; Farmland is nil where that layer was not given.
	Cropland Area  `json:"cropland_m2"`
	Farmland *Area `json:"basic_farmland_m2,omitempty"`
	// Hidden counts conclusions under categories that are in no export; they are in no other number here but Released.
	Hidden int `json:"hidden,omitempty"`
}

func (v *Verified) add(o Verified) {
	v.Released, v.Returned = v.Released.plus(o.Released), v.Returned.plus(o.Returned)
	v.Cropland += o.Cropland
	v.Hidden += o.Hidden
	if o.Farmland != nil {
		sum := *o.Farmland
		if v.Farmland != nil {
			sum += *v.Farmland
		}
		v.Farmland = &sum
	}
	v.Outcomes, v.Categories = plusAll(v.Outcomes, o.Outcomes), plusAll(v.Categories, o.Categories)
}

func plusAll[K comparable](a, b map[K]Sum) map[K]Sum {
	for k, s := range b {
		if a == nil {
			a = map[K]Sum{}
		}
		a[k] = a[k].plus(s)
	}
	return a
}

// Share is the part of the conclusions that have an outcome; ok is false without any conclusion: then there is no share, which is
// not a share of 0.
func (v Verified) Share(o verification.Outcome) (share float64, ok bool) {
	if v.Returned.Patches == 0 {
		return 0, false
	}
	return float64(v.Outcomes[o].Patches) / float64(v.Returned.Patches), true
}
