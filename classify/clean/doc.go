// Package clean removes what single pixels say and their neighbours do not: majority, opening and closing
// of one kind's mask with square neighbourhoods, written in rules as "majority 3" or "open 3, close 3".
//
// It works on Kleene bytes (0 false, 1 unknown, 2 true). Only true counts as fired, and the result is certain: 0 or 2.
// A mask after cleaning must therefore be ANDed again with what is known and eligible.
package clean
