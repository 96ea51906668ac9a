package accuracy

import (
	"encoding/json"
	"math"
	"strconv"
)

// Ratio is a share or another quotient. NaN means that it is not defined; JSON has null for that.
type Ratio float64

// Quotient returns a/b, NaN when b is 0.
func Quotient(a, b float64) Ratio {
	if b == 0 {
		return Ratio(math.NaN())
	}
	return Ratio(a / b)
}

// Defined reports whether r is a number.
func (r Ratio) Defined() bool { return !math.IsNaN(float64(r)) && !math.IsInf(float64(r), 0) }

// MarshalJSON writes null for what is not defined.
func (r Ratio) MarshalJSON() ([]byte, error) {
	if !r.Defined() {
		return []byte("null"), nil
	}
	return json.Marshal(float64(r))
}

// UnmarshalJSON reads null as NaN.
func (r *Ratio) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		*r = Ratio(math.NaN())
		return nil
	}
	v, err := strconv.ParseFloat(string(b), 64)
	*r = Ratio(v)
	return err
}

// f1 is the harmonic mean of precision and recall; 0 when both are.
func f1(precision, recall Ratio) Ratio {
	if precision == 0 && recall == 0 {
		return 0
	}
	return Quotient(2*float64(precision)*float64(recall), float64(precision)+float64(recall))
}
