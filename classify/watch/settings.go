package watch

import (
	_ "embed"
	"fmt"
	"slices"
	"sync"

	"github.com/goccy/go-yaml"

	"tuban/classify/rules"
)

//go:embed pixels.yaml
var pixelsText []byte

//go:embed settings.yaml
var settingsText []byte

// Settings are the numbers and words of watching; the file settings.yaml says what each means.
type Settings struct {
	LeastPixels int             `yaml:"least_pixels"`
	Known       float64         `yaml:"known"`
	Standing    float64         `yaml:"standing"`
	Free        float64         `yaml:"free"`
	Majority    float64         `yaml:"majority"`
	Words       map[string]Text `yaml:"words"`
	Reasons     map[string]Text `yaml:"reasons"`
}

// Text is a wording in Chinese and English.
type Text struct {
	ZH string `yaml:"zh"`
	EN string `yaml:"en"`
}

// Default returns the settings of the embedded file.
var Default = sync.OnceValue(func() Settings {
	var s Settings
	if err := yaml.UnmarshalWithOptions(settingsText, &s, yaml.Strict()); err != nil {
		panic(fmt.Sprintf("watch: embedded settings: %v", err)) // a broken build, not bad data
	}
	return s
})

// Pixels returns the embedded rules of what a pixel shows. The caller may compile them for any scenes.
var Pixels = sync.OnceValue(func() *rules.File {
	f, err := rules.Parse("the rules of watching", pixelsText)
	if err != nil {
		panic(fmt.Sprintf("watch: %v", err)) // a broken build, not bad data
	}
	return f
})

// EmbeddedText returns the text of both embedded files, which is a part of what a product depends on.
func EmbeddedText() []byte { return slices.Concat(pixelsText, settingsText) }
