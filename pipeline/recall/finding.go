package recall

import (
	"tuban/pipeline/register"
)

// Status is what became of a row.
type Status string

// The statuses.
const (
	// Accepted: the row is valid and new.
	Accepted Status = "accepted"
	// Known: the register has what the row says already.
	Known Status = "known"
	// Blank: the county has not filled it in, or says 未核查.
	Blank Status = "blank"
	// Refused: the row is wrong; Problems say why.
	Refused Status = "refused"
)

// statusZH is how people call a status.
var statusZH = map[Status]string{Accepted: "通过", Known: "已入库", Blank: "未核查", Refused: "退回"}

// Finding is what the check of one row came to.
type Finding struct {
	Place, JCBH string
	Status      Status
	// Problems say what is wrong and what to do, Chinese first; Hints are about accepted rows that somebody should look at.
	Problems, Hints []string
	// Return is what the row says; nil for one that is refused or blank.
	Return *register.Return
}

// count is how many findings have that status.
func count(list []Finding, s Status) (n int) {
	for _, f := range list {
		if f.Status == s {
			n++
		}
	}
	return n
}
