// Package release hands patches that passed office review to counties: it cuts them at county boundaries, issues their
// 监测编号 (JCBH) and writes what was released as a GeoPackage.
//
// The register is what counts; the GeoPackage is a view of it. Numbers are appended to the register in one step, all or none,
// before a file is written, and what was written is made of the register alone. So a crash loses no number and issues none
// twice: the same command again finds what was released and writes the same files. Two releases at once never issue one
// number: each appends to the state that it planned from, or plans again.
package release
