// Package stac reads STAC Items, the way in which catalogues of imagery describe a scene: its day, its sensor, its files and
// what their bands are. Versions 1.0 and 1.1, one Item or a collection of Items such as the answer to a search.
//
// It takes text and returns values. Links are not followed, so that nothing is read but what was given; what an Item says
// is a claim of its author, and where two readings are possible the package asks instead of guessing.
package stac
