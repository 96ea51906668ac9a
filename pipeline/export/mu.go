package export

import (
	"tuban/pipeline"
	"tuban/pipeline/product"
	"tuban/raster/ellipsoid"
)

// shareFields are the parts by 三大类 that add up to the patch.
var shareFields = []string{"GDMJ", "QTNYDMJ", "WLYDMJ", "JSYDMJ", "QTMJ"}

// mus are the shares of a patch in 亩 with two decimals, which add up to the patch's 亩: rounding each by itself would not.
// Nil where the patch has no shares.
func mus(r product.Row) map[string]float64 {
	area, ok := r.Number("JCMJ")
	if !ok {
		return nil
	}
	parts, out := map[string]float64{}, map[string]float64{}
	for _, f := range shareFields {
		v, ok := r.Number(f)
		if !ok {
			return nil
		}
		parts[f], out[f] = v, 0
	}
	for _, s := range pipeline.Apportion(pipeline.Cents(ellipsoid.Mu(area)), parts) {
		out[s.Code] = s.Area
	}
	return out
}
