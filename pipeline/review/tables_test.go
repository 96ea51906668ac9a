package review

import (
	"slices"
	"strings"
	"testing"

	"tuban/pipeline/register"
	"tuban/raster/vector"
)

// Codes are unique and named in both languages, verdicts are those of the register, and no word says whether something is lawful:
// that is for verification on the ground.
func TestTables(t *testing.T) {
	for name, l := range map[string]list{"verdicts": verdicts, "reasons": reasons, "operations": operations, "problems": problems} {
		seen := map[string]bool{}
		for _, r := range l {
			if r["code"] == "" || seen[r["code"]] || r["zh"] == "" || r["en"] == "" {
				t.Errorf("%s: %v", name, r)
			}
			seen[r["code"]] = true
			for _, v := range r {
				if strings.Contains(v, "合法") || strings.Contains(v, "违法") {
					t.Errorf("%s: %s", name, v)
				}
			}
		}
	}
	want := []register.Verdict{register.Pass, register.Unchanged, register.Approved, register.Reject, register.Defer}
	for _, v := range want {
		if verdicts.find(string(v)) == nil {
			t.Errorf("the table has no verdict %s", v)
		}
	}
	if len(verdicts) != len(want) {
		t.Errorf("%d verdicts, the register has %d", len(verdicts), len(want))
	}
	// Widths suffice for what the lists offer.
	for _, f := range fields {
		i := slices.IndexFunc(editing, func(e vector.Field) bool { return e.Name == f["name"] })
		if f["table"] == "" {
			continue
		}
		for _, r := range table(f["table"]) {
			if len(r["code"]) > editing[i].Width {
				t.Errorf("%s does not hold %s", f["name"], r["code"])
			}
		}
	}
}
