package pipeline

import (
	"fmt"

	"tuban/pipeline/report"
)

// CloudStat says how much of a date was taken for a cloud or its shadow in scenes that came without a mask.
type CloudStat struct {
	Date string `json:"date"`
	// Cells of about 2 m have a value at the date; Cloud and Shadow are the shares of them that are hidden, from 0 to 1.
	Cells  int64   `json:"cells"`
	Cloud  float64 `json:"cloud"`
	Shadow float64 `json:"shadow"`
	// Hash identifies which they are.
	Hash string `json:"hash"`
}

func (s CloudStat) value() MeasuredValue {
	return MeasuredValue{s.Date + ".clouds", fmt.Sprintf("%.2f %% cloud, %.2f %% shadow, found by the bands (%d cells)", 100*s.Cloud, 100*s.Shadow, s.Cells)}
}

// cloudWarnings tells the reader of the product what was hidden without anybody having said so.
func cloudWarnings(list []CloudStat) []report.Text {
	names := map[string]string{dateNames[0]: "前时相", dateNames[1]: "后时相"}
	var out []report.Text
	for _, s := range list {
		if s.Cloud+s.Shadow == 0 {
			continue
		}
		out = append(out, report.Text{
			ZH: fmt.Sprintf("%s影像自动识别云 %.2f%%、云影 %.2f%%，范围内列为未观测；薄云和小块云可能漏识，请核对，或提供云掩膜。", names[s.Date], 100*s.Cloud, 100*s.Shadow),
			EN: fmt.Sprintf("The %s imagery shows clouds on %.2f %% and their shadows on %.2f %% of its area, found by the bands: it is published as unobserved. Thin and small clouds can be missed: check, or give masks.", s.Date, 100*s.Cloud, 100*s.Shadow),
		})
	}
	return out
}
