// Package product reads what `tuban run` left: the manifest, and the layers of changes.gpkg as rows whose fields go by the
// names of docs/product.md. Everything that is made of a finished product (exports, sheets, summaries, releases) reads it
// through this package.
package product
