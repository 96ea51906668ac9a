// Package where is the small language in which rules ask about one patch: sums of areas, shares and other numbers, compared with
// numbers. What its words mean is the caller's; what the language does not have cannot loop, allocate or surprise.
package where
