// Package index is the catalogue of spectral indices that expressions can name: formulas as data, with the bands
// they need, their range, whether their constants need reflectance, and which are the same evidence under another name.
//
// Formulas are written in the language of package bandmath, over bare band roles. The morphological measures
// (building and shadow indices by top-hats, PanTex) are not formulas of one pixel and are not here.
package index
