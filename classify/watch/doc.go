// Package watch judges places that people keep an eye on (past cases, structures to be demolished, land to be restored) from what the
// pixels of one date show of them: whether something still stands, was cleared, has grown over, or cannot be told.
//
// What a pixel shows is said by rules of their own (pixels.yaml, in the language of package rules: its kinds are tried in order), what
// their shares mean by settings.yaml.
package watch
