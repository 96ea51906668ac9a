// Package ruletext reads the YAML in which people write rules: every value as it is written and with its place, so that all
// that is wrong with a file can be said at once, each problem with its line, an excerpt and a remedy.
package ruletext
