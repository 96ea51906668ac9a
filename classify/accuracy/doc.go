// Package accuracy measures how good a change map is: against a reference that is known everywhere (confusion matrix,
// objects found, a curve over the score), and against a probability sample of points that people interpreted
// (area-adjusted accuracy with standard errors and intervals).
//
// It is pure: counts, areas and scores in, measures out. A measure whose denominator is 0 is NaN, which JSON writes as null.
//
// Sources: Cohen 1960 (kappa); Olofsson, Foody, Herold, Stehman, Woodcock and Wulder 2014, “Good practices for estimating
// area and assessing accuracy of land change” (strata that are the map classes); Stehman 2014, “Estimating area and map
// accuracy for stratified random sampling when the strata are different from the map classes”; Agresti and Coull 1998 and
// Zou and Donner 2008 (intervals that hold when errors are few).
package accuracy
