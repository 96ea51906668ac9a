// Package register measures how far the image of a later date lies beside that of an earlier one, and takes it back.
//
// Shifts are measured on chips (Matcher), because terrain and building lean make them local; chips are made into one smooth
// field with a verdict (Fit); a field resamples pixels of the later date onto those of the earlier one (Field.Align).
// Nothing is corrected that the chips do not agree on, and nothing above a cap.
package register
