// Package mask guesses clouds and their shadows from two dates alone, for images that come without a mask.
//
// A cloud is whiter than the other date's land and brightens all bands alike; its shadow dims all bands by about the same factor; both are
// larger than what people build, and their borders are soft. The last is what tells them from new roofs, concrete,
// film and ploughed fields: land changes along sharp lines, light does not. The guess is conservative: it takes something
// of about 40 m and more across, and leaves alone what has sharp borders, however large or bright; the price is
// thin veils, small clouds, and clouds in stretched images of 8 bits, whose soft borders end where white is reached.
//
// It works on cells of about a metre, fixed to the grid, in whole numbers: what it says of a pixel depends on the halo
// around it, never on the window. The reach is long, so it is best run once, on a pair read at a metre or two.
package mask
