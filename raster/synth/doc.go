// Package synth simulates a county seen from above at two dates: farmland in strips, shelterbelts, villages, works,
// woods, ponds and a river, with a survey that fits the ground, changes whose truth is known, approvals for some of
// them, and the things that look like change and are none.
//
// A County holds outlines, never pixels: [County.Fill] paints any window from them. Whatever is random in a pixel is
// a hash of its absolute position, so that the pixels of a window do not depend on how the county is cut.
//
// The layout is made in a plan: metres from the top left corner of the county, y downwards, streets straight. The
// plan is then bent by a gentle warp, which leaves the county's edges in place, so that no street is quite straight.
//
// [Conditions] make the pair hard to compare in the ways that real pairs are: season, light, air, lean, misregistration,
// another sensor, mosaics stretched for the eye, a survey with mistakes. [Scenarios] names the sets worth trying.
//
// A [Story] is a county on several nights, whose changes appear, grow, split, merge, vanish and return, and are approved before or
// after; it knows what a perfect interpreter would write down of each night. [County.Layers] are what other offices know of the
// land, in the schemas that they deliver.
//
// Reflectances are chosen for late summer in the north-east of China (maize, soya, rice). They are plausible, not
// measured: the package shows that a pipeline works, it cannot show how well a rule does on real imagery.
package synth
