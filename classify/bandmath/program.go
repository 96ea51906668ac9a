package bandmath

// Source is one expression to compile.
type Source struct {
	// Name is what messages call the expression.
	Name string
	Text string
	// Condition asks for a condition; otherwise the expression must yield a value.
	Condition bool
	// Colour is another condition, over what imagery of red, green and blue has (Input.Visible), for the pixels that have
	// colour but lack a further band that Text reads; "" for none. See Compile.
	Colour string
	// Date is the date of bare names (red, ndvi), which then are the only ones of Text; None for an expression over the
	// names of both dates.
	Date Date
}

// Options says what names mean. Upper and lower case are the same.
type Options struct {
	// Indices are formulas of the user, by name, over the bare names of one date; usable wherever a catalogue index is.
	Indices map[string]string
	// Pairs are formulas over the names of both dates, by name, usable without a date where there are two.
	Pairs map[string]string
	// Limits are the names that limit.NAME knows.
	Limits []string
	// Models give a name to the probability that each yields.
	Models []Model
	// SingleDate makes bare names (red, ndvi) valid and those of a date (before.red) an error.
	SingleDate bool
}

// Program is compiled sources. It does not change and may be shared.
type Program struct {
	sources []Source
	nodes   []node
	roots   []int
	inputs  []Input
	needs   [][]Input
	params  []string
	autos   []Auto
	slots   slots
}

// Inputs lists the planes that the program reads, in the order that Begin expects them.
// The caller must not change the slice.
func (p *Program) Inputs() []Input { return p.inputs }

// Needs lists what one source reads, in the order of Inputs. The caller must not change the slice.
func (p *Program) Needs(source int) []Input { return p.needs[source] }
