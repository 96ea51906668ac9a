// Package irmad finds what did not change between two images of one place, and from it the line that brings the later
// image's numbers to the earlier one's.
//
// IR-MAD (iteratively reweighted multivariate alteration detection: Nielsen 2007, "The regularized iteratively reweighted
// MAD method for change detection in multi- and hyperspectral data", IEEE TIP 16(2)) pairs linear combinations of the
// bands of both dates by canonical correlation, so that the differences of the pairs, the MAD variates, are independent
// of each other and indifferent to any gain and offset of any band. Pixels weigh as much as it is likely that they did
// not change, and the analysis repeats until the correlations stand still. Fit does that and returns a Transform, whose
// Statistic, the sum of squared standardised variates, is large where the land changed. Normalise regresses the earlier
// image on the later one over the pixels with the smallest statistic (Canty and Nielsen 2008, "Automatic radiometric
// normalization of multitemporal satellite imagery with the iteratively re-weighted MAD transformation", RSE 112(3)).
//
// A poor fit is worse than none: both refuse, with a reason for people, rather than return it; see Refusal.
package irmad
