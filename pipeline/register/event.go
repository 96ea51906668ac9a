package register

import "time"

// Event is one line of the register: exactly one of Decision, Release and Return is set.
type Event struct {
	// Seq counts from 1; Prev is the SHA-256, in hexadecimal, of the line before without its newline, "" for the first.
	Seq  int64     `json:"seq"`
	Prev string    `json:"prev"`
	At   time.Time `json:"at"`
	// More counts the events of the same Append that are still to come: what ends before the last of them was cut short.
	More     int       `json:"more,omitempty"`
	Decision *Decision `json:"decision,omitempty"`
	Release  *Release  `json:"release,omitempty"`
	Return   *Return   `json:"return,omitempty"`
}

// Verdict is what office review says of a candidate.
type Verdict string

// The verdicts. None says that something is lawful or unlawful: that is for verification on the ground.
const (
	// Pass lets the patch go to the county (拟下发); `tuban release` takes it.
	Pass Verdict = "pass"
	// Unchanged: nothing changed there (伪变化). The same geometry does not come back as new.
	Unchanged Verdict = "unchanged"
	// Approved: an approval was checked by a person and covers it (审批已核). The same geometry does not come back as new.
	Approved Verdict = "approved"
	// Reject: not to be sent, for the coded Reason.
	Reject Verdict = "reject"
	// Defer: undecided, to be looked at again (待定).
	Defer Verdict = "defer"
)

// Version names the geometry that something was said about: a candidate, and the hash of its kind and raw geometry.
type Version struct {
	CID string `json:"cid"`
	GV  string `json:"gv"`
}

// Shape is a geometry kept with an event: hexadecimal WKB of a MultiPolygon in CRS, easting or longitude first.
type Shape struct {
	WKB string `json:"wkb"`
	CRS string `json:"crs"`
}

// Decision is one office decision. A later one on the same candidate supersedes it; both stay.
type Decision struct {
	Version
	// Run is the key of the product in which the candidate was judged, Kind the code of its kind of change.
	Run     string  `json:"run"`
	Kind    string  `json:"kind"`
	Verdict Verdict `json:"verdict"`
	// Reason is the code of a Reject's reason.
	Reason string `json:"reason,omitempty"`
	// By judged, Second checked; they are two persons. On is the day, YYYY-MM-DD.
	By     string `json:"by"`
	Second string `json:"second,omitempty"`
	On     string `json:"on"`
	Note   string `json:"note,omitempty"`
	// Judged is the geometry in the product; Redrawn replaces it, for a patch that a person drew, merged or split.
	Judged  Shape  `json:"judged"`
	Redrawn *Shape `json:"redrawn,omitempty"`
	// Values are the attributes of a Redrawn geometry, by field name: what still holds of the product's, and what was
	// measured anew. What cannot be told without the survey is left out.
	Values map[string]string `json:"values,omitempty"`
	// From lists the candidates that a merged or split patch was made of; a patch that a person added has none and no GV.
	From []Version `json:"from,omitempty"`
	// Source is the file that was imported, SourceHash its SHA-256.
	Source     string `json:"source"`
	SourceHash string `json:"source_sha256"`
}

// Release is one patch handed to a county under a 监测编号. It is never edited: a later release supersedes it.
type Release struct {
	Version
	Run string `json:"run"`
	// JCBH is XZQDM + year + serial, unique in the register; Batch is the name of the batch.
	JCBH   string `json:"jcbh"`
	County string `json:"county"`
	Batch  string `json:"batch"`
	// Parent is the JCBH-free key of the whole patch where this is the part in one county of a patch that crosses counties:
	// the candidate's cid.
	Parent string `json:"parent,omitempty"`
	// Supersedes is the JCBH of the release that this one replaces, several separated by spaces where patches became one; its
	// own JCBH is then a new one.
	Supersedes string  `json:"supersedes,omitempty"`
	AreaM2     float64 `json:"area_m2"`
	Shape      Shape   `json:"shape"`
	// Values are the attributes as released, by field name.
	Values map[string]string `json:"values"`
}

// Return is what a county said of a released patch.
type Return struct {
	JCBH string `json:"jcbh"`
	// Level1 to Level3 are the 核查类别, as in verification_categories.csv.
	Level1 string `json:"level1"`
	Level2 string `json:"level2,omitempty"`
	Level3 string `json:"level3,omitempty"`
	By     string `json:"by,omitempty"`
	On     string `json:"on,omitempty"` // YYYY-MM-DD
	// AreaM2 is the verified area in m², 0 where the county gave none.
	AreaM2     float64           `json:"area_m2,omitempty"`
	Note       string            `json:"note,omitempty"`
	Values     map[string]string `json:"values,omitempty"`
	Source     string            `json:"source"`
	SourceHash string            `json:"source_sha256"`
}
