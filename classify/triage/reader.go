package triage

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"tuban/classify/landclass"
	"tuban/classify/ruletext"
	"tuban/classify/where"
	"tuban/raster/spell"
)

// reader turns the raw file into Rules.
type reader struct {
	ruletext.Reader
	rules *Rules
}

func (r *reader) fail(path, format string, args ...any) { r.Add(path, fmt.Sprintf(format, args...)) }

func (r *reader) file(raw rawFile) {
	out := r.rules
	out.language = r.words()
	if out.Version = r.Text("version", raw.Version); out.Version == "" {
		r.fail("version", "the version is missing: give the rules a name that changes with them, such as version: \"1\"")
	}
	out.Coverage = Coverage{
		Matched: r.share("coverage.matched", raw.Coverage.Matched), Rest: r.area("coverage.rest", raw.Coverage.Rest),
		Partial: r.share("coverage.partial", raw.Coverage.Partial), Least: r.area("coverage.least", raw.Coverage.Least),
	}
	if c := out.Coverage; c.Partial > c.Matched {
		r.fail("coverage.partial", "partial %g is more than matched %g", c.Partial, c.Matched)
	}
	for _, l := range []struct {
		path string
		n    int
	}{{"approvals", len(raw.Approvals)}, {"order", len(raw.Order)}, {"exclusions", len(raw.Exclusions)}} {
		if l.n > maxList {
			r.fail(l.path, "there are %d, at most %d are allowed", l.n, maxList)
		}
	}
	seen := map[string]bool{}
	for i, a := range raw.Approvals {
		out.Approvals = append(out.Approvals, r.approval(fmt.Sprintf("approvals[%d]", i), a, seen))
	}
	out.States = named(r, "states", raw.States, States)
	for _, s := range States {
		if n := utf8.RuneCountInString(out.States[s].ZH); n > MaxStateName {
			r.fail("states."+string(s), "the words have %d characters, at most %d are allowed", n, MaxStateName)
		}
	}
	out.Marks = named(r, "marks", raw.Marks, Marks)
	for i, k := range raw.Order {
		out.Order = append(out.Order, r.key(fmt.Sprintf("order[%d]", i), k))
	}
	if len(raw.Order) == 0 {
		r.fail("order", "the order is missing: say by what patches are ranked, such as order: [{of: patch_area}]")
	}
	seen = map[string]bool{}
	for i, x := range raw.Exclusions {
		path := fmt.Sprintf("exclusions[%d]", i)
		r.Place(path, x.Code)
		code := r.code(path+".code", x.Code, seen)
		out.Exclusions = append(out.Exclusions, Exclusion{code, r.name(path+".name", x.Name, code), r.scope(path, x.Scope)})
	}
}

func (r *reader) approval(path string, raw rawApproval, seen map[string]bool) ApprovalKind {
	r.Place(path, raw.Code)
	code := r.code(path+".code", raw.Code, seen)
	a := ApprovalKind{
		Code: code, Name: r.name(path+".name", raw.Name, code), Scope: r.scope(path, raw.Scope),
		Listed: !r.unless(path+".counts", raw.Counts), Undated: r.unless(path+".undated", raw.Undated),
	}
	for i, t := range raw.Valid {
		at := fmt.Sprintf("%s.valid[%d]", path, i)
		term := Term{Purposes: r.List(at+".purpose", t.Purpose)}
		years, err := ruletext.Count(r.Text(at+".years", t.Years))
		switch {
		case err != nil:
			r.fail(at+".years", "%v", err)
		case years > maxYears:
			r.fail(at+".years", "%d years are more than the %d allowed", years, maxYears)
		}
		term.Years = years
		if i > 0 && len(a.Valid[i-1].Purposes) == 0 {
			r.fail(at+".years", "this line is never reached: the one before it fits every purpose")
		}
		a.Valid = append(a.Valid, term)
	}
	return a
}

