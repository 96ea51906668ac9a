package where

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Language is the words of conditions on a patch.
type Language struct {
	// Values are the names that stand for a number.
	Values []string
	// Calls are the functions of one quoted argument, such as area("01"), with what judges the argument.
	Calls map[string]func(argument string) error
	// Example is an argument for messages, as "01".
	Example string
}

// Numbers is what the words of a Language mean for one patch.
type Numbers struct {
	Values map[string]float64
	Calls  map[string]func(argument string) float64
}

// names are all the words, to suggest from.
func (l Language) names() []string {
	return append(slices.Sorted(maps.Keys(l.Calls)), l.Values...)
}

// calls spells the functions out, as area("01") and share("01").
func (l Language) calls() []string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(l.Calls)) {
		out = append(out, l.call(name))
	}
	return out
}

func (l Language) call(name string) string { return fmt.Sprintf("%s(%q)", name, l.Example) }

// words spells everything out, for messages.
func (l Language) words() []string { return append(l.calls(), l.Values...) }

// list joins words as people do: a, b and c.
func list(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

// Meaning is what the words of a Language mean for one patch, ready to be asked any number of times.
type Meaning map[string]any

// Meaning makes n ready; a word that it does not have is 0.
func (l Language) Meaning(n Numbers) Meaning {
	env := make(Meaning, len(l.Values)+len(l.Calls))
	for _, name := range l.Values {
		env[name] = n.Values[name]
	}
	for name := range l.Calls {
		call := n.Calls[name]
		if call == nil {
			call = func(string) float64 { return 0 }
		}
		env[name] = call
	}
	return env
}
