// Package object turns fired pixels into objects: runs, components, patches and rings.
//
// A tile leaves nothing but runs: spans of one row in pixel coordinates of the whole grid, each with what is the
// same along it (kind, parcel, scene pair) and integer sums of evidence. From there on tiles are forgotten:
//
//	AppendRow   one row of a tile's mask        → runs
//	Fuse        runs of all tiles, any order    → the canonical runs of the grid
//	Label       4-connected components of a kind
//	Bridge      components across small gaps    → patches
//	Gather      runs by patch
//	Trace       runs of one patch               → rings
//
// Because sums are integers and the canonical order is total, the result depends neither on how the grid was cut
// into tiles nor on the order in which they came. Runs are kept in a run file (Encode, Decode), and while a scan is
// under way in a journal (AppendRecord, ReadJournal) that survives being cut off anywhere.
//
// Components are 4-connected. Where two cells of one component meet only at a corner, the boundary is joined around
// the outside cells, so that every ring is simple and a hole may touch its exterior at a point, as OGC allows.
package object
