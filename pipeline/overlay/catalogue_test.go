package overlay

import (
	"slices"
	"strings"
	"testing"

	"tuban/raster/vector"
)

// The catalogue is what its readers rely on: known roles, codes that are told apart, units of falling size.
func TestCatalogue(t *testing.T) {
	seen := map[string]bool{}
	digits := 99
	for _, k := range Kinds() {
		if seen[k.Code] || k.ZH == "" || k.EN == "" {
			t.Errorf("%+v", k)
		}
		seen[k.Code] = true
		if !slices.Contains([]Use{ForOverlay, ForUnits, ForApprovals}, k.Use) {
			t.Errorf("%s: use %q", k.Code, k.Use)
		}
		if (k.Use == ForUnits) != (k.Digits > 0) || k.Use == ForUnits && (k.Digits >= digits || len(k.Fields[Code]) == 0) {
			t.Errorf("%s: %d digits", k.Code, k.Digits)
		}
		if k.Use == ForUnits {
			digits = k.Digits
		}
		for role, candidates := range k.Fields {
			if !slices.Contains(Roles, role) || len(candidates) == 0 {
				t.Errorf("%s: role %q of %v", k.Code, role, candidates)
			}
		}
		types := map[string]bool{}
		for _, ty := range k.Types {
			if types[ty.Code] || ty.ZH == "" {
				t.Errorf("%s: type %+v", k.Code, ty)
			}
			types[ty.Code] = true
			for _, word := range append([]string{ty.Code, ty.ZH}, ty.Words...) {
				if got, ok := k.TypeOf(word); !ok || got.Code != ty.Code {
					t.Errorf("%s: %q is of type %q", k.Code, word, got.Code)
				}
			}
		}
		if _, ok := k.TypeOf(""); ok {
			t.Errorf("%s: nothing has a type", k.Code)
		}
	}
	if s := DefaultSliver(); s.Area != 10 || s.Width != 1 {
		t.Errorf("slivers are %+v", s)
	}
	for _, word := range []string{"合法", "违法"} {
		if strings.Contains(string(catalogueText), word) {
			t.Errorf("the catalogue says %s of land that nobody has looked at", word)
		}
	}
}

// Each delivered schema is understood without a word in the run file.
func TestMapSchemas(t *testing.T) {
	for _, c := range []struct{ name, kind, fields, want string }{
		{"YJJBNTTB", "basic_farmland", "BSM YSDM XZQDM XZQMC YJJBNTTBBH TBBH DLBM DLMC YJJBNTTBMJ KCXS KCMJ YJJBNTMJ BHKSSJ BHJSSJ",
			"id=YJJBNTTBBH name=XZQMC class=DLBM area=YJJBNTTBMJ ridge=KCXS ridge_area=KCMJ since=BHKSSJ until=BHJSSJ"},
		{"JBNTTB, older", "basic_farmland_old", "JBNTTBBH DLBM GDLX JBNTLX PDJB TKMJ TBMJ JBNTMJ", "id=JBNTTBBH class=DLBM area=TBMJ ridge_area=TKMJ"},
		{"STBHHX of the survey", "red_line", "BSM YSDM XJXZQHDM LXDM SLDM MC QYMJ STXTYZBLX RWHDLX BZ", "id=SLDM name=MC class=LXDM area=QYMJ"},
		{"STBHHX of planning", "red_line", "XJXZQDM XJXZQMC LHLX MJ", "name=XJXZQMC class=LHLX area=MJ"},
		{"STBHHX as delivered", "red_line", "XZQDM XZQMC HXBM HXMC HXLX LXBM MJ ZRBHDMC", "id=HXBM name=HXMC class=HXLX area=MJ"},
		{"CZKFBJ", "urban_boundary", "BSM YSDM XZQDM XZQMC GHFQDM GHFQMC MJ BZ", "id=BSM name=GHFQMC class=GHFQDM area=MJ"},
		{"CZCDYD", "village_boundary", "CZCLX CZCDM CZCMC CZCMJ", "id=CZCDM name=CZCMC class=CZCLX area=CZCMJ"},
		{"TTQ", "separate_layer", "TTQMJ", "area=TTQMJ"},
		{"XZQ", "town", "BSM YSDM XZQDM XZQMC DCMJ JSMJ", "code=XZQDM name=XZQMC area=DCMJ"},
		{"CJDCQ", "village", "BSM YSDM ZLDWDM ZLDWMC DCMJ", "code=ZLDWDM name=ZLDWMC area=DCMJ"},
		{"CJDCQ with codes of the other name", "village", "BSM XZQDM XZQMC", "code=XZQDM name=XZQMC"},
		{"LSYD", "approval", "GLTBBSM PZWJMC PZWH TBMJ PZMJ YTFL JTXMYT PZRQ", "id=GLTBBSM number=PZWH name=PZWJMC purpose=JTXMYT sort=YTFL date=PZRQ area=PZMJ"},
		{"PZWJSTD", "approval", "TBBH XMBH XMMC PZWH PZMJ TBMJ", "id=TBBH number=PZWH name=XMMC area=PZMJ"},
		{"ZZ_NYDZYFW", "approval", "DKBH DKMC DKMJ DZJGH AJBH XZQDM", "id=DKBH number=DZJGH name=DKMC area=DKMJ"},
		{"XS_XMKJFW", "approval", "YSDM XMDM DZJGH AJBH XMMC SZXZQDM YDMJ SQRQ GXRQ", "id=XMDM number=DZJGH name=XMMC area=YDMJ"},
		{"in lower case", "red_line", "hxbm hxmc mj", "id=hxbm name=hxmc area=mj"},
	} {
		kind, _ := Lookup(c.kind)
		got, err := kind.Map(vector.LayerInfo{Name: c.name, Fields: strings.Fields(c.fields)}, nil)
		if err != nil || got.String() != c.want {
			t.Errorf("%s: %s, %v\nwant %s", c.name, got, err, c.want)
		}
	}
}

// What the run file declares wins, and must be there.
func TestMapDeclared(t *testing.T) {
	kind, _ := Lookup("red_line")
	info := vector.LayerInfo{Name: "STBHHX", Fields: []string{"HXBM", "MC", "F7"}, Aliases: []string{"", "", "红线名称"}}
	for _, c := range []struct {
		declared map[string]string
		want     string
		err      string
	}{
		{nil, "id=HXBM name=MC", ""},
		{map[string]string{"name": "红线名称"}, "id=HXBM name=F7", ""},
		{map[string]string{"id": "mc"}, "id=MC name=MC", ""},
		{map[string]string{"name": "HXB"}, "", `layer STBHHX has no field HXB for the role name (did you mean "HXBM"?): it has HXBM, MC, F7`},
	} {
		got, err := kind.Map(info, c.declared)
		if (err == nil) != (c.err == "") || err != nil && err.Error() != c.err || err == nil && got.String() != c.want {
			t.Errorf("%v: %s, %v", c.declared, got, err)
		}
	}
	town, _ := Lookup("town")
	if _, err := town.Map(vector.LayerInfo{Name: "X", Fields: []string{"NAME"}}, nil); err == nil || !strings.Contains(err.Error(), "`fields: {code: FIELD}`") {
		t.Errorf("towns without a code: %v", err)
	}
}
