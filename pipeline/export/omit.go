package export

import (
	"slices"

	"tuban/pipeline/product"
	"tuban/pipeline/register"
	"tuban/pipeline/release"
	"tuban/pipeline/withheld"
)

// omitter says which patches of the source do not leave. Of patches that were released, only the register knows what counties
// returned and which numbers were replaced since, so it must be given, or be declined.
func omitter(o Options, s *source) (func(product.Row) withheld.Reason, error) {
	switch {
	case o.Register != "":
		return omitterBy(o.Register, s)
	case o.NoRegister:
	case s.released():
		return nil, badInput("%s holds patches that were released: give the register with --register, for what counties returned under a category that is not shown to others, and what newer numbers replaced, stays; or look nothing up with --no-register", s.Path)
	}
	return withheld.By(nil), nil
}

// omitterBy asks the register in the folder, which must be the one that released the patches.
func omitterBy(folder string, s *source) (func(product.Row) withheld.Reason, error) {
	reg, err := register.OpenExisting(folder)
	if err != nil {
		return nil, err
	}
	state := reg.State()
	if s.Kind == "release" {
		for _, r := range s.rows {
			if _, ok := state.Released(r.Text("JCBH")); !ok {
				return nil, badInput("%s does not know %s, which %s released: give the register of that release", folder, r.Text("JCBH"), s.Path)
			}
		}
	}
	return withheld.By(state), nil
}

// released reports whether patches of the source, or others in their place, went to counties before.
func (s *source) released() bool {
	return s.Kind == "release" || s.Layer == release.Layer ||
		slices.ContainsFunc(s.rows, func(r product.Row) bool { return r.Text("FBBH") != "" })
}
