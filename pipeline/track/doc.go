// Package track keeps the identity of candidates from run to run: given what earlier runs found and what this one finds, it says of
// each candidate whether it is new or an earlier one that stayed, grew, shrank, was split or merged, which identity it carries
// on, which decision of people still holds for it, and which earlier candidates are not found any more.
//
// A case is a place: what continues an earlier candidate is decided by exact areas of overlap, between kinds of change that can be
// stages of one case (earth moved, then built upon). Where several may continue one identity, that of the largest overlap does;
// ties go by identity, so that the order of candidates never matters. Geometry comes through the interface Measure.
package track
