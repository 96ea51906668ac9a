package track

import (
	_ "embed"
	"fmt"
	"slices"
	"sync"

	"github.com/goccy/go-yaml"
)

//go:embed settings.yaml
var settingsText []byte

// Settings are the numbers and words of tracking; the file settings.yaml says what each means.
type Settings struct {
	Tolerance  float64           `yaml:"tolerance"`
	Link       float64           `yaml:"link"`
	Narrow     float64           `yaml:"narrow"`
	Weak       float64           `yaml:"weak"`
	Growth     float64           `yaml:"growth"`
	GrowthM2   float64           `yaml:"growth_m2"`
	Outline    float64           `yaml:"outline"`
	Unobserved float64           `yaml:"unobserved"`
	Off        float64           `yaml:"off"`
	Groups     []Group           `yaml:"groups"`
	Words      map[string]Text   `yaml:"words"`
	Verdicts   map[string]string `yaml:"verdicts"`
	Hints      map[string]string `yaml:"hints"`
	Lapsed     map[string]string `yaml:"lapsed"`
}

// Text is a wording in Chinese and English.
type Text struct {
	ZH string `yaml:"zh"`
	EN string `yaml:"en"`
}

// Group lists the types after the change (TBLX) that can be one case, by stages.
type Group struct {
	Name   string     `yaml:"name"`
	Stages [][]string `yaml:"stages"`
}

// Default returns the settings of the embedded file.
var Default = sync.OnceValue(func() Settings {
	var s Settings
	if err := yaml.UnmarshalWithOptions(settingsText, &s, yaml.Strict()); err != nil {
		panic(fmt.Sprintf("track: embedded settings: %v", err)) // a broken build, not bad data
	}
	return s
})

// SettingsText is the text of the embedded file, which is a part of what a product depends on.
func SettingsText() []byte { return slices.Clone(settingsText) }

// Word returns the Chinese word for a relation or a reason.
func (s Settings) Word(code string) string { return s.Words[code].ZH }

// stage finds a type's group and the number of its stage; a type in no group is a group of its own.
func (s Settings) stage(typ string) (group string, stage int) {
	for _, g := range s.Groups {
		for i, types := range g.Stages {
			if slices.Contains(types, typ) {
				return g.Name, i
			}
		}
	}
	return "type " + typ, 0
}

// compatible reports whether changes of two types can be one case.
func (s Settings) compatible(a, b string) bool {
	ga, _ := s.stage(a)
	gb, _ := s.stage(b)
	return ga == gb
}

// advanced reports whether type b is a later stage than type a.
func (s Settings) advanced(a, b string) bool {
	_, sa := s.stage(a)
	_, sb := s.stage(b)
	return sb > sa
}
