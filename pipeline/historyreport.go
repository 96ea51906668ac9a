package pipeline

import (
	"fmt"
	"strconv"

	"tuban/classify/watch"
	"tuban/pipeline/report"
	"tuban/pipeline/track"
)

// reportHistory says what patches are to those of earlier runs, and how watched places stand.
func (r *result) reportHistory(rep *report.Report) {
	if r.past != nil {
		words, totals := track.Default().Words, map[track.Relation]report.Total{}
		for _, q := range r.patches {
			if q.Dropped == "" {
				t := totals[q.Fate.Relation]
				t.Count, t.AreaM2 = t.Count+1, t.AreaM2+q.Area
				totals[q.Fate.Relation] = t
			}
		}
		for _, relation := range track.Relations {
			if t := totals[relation]; t.Count > 0 {
				t.Name = report.Text(words[string(relation)])
				rep.ByRelation = append(rep.ByRelation, t)
			}
		}
		counts := r.tracking().Gone
		for _, reason := range track.Reasons {
			if n := counts[reason]; n > 0 {
				rep.Gone = append(rep.Gone, report.KV{Name: report.Text(words[string(reason)]), Value: strconv.Itoa(n)})
			}
		}
	}
	r.reportWatch(rep)
}

// overdueListed places that stand after their day are named in the report; all are in the GeoPackage.
const overdueListed = 50

func (r *result) reportWatch(rep *report.Report) {
	w := r.watchCounts()
	if w == nil {
		return
	}
	for _, s := range watch.States {
		if n := w.States[s]; n > 0 {
			rep.Watched = append(rep.Watched, report.KV{Name: report.Text(watch.Default().Words[string(s)]), Value: strconv.Itoa(n)})
		}
	}
	if w.Overdue == 0 {
		return
	}
	rep.Warnings = append(rep.Warnings, report.Text{
		ZH: fmt.Sprintf("重点关注地块中有 %d 处逾期仍存在。", w.Overdue),
		EN: fmt.Sprintf("%d places of the watch list stand after their day.", w.Overdue),
	})
	rep.Watched = append(rep.Watched, report.KV{Name: report.Text{ZH: "逾期仍存在", EN: "overdue"}, Value: strconv.Itoa(w.Overdue)})
	named := 0
	for _, v := range r.vigils {
		if r.plan.overdue(v) != yes || named == overdueListed {
			continue
		}
		named++
		rep.Watched = append(rep.Watched, report.KV{Name: report.Text{ZH: v.id, EN: v.name}, Value: "期限 " + v.due.Format("2006-01-02")})
	}
}
