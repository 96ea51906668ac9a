package pipeline

import (
	"strings"

	"tuban/classify/triage"
	"tuban/raster/vector"
)

// triageColumns are what triage says of a patch beside SPPP.
func (p *Plan) triageColumns() []column {
	return []column{
		text("triage", 12, "审批匹配代码", func(q *Patch) any { return string(q.Triage.State) }),
		text("SPLX", 254, "审批类型", func(q *Patch) any { return orNull(strings.Join(p.approvalNames(q), "、")) }),
		// As many as there are: a Shapefile cuts them, with a warning.
		text("SPWH", 0, "审批文号", func(q *Patch) any { return orNull(strings.Join(q.Triage.Numbers(), "；")) }),
		square("SPMJ", "有效审批覆盖面积（平方米）", func(q *Patch) any {
			if q.Triage.State == triage.Unloaded {
				return nil
			}
			return q.Triage.Area
		}),
		{vector.Field{Name: "YXJ", Type: vector.Int64, Alias: "优先级（1为最先）"}, func(q *Patch) any {
			if q.Triage.Place == 0 {
				return nil
			}
			return int64(q.Triage.Place)
		}},
		text("YXJYY", 254, "优先级依据", func(q *Patch) any { return orNull(q.Triage.Why) }),
		text("TQBQ", 254, "排除标签", func(q *Patch) any { return orNull(strings.Join(p.labels(q), "；")) }),
	}
}

// approvalNames are the kinds of the approvals on a patch in Chinese, in the order of the chain.
func (p *Plan) approvalNames(q *Patch) (names []string) {
	for _, code := range q.Triage.Kinds() {
		names = append(names, p.approvalName(code))
	}
	return names
}

// approvalName is what a kind of approval is called, "" for one that is not known.
func (p *Plan) approvalName(code string) string {
	if i := p.Triage.Approval(code); i >= 0 {
		return p.Triage.Approvals[i].Name.ZH
	}
	return ""
}

// labels are the names of the exclusions that a patch is in.
func (p *Plan) labels(q *Patch) (names []string) {
	for _, i := range q.Triage.Labels {
		names = append(names, p.Triage.Exclusions[i].Name.ZH)
	}
	return names
}

// approvalTable has a row for each published patch and approval on it.
func (r *result) approvalTable() vector.Table {
	t := vector.Table{
		Name: "approvals", Title: "图斑涉及的审批（仅列示，待核）",
		Fields: []vector.Field{
			textField("cid", 16, "候选编号"), textField("kind", 32, "审批类型代码"), textField("LXMC", 60, "审批类型"),
			textField("number", 120, "批准文号"), textField("name", 120, "名称"), textField("purpose", 120, "用途"),
			textField("date", 8, "批准日期"), textField("expires", 8, "有效期至"), textField("derived", 3, "有效期是否推算"),
			textField("days", 120, "无法识别的日期原文"), textField("relation", 8, "与两期影像的先后代码"), areaField("MJ", "覆盖面积（平方米）"), shareField,
			textField("status", 8, "有效性代码"), textField("counts", 3, "是否计入匹配"), textField("sliver", 3, "是否细碎重叠"),
			textField("feature", 60, "要素标识"), textField("version", 40, "图层版本"), textField("source", 120, "来源文件"),
		},
	}
	t.Rows = r.perPatch(func(p *Patch, yield func(vector.Row, error) bool) bool {
		for i, s := range p.Triage.Standings {
			a := p.Legal.Approvals[i]
			name := r.plan.approvalName(s.Kind)
			if name == "" {
				name = a.Class
			}
			row := vector.Row{Values: []any{
				p.CID, orNull(s.Kind), orNull(name), orNull(s.Number), orNull(s.Name), orNull(s.Purpose),
				orNoDay(s.On), orNoDay(s.Until), yesNo(s.Derived), orNull(s.Unread), string(s.Relation), s.Area, share(s.Area, p.Area),
				string(s.Status), yesNo(s.Counts), yesNo(s.Sliver), orNull(a.Feature), orNull(a.Version), baseOf(a.Source),
			}}
			if !yield(row, nil) {
				return false
			}
		}
		return true
	})
	return t
}
