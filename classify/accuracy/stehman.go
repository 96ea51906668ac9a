package accuracy

// Stehman estimates accuracy and areas from a stratified sample whose strata need not be the map classes: each measure is
// the mean of an indicator, or the ratio of two (Stehman 2014, formulas 2, 3 and 25–28), without its correction for finite
// populations: a sample of pixels is far smaller than a map. A stratum with fewer than two units is a *FewUnitsError.
func Stehman(strata []Stratum, classes []string, units []Unit) (Sampled, error) {
	n := len(classes)
	s := Sampled{Method: Stehman2014, Classes: classes, Counts: matrix[int](n), Proportions: matrix[Ratio](n)}
	d := design{strata: strata, drawn: make([]float64, len(strata)), units: units}
	for _, u := range units {
		d.drawn[u.Stratum]++
		s.Counts[u.Map][u.Reference]++
	}
	for i, st := range strata {
		if d.drawn[i] < minUnits {
			return s, &FewUnitsError{st.Name, int(d.drawn[i])}
		}
		s.Total += st.Size
	}
	d.total = s.Total

	all := func(Unit) bool { return true }
	s.Overall = combine(d.shares(all, func(u Unit) bool { return u.Map == u.Reference }))
	for k := range n {
		is := func(u Unit) bool { return u.Reference == k }
		isNot := func(u Unit) bool { return u.Reference != k }
		mapped := func(u Unit) bool { return u.Map == k }
		missed := func(u Unit) bool { return u.Map != k }
		s.Users = append(s.Users, quotient(pair(d.shares(mapped, is), d.shares(mapped, isNot))))
		s.Producers = append(s.Producers, quotient(pair(d.shares(mapped, is), d.shares(missed, is))))
		s.Areas = append(s.Areas, combine(d.shares(all, is)))
		for j := range n {
			cell := d.shares(mapped, func(u Unit) bool { return u.Reference == j })
			s.Proportions[k][j] = combine(cell).Value
		}
	}
	return s, nil
}

// design is a stratified sample; drawn counts the units of each stratum.
type design struct {
	strata []Stratum
	drawn  []float64
	units  []Unit
	total  float64
}

// shares returns the share of each stratum's units that the map admits and for which the reference holds. A stratum of
// which the map admits no unit has none, without uncertainty.
func (d design) shares(admits, holds func(Unit) bool) []share {
	out := make([]share, len(d.strata))
	possible := make([]bool, len(d.strata))
	for _, u := range d.units {
		if admits(u) {
			possible[u.Stratum] = true
			if holds(u) {
				out[u.Stratum].p++
			}
		}
	}
	for i, st := range d.strata {
		if !possible[i] {
			out[i] = share{}
			continue
		}
		out[i] = share{st.Size / d.total, out[i].p / d.drawn[i], d.drawn[i]}
	}
	return out
}

func pair(in, out []share) []part {
	parts := make([]part, len(in))
	for i := range in {
		parts[i] = part{in[i], out[i]}
	}
	return parts
}
