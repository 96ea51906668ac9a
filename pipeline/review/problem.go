package review

import "fmt"

// Problem is what is wrong with a row of a working copy, and what to do.
type Problem struct {
	// FID is the row's id in the GeoPackage, 0 for a row that is missing; CID its candidate, "" for a patch that was added.
	FID  int64  `json:"fid,omitempty"`
	CID  string `json:"cid,omitempty"`
	Code string `json:"code"`
	// ZH and EN say the same.
	ZH string `json:"zh"`
	EN string `json:"en"`
}

// String is the problem on one line, Chinese first.
func (p Problem) String() string {
	where := "缺行"
	if p.FID > 0 {
		where = fmt.Sprintf("fid %d", p.FID)
	}
	if p.CID != "" {
		where += " 候选 " + p.CID
	}
	return fmt.Sprintf("%s：%s (%s: %s)", where, p.ZH, p.Code, p.EN)
}

// problem makes a complaint of the table; args fill its Chinese text.
func problem(fid int64, cid, code string, args ...any) Problem {
	r := problems.find(code)
	if r == nil {
		panic("problems.csv has no " + code)
	}
	return Problem{FID: fid, CID: cid, Code: code, ZH: fmt.Sprintf(r["zh"], args...), EN: r["en"]}
}
