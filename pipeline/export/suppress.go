package export

import (
	_ "embed"

	"tuban/pipeline/product"
	"tuban/pipeline/register"
	"tuban/pipeline/verification"
)

//go:embed returned.csv
var returnedText string

// returnedFields are the names under which layers carry the category that a county returned.
var returnedFields = func() []string {
	var out []string
	for _, r := range embedded("returned.csv", returnedText, 2) {
		out = append(out, r[0])
	}
	return out
}()

// suppressor says which patches may leave: not those that a county returned, in the register or in a field of theirs, under
// a suppressed category.
func suppressor(folder string) (keep func(product.Row) bool, err error) {
	latest := map[string]*register.Return{}
	if folder != "" {
		reg, err := register.Open(folder)
		if err != nil {
			return nil, err
		}
		for _, e := range reg.Events {
			if e.Return != nil {
				latest[e.Return.JCBH] = e.Return
			}
		}
	}
	return func(r product.Row) bool {
		if back := latest[r.Text("JCBH")]; back != nil && verification.Suppressed(back.Level1, back.Level2, back.Level3) {
			return false
		}
		for _, f := range returnedFields {
			if verification.Suppressed(r.Text(f)) {
				return false
			}
		}
		return true
	}, nil
}
