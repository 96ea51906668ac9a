// Package report writes the run's report.html: one self-contained file, Chinese first and English second, that opens
// without a network, prints on A4 and needs no script.
//
// It is pure: a Report is a plain value, Write turns it into HTML on an io.Writer. What the report says is decided
// by the caller; how it is worded is decided here. A patch is always 疑似 (suspected), each sheet carries Disclaimer,
// and a run with gaps says so before anything else. Whether a change was lawful is never said: people decide that.
package report
