// Package rollup sums finished products over administrative units: province, city, county, town and village, by category, land
// class, legal layer, approval, verdict and conclusion, beside targets that the user configures and beside the run before.
//
// A patch counts once, in the unit that has most of it; its areas go by the parts that lie in each unit. All sums are made in
// hundredths of a square metre, so that they add up exactly, whatever the order.
package rollup
