// Package review takes a product to people and their decisions back, by way of a working copy: a GeoPackage and a QGIS project
// with forms, styles and helper layers. Export writes it; Import reads the edits, says row by row what is wrong with them, and
// appends what is sound to the register.
//
// What may be filled in, and what each complaint says, are tables (folder tables), Chinese first.
package review
