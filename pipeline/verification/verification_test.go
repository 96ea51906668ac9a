package verification

import "testing"

func TestEveryCategoryIsOneOfItsScheme(t *testing.T) {
	for _, s := range Schemes() {
		if len(s.Categories) == 0 || s.Name == "" {
			t.Errorf("scheme %q is empty or has no name", s.Code)
		}
		seen := map[Category]bool{}
		for _, c := range s.Categories {
			key := Category{Level1: c.Level1, Level2: c.Level2, Level3: c.Level3}
			if c.Level1 == "" || c.Level2 == "" && c.Level3 != "" || seen[key] {
				t.Errorf("scheme %s: %+v is twice there, or lacks a level above another", s.Code, c)
			}
			seen[key] = true
		}
	}
}

func TestSuppressedCategoriesAreNotOffered(t *testing.T) {
	hidden := 0
	for _, s := range Schemes() {
		for _, c := range s.Open() {
			if Suppressed(c.Level1, c.Level2, c.Level3) {
				t.Errorf("scheme %s offers %+v", s.Code, c)
			}
		}
		hidden += len(s.Categories) - len(s.Open())
	}
	if hidden != 2 {
		t.Errorf("%d categories are suppressed, want JY and SM", hidden)
	}
	for _, level := range []string{"JY", " sm ", "SM", "其他/JY", "其他 ／ ｊｙ", "其他|SM|", "其他｜ＳＭ", "ＪＹ", "其他（JY）", "其他-SM"} {
		if !Suppressed("其他", level) || !Suppressed(level) {
			t.Errorf("%q is not suppressed", level)
		}
	}
	for _, level := range []string{"JYX", "", " ", "其他/农村土坟", "圈占/堆放压占", "JYSM"} {
		if Suppressed("", "其他", level) {
			t.Errorf("%q is suppressed", level)
		}
	}
}

func TestFind(t *testing.T) {
	if s, err := Find(""); err != nil || s.Code != "hebei2026" {
		t.Errorf("the default is %q, %v", s.Code, err)
	}
	if _, err := Find("older"); err != nil {
		t.Error(err)
	}
	if _, err := Find("none"); err == nil {
		t.Error("an unknown scheme was found")
	}
}