func (r *reader) key(path string, raw rawKey) Key {
	r.Place(path, raw.Of, raw.First, raw.Unit)
	k := Key{Of: r.Text(path+".of", raw.Of), Name: r.Words(path+".name", raw.Name)}
	var err error
	if k.of, err = r.rules.language.Value(k.Of); err != nil {
		r.fail(path+".of", "%v", err)
	}
	switch first := r.Text(path+".first", raw.First); first {
	case "", "most":
	case "least":
		k.Least = true
	default:
		r.fail(path+".first", "%q is neither most nor least", first)
	}
	switch unit := strings.ToLower(r.Text(path+".unit", raw.Unit)); unit {
	case "":
	case "亩", "mu":
		k.Unit = Mu
	case "m2", "m²", "平方米":
		k.Unit = Square
	default:
		r.fail(path+".unit", "there is no unit %q: write 亩 or m2 for an area, or leave it out", unit)
	}
	return k
}

func (r *reader) scope(path string, raw rawScope) Scope {
	s := Scope{
		Kinds: r.List(path+".kinds", raw.Kinds), Categories: r.List(path+".categories", raw.Categories),
		Verdicts: r.List(path+".verdicts", raw.Verdicts), After: r.List(path+".after", raw.After), Where: r.Text(path+".where", raw.Where),
	}
	for i, code := range s.After {
		if !slices.Contains(landclass.AfterGroups(), code) {
			if err := landclass.CheckAfterType(code); err != nil {
				r.fail(fmt.Sprintf("%s.after[%d]", path, i), "%v; or write a group: %s", err, strings.Join(landclass.AfterGroups(), ", "))
			}
		}
	}
	if s.Where != "" {
		var err error
		if s.where, err = r.rules.language.Condition(s.Where); err != nil {
			r.fail(path+".where", "%v", err)
		}
	}
	return s
}

// words are those of [Facts].
func (r *reader) words() where.Language {
	layer := func(code string) error {
		if !slices.Contains(Layers, code) {
			return fmt.Errorf("there is no layer %q%s: the layers are %s", code, spell.Hint(code, Layers), strings.Join(Layers, ", "))
		}
		return nil
	}
	return where.Language{
		Values:  values,
		Calls:   map[string]func(string) error{"area": r.selector, "share": r.selector, "layer": layer, "layer_share": layer},
		Example: "01",
	}
}

// selector remembers what a selector of classes names.
func (r *reader) selector(s string) error {
	systems := landclass.Systems
	if r.rules.system != "" {
		systems = []landclass.System{r.rules.system}
	}
	var first error
	for _, sys := range systems {
		sel, err := sys.Select(s)
		if err == nil {
			r.rules.selections[s] = sel
			return nil
		}
		if first == nil {
			first = err
		}
	}
	return first
}

func (r *reader) code(path string, raw ruletext.Scalar, seen map[string]bool) string {
	code := r.Text(path, raw)
	if err := ruletext.CheckCode(code, seen); err != nil {
		r.fail(path, "%v", err)
	}
	return code
}

// name is what something is called, its code where it has no name.
func (r *reader) name(path string, raw ruletext.Words, code string) ruletext.Name {
	n := r.Words(path, raw)
	if n.ZH == "" {
		return ruletext.Name{ZH: code, EN: code}
	}
	return n
}

// unless reads true or false; left out is true.
func (r *reader) unless(path string, raw ruletext.Scalar) bool {
	return r.Text(path, raw) == "" || r.Yes(path, raw)
}

func (r *reader) share(path string, raw ruletext.Scalar) float64 {
	v := r.Number(path, raw)
	if v == nil || !(*v > 0 && *v <= 1) {
		r.fail(path, "a share above 0 and up to 1 is wanted here, such as 0.95")
		return 0
	}
	return *v
}

func (r *reader) area(path string, raw ruletext.Scalar) float64 {
	v, err := ruletext.Area(r.Text(path, raw), maxArea)
	if err != nil {
		r.fail(path, "%v", err)
	}
	return v
}
