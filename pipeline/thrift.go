package pipeline

// thrift decides whether the before date is asked alone: that costs a little, and saves much where it denies whole tiles.
// It changes what work is done, never its result.
type thrift struct{ tiles, vain int }

// patience is after how many tiles without any saving only one in as many is tried.
const patience = 8

func (t *thrift) tries() bool {
	t.tiles++
	return t.vain < patience || t.tiles%patience == 0
}

func (t *thrift) learn(saved bool) {
	if t.vain++; saved {
		t.vain = 0
	}
}
