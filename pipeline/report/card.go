package report

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
)

// card is one patch, formatted: a row of the list, and a card when it has pictures.
type card struct {
	No                           int
	CID                          string
	Kind                         legend
	Categories                   []Text
	Type                         string
	TypeName                     Text
	ClassCode                    string
	Class                        Text
	Unit, UnitName               string
	Area                         area
	Shares                       []shareRow
	QSX, HSX, Position, Approval string
	Score                        string
	Parts, Evidence              []KV
	Hints, Labels                []string
	Why                          string
	Before, After                *chip
	Width                        string
}

type shareRow struct {
	Code    string
	Name    Text
	Area    area
	Percent string
}

// chip is a picture with the patch's outline in its pixels.
type chip struct {
	Image template.HTMLAttr
	W, H  int
	Path  string
}

func newCard(p Patch, r Report, kinds map[string]legend) (card, error) {
	kind, ok := kinds[p.Kind]
	if !ok {
		return card{}, fmt.Errorf("its kind %q is not among the report's kinds", p.Kind)
	}
	c := card{
		No: p.No, CID: p.CID, Kind: kind, Type: p.Type, TypeName: both(p.TypeName), ClassCode: p.Class, Class: both(p.ClassName),
		Unit: p.Unit, UnitName: p.UnitName, Area: newArea(p.AreaM2), QSX: day(p.QSX), HSX: day(p.HSX),
		Position: degrees(p.Lon, p.Lat), Approval: p.Approval, Evidence: p.Evidence,
		Parts: p.Parts, Hints: p.Hints, Labels: p.Labels, Why: p.Why,
	}
	if p.Score != nil {
		c.Score = decimal(*p.Score, 0)
	}
	for _, t := range p.Categories {
		c.Categories = append(c.Categories, both(t))
	}
	if c.Approval == "" {
		c.Approval = "未加载审批数据"
		if r.Approvals {
			c.Approval = "未匹配审批数据"
		}
	}
	for _, s := range p.Shares {
		row := shareRow{Code: s.Class, Name: both(s.Name), Area: newArea(s.AreaM2), Percent: percent(s.AreaM2, p.AreaM2)}
		if s.Class == "" && row.Name.ZH == "" {
			row.Name = Text{"调查未覆盖", "outside the survey"}
		}
		c.Shares = append(c.Shares, row)
	}
	var err error
	path := pathData(p.Outline, 0)
	if c.Before, err = newChip(p.Before, path); err != nil {
		return card{}, fmt.Errorf("picture of the before date: %w", err)
	}
	if c.After, err = newChip(p.After, path); err != nil {
		return card{}, fmt.Errorf("picture of the after date: %w", err)
	}
	if p.Metres > 0 {
		c.Width = decimal(p.Metres, 0)
	}
	return c, nil
}

func newChip(p Picture, path string) (*chip, error) {
	if len(p.Data) == 0 {
		return nil, nil
	}
	image, err := embed(p)
	if err != nil {
		return nil, err
	}
	return &chip{Image: image, W: p.W, H: p.H, Path: path}, nil
}

// embed returns the href attribute that carries the picture itself.
func embed(p Picture) (template.HTMLAttr, error) {
	if p.W <= 0 || p.H <= 0 {
		return "", fmt.Errorf("its size is %d × %d pixels", p.W, p.H)
	}
	var mime string
	switch {
	case bytes.HasPrefix(p.Data, []byte("\x89PNG\r\n\x1a\n")):
		mime = "image/png"
	case bytes.HasPrefix(p.Data, []byte("\xff\xd8\xff")):
		mime = "image/jpeg"
	default:
		return "", errors.New("it is neither PNG nor JPEG")
	}
	return template.HTMLAttr(`href="data:` + mime + ";base64," + base64.StdEncoding.EncodeToString(p.Data) + `"`), nil
}
