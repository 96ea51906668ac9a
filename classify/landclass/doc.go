// Package landclass knows the land classes of the two code systems that surveys use, the types that a change patch
// can have afterwards (图斑类型), and the minimum area that goes with each.
//
// The two systems share 32 codes, 22 of them with another meaning (0601 is 工业用地 in one and 农村道路 in the other), so
// nothing here interprets a code without its [System]. Codes are strings of digits and letters, never numbers.
package landclass
