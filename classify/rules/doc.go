// Package rules reads what a run looks for: kinds of change, seen in pixels, and categories, decided per patch from the
// survey. Both are YAML that a user copies from [Default] and edits.
//
// [Parse] reports everything that is wrong with a file at once, each problem with its line, an excerpt and a remedy.
// [File.Compile] turns a file into what a run needs: one band-math program for all conditions and evidence, what its
// limits and models are found from, the selections of survey classes in the survey's own code system, and the tests that
// give a patch its categories.
package rules
