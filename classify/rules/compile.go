package rules

import (
	"fmt"
	"slices"

	"tuban/classify/bandmath"
	"tuban/classify/clean"
	"tuban/classify/landclass"
)

// Rules is a rules file made ready for a run. It does not change and may be shared between goroutines.
type Rules struct {
	Kinds      []CompiledKind
	Categories []CompiledCategory
	// Program holds every expression: source i is the condition of kind i, behind them are evidence, strengths, and what
	// limits and models are found from. Of the conditions it holds what the run's scenes leave to decide: see Deciding.
	// Weights that the file gives and defaults of limits are bound; Bind sets what was found.
	Program *bandmath.Program
	// Off are the kinds that the file describes but does not look for.
	Off []Kind
	// Limits and Models are those that the conditions, evidence and strengths of the run depend on, in the file's order.
	Limits []CompiledLimit
	Models []CompiledModel
	// OperatingPoint is the score, 0 to 100, below which candidates are kept apart.
	OperatingPoint float64
	// System is the survey's code system, "" for a run without a survey.
	System landclass.System

	evidence  [][]int // kind → its evidence's sources
	strengths []int   // kind → its strength's source, -1 for none
}

// CompiledKind is a Kind with its cleaning parsed and its survey classes resolved.
type CompiledKind struct {
	Kind
	Clean clean.Ops
	// By says which conditions decide the run's pixels.
	By Deciding
	// Needs and ColourNeeds are what When and RGB.When read, in the order of the program's inputs.
	Needs, ColourNeeds []bandmath.Input
	// Published are the expressions whose means are published: Evidence, or RGB.Evidence in a run that is decided ByColour.
	Published []string
	// Anyhow says that what decides the kind holds for dates that could not be brought to one scale.
	Anyhow bool
	// Scored is the expression of the strength: Strength, or RGB.Strength in a run that is decided ByColour; "" for none.
	Scored string

	everywhere bool
	selections []landclass.Selection
}

// Eligible reports whether the kind can matter on survey class code. Without a survey, and without a list of eligible classes,
// it can everywhere; else not on the empty code, which is land without a parcel.
func (k CompiledKind) Eligible(code string) bool {
	return k.everywhere || anyHas(k.selections, code)
}

// Everywhere reports whether the kind is eligible on any class and outside all parcels.
func (k CompiledKind) Everywhere() bool { return k.everywhere }

// Compile resolves f for a survey of the code system sys; "" for a run without a survey, where every kind is eligible
// everywhere. The scenes decide which conditions are compiled, and which models are read from rasters. The error is of type Problems.
func (f *File) Compile(sys landclass.System, scenes Scenes) (*Rules, error) {
	if err := f.check(sys).Err(); err != nil {
		return nil, err
	}
	f = f.standIn(scenes.Rasters)
	r := &Rules{System: sys, OperatingPoint: f.OperatingPoint}
	o := f.options()
	var sources []bandmath.Source
	for _, k := range f.Kinds {
		if k.IsOff() {
			r.Off = append(r.Off, k)
			continue
		}
		ops, err := clean.Parse(k.Clean)
		if err != nil {
			return nil, fmt.Errorf("kind %s: %w", k.Code, err)
		}
		compiled := CompiledKind{Kind: k, Clean: ops, everywhere: sys == "" || len(k.Eligible) == 0}
		if !compiled.everywhere {
			if compiled.selections, err = selections(sys, k.Eligible); err != nil {
				return nil, fmt.Errorf("kind %s: %w", k.Code, err)
			}
		}
		source, err := compiled.decide(o, scenes)
		if err != nil {
			return nil, fmt.Errorf("kind %s: %w", k.Code, err)
		}
		r.Kinds = append(r.Kinds, compiled)
		sources = append(sources, source)
	}
	for _, k := range r.Kinds {
		var own []int
		for i, e := range k.Published {
			own = append(own, len(sources))
			sources = append(sources, bandmath.Source{Name: evidenceName(k, i), Text: e})
		}
		r.evidence = append(r.evidence, own)
	}
	for _, k := range r.Kinds {
		if k.Scored == "" {
			r.strengths = append(r.strengths, -1)
			continue
		}
		r.strengths = append(r.strengths, len(sources))
		sources = append(sources, bandmath.Source{Name: "kind " + k.Code + ": strength", Text: k.Scored})
	}
	if err := r.program(f, sources, scenes); err != nil {
		return nil, fmt.Errorf("compiling the rules: %w", err)
	}
	for _, c := range f.Categories {
		compiled, err := compileCategory(c, sys)
		if err != nil {
			return nil, fmt.Errorf("category %s: %w", c.Code, err)
		}
		r.Categories = append(r.Categories, compiled)
	}
	return r, nil
}

// EvidenceSource returns the program's source of the i-th evidence of the kind-th kind, both counted from 0; ok is false when
// the kind has none there.
func (r *Rules) EvidenceSource(kind, i int) (source int, ok bool) {
	if kind < 0 || kind >= len(r.evidence) || i < 0 || i >= len(r.evidence[kind]) {
		return 0, false
	}
	return r.evidence[kind][i], true
}

// StrengthSource returns the program's source of the strength of a kind, counted from 0; ok is false when it has none.
// What it yields beyond 0 to 1 counts as the nearer of these.
func (r *Rules) StrengthSource(kind int) (source int, ok bool) {
	if kind < 0 || kind >= len(r.strengths) || r.strengths[kind] < 0 {
		return 0, false
	}
	return r.strengths[kind], true
}

// Match returns the positions of all the categories that apply to a patch, in file order: the first is its main one.
func (r *Rules) Match(p Facts) ([]int, error) {
	var out []int
	for i, c := range r.Categories {
		ok, err := c.Match(p)
		if err != nil {
			return nil, err
		}
		if ok {
			out = append(out, i)
		}
	}
	return out, nil
}

func selections(sys landclass.System, selectors []string) ([]landclass.Selection, error) {
	out := make([]landclass.Selection, len(selectors))
	for i, s := range selectors {
		var err error
		if out[i], err = sys.Select(s); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func anyHas(list []landclass.Selection, code string) bool {
	return slices.ContainsFunc(list, func(s landclass.Selection) bool { return s.Has(code) })
}

// whenName and evidenceName are what messages and the listing of the program call a source.
func whenName(k Kind) string { return "kind " + k.Code + ": when" }

func evidenceName(k CompiledKind, i int) string {
	return fmt.Sprintf("kind %s: evidence %d", k.Code, i+1)
}
