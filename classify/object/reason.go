package object

// Reason says why a pixel was not observed. The zero value None belongs to change runs.
type Reason uint8

// The reasons. A run with a reason is a gap.
const (
	None         Reason = iota // nothing is missing; every change run has this
	Outside                    // no scene of one of the dates covers the pixel
	NoData                     // a scene covers it, but has no value there
	Cloud                      // hidden by cloud
	Shadow                     // darkened by a shadow of cloud
	Unreadable                 // a scene or tile could not be read; set by the scan after its retries
	NotJudgeable               // seen, but bands, season or radiometry cannot decide the kind
	reasons                    // how many there are
)

var reasonNames = [reasons]struct{ slug, zh string }{
	None:         {"none", "无"},
	Outside:      {"outside", "影像范围外"},
	NoData:       {"no-data", "影像无数据"},
	Cloud:        {"cloud", "云遮挡"},
	Shadow:       {"shadow", "阴影遮挡"},
	Unreadable:   {"unreadable", "影像读取失败"},
	NotJudgeable: {"not-judgeable", "现有影像无法判定"},
}

// String returns the reason as an English slug ("no-data"), as it stands in files; "unknown" outside the list.
func (r Reason) String() string {
	if r >= reasons {
		return "unknown"
	}
	return reasonNames[r].slug
}

// ZH returns the reason in Chinese, as it stands in reports; "未知" outside the list.
func (r Reason) ZH() string {
	if r >= reasons {
		return "未知"
	}
	return reasonNames[r].zh
}
