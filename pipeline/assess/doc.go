// Package assess measures finished products: against a reference that is known everywhere (Assess), and through a
// stratified random sample of points that people interpret (Draw, Read). The statistics are classify/accuracy's; here
// are the files, the pixels and the overlays.
package assess
