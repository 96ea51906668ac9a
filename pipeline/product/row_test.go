package product

import (
	"testing"

	"github.com/paulmach/orb"
)

// Fields are found in any case; what a layer does not have is null, and no number is read out of text.
func TestRowFields(t *testing.T) {
	r, err := NewRow(orb.MultiPolygon{}, []string{"XMC", "JCMJ", "DLBM"}, []string{"农安县", "812.40", ""})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		field, text string
		number      float64
		ok, has     bool
	}{
		{"XMC", "农安县", 0, false, true},
		{"jcmj", "812.40", 812.4, true, true},
		{"DLBM", "", 0, false, true},
		{"SFYN", "", 0, false, false},
	} {
		v, ok := r.Number(c.field)
		if r.Text(c.field) != c.text || v != c.number || ok != c.ok || r.Has(c.field) != c.has {
			t.Errorf("%s: %q, %v, %v, %v", c.field, r.Text(c.field), v, ok, r.Has(c.field))
		}
	}
	if _, err := NewRow(nil, []string{"XMC"}, nil); err == nil {
		t.Error("a field without a value was taken")
	}
	if (Row{}).Has("cid") || (Row{}).Text("cid") != "" {
		t.Error("a row of no layer has fields")
	}
}
