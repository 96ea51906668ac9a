// Package bandmath is the language of rules and indices: expressions over band roles, indices and textures of one or
// two dates, compiled once and evaluated over chunks of pixels.
//
//	after.ndvi < 0.2 and before.ndvi - after.ndvi > 0.25 and after.pantex(20) > 400
//
// # Language
//
// Names are a date and a band role, an index or a texture: before.red, after.ndvi, after.pantex, after.deviation(10).
// The number is the edge of a texture's window in metres; without it 15 (pantex), 5 (deviation) and 30
// (mean, mbi, msi) hold.
// Textures are inputs like bands: who runs a program computes them. So are the states of a scene, before.growing and
// after.snow, probabilities that were computed elsewhere (Model.Raster), and change, which is of both dates and has none. With Options.SingleDate, and in the formula of an
// index, names stand alone: red, ndvi. Upper and lower case are the same.
//
// # Parameters
//
// Some numbers are known only when pixels have been seen: limit.NAME, the weights of a model behind p_NAME, and
// auto, which stands for one side of a comparison (change > auto) and is found from the values of the other. A program
// is compiled with these open, and Bind sets them, without compiling anew and without a change to what is read.
//
// Operators, binding loosest first: ?: (choice), or ||, and &&, comparisons < <= > >= == !=, + -, not !, * /,
// unary - +, ** ^ (power, from the right). A comparison may be chained: 0.1 < after.ndvi < 0.3.
// "not" binds tighter than a comparison, so it needs parentheses: not (a < b).
// Functions: abs, sqrt, log (natural), exp, min and max of two or more, clamp(x, lo, hi), isknown(x).
//
// # Values and conditions
//
// An expression is a value (float32) or a condition, never both. No data is NaN. Each operation rounds to float32,
// and a result that is not finite is NaN: x / 0, log(0), sqrt(-1), an overflow. NaN in any operand gives NaN,
// also in min and max.
//
// Conditions have three values, in bytes: 0 false, 1 unknown, 2 true. A comparison with NaN is unknown; "and" is the
// minimum, "or" the maximum, "not" is 2 − x: false and unknown is false. isknown(x) says whether x has a value and is
// never unknown. A choice by an unknown condition is NaN or unknown.
//
// # Evaluation
//
// All expressions of a program share what they have in common. Evaluation is lazy, chunk by chunk: only what is asked
// for is computed, a conjunction takes its cheapest terms first and stops when every pixel of the chunk is false,
// a choice computes only the sides that some pixel takes. None of this can change a result.
package bandmath
