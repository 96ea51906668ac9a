// Package export hands patches on in the formats that others open: a folder for each county and batch with the formats asked
// for, forest loss in a package of its own, and a PostGIS database. It reads a finished product, or what was released.
//
// The export is planned purely (which rows go where), then written: each county's folder appears whole or not at all,
// and the export's manifest last. Field names and widths, the columns of the verification table and what goes into a package of
// its own are embedded tables.
package export
