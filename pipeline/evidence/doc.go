// Package evidence makes the evidence sheet (取证单) of each patch of a finished product: one A4 page with the land before and
// after, where it lies, what the imagery says, which approvals and controlled areas meet it, and what it was all made from, down
// to hashes of the files. A sheet is one HTML file that needs no other; a browser prints it as PDF for case files.
//
// A county is made in one pass over its imagery: the windows of all patches are laid over the storage blocks, each block is
// decoded once, and its pixels are handed to the pictures that want them. Sheets that are there already are not made again, and
// the index of the folder is written last.
package evidence
