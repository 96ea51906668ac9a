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

// omission says why a patch does not leave.
type omission string

const (
	// suppressed: a county returned it, in the register or in a field of its own, under a category that is shown to nobody.
	suppressed omission = "suppressed"
	// superseded: in the register another number has taken the place of its own.
	superseded omission = "superseded"
)

// omitter says which patches do not leave, by what the register in the folder and their fields say; "" is no folder.
func omitter(folder string) (func(product.Row) omission, error) {
	state := new(register.Register).State()
	if folder != "" {
		reg, err := register.Open(folder)
		if err != nil {
			return nil, err
		}
		state = reg.State()
	}
	return func(r product.Row) omission {
		jcbh := r.Text("JCBH")
		if back, ok := state.Return(jcbh); ok && verification.Suppressed(back.Level1, back.Level2, back.Level3) {
			return suppressed
		}
		for _, f := range returnedFields {
			if verification.Suppressed(r.Text(f)) {
				return suppressed
			}
		}
		if jcbh != "" && state.Replaced(jcbh) != "" {
			return superseded
		}
		return ""
	}, nil
}
