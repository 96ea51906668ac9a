// Package season says what a day of the year shows of land: crops in growth or bare fields, trees in leaf, snow.
//
// A field without vegetation is evidence only while crops grow: in the north-east of China a year has one crop, so that bare
// cropland is normal for half of it. The calendar is a setting; the default is a default, and no document at hand confirms
// its days to the day.
package season
