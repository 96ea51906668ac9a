// Package book writes tables and the charts of them as an XLSX workbook and as one HTML file that needs nothing else: the same
// values, in the same order, with the same disclaimer on every sheet. What the tables say is the caller's; how they look is decided
// here.
package book
