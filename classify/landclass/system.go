package landclass

import (
	"errors"
	"fmt"
	"strings"
)

// System is a land-class code system. Whoever hands over a survey declares it; the zero value means that there is none.
type System string

// The code systems.
const (
	TD1055 System = "TD/T 1055-2019" // 三调 and its yearly change surveys
	YDYH   System = "用地用海 2023"      // the classification for territorial planning
)

// Systems lists the code systems.
var Systems = []System{TD1055, YDYH}

// ErrNoSystem is ParseSystem's answer to an empty declaration.
var ErrNoSystem = errors.New(`the survey's code system is not declared, and guessing it would confuse classes (0601 is industry in one and a farm road in the other): set "system: TD/T 1055-2019" or "system: 用地用海 2023"`)

// ParseSystem returns the system that s declares. Spelling is taken with tolerance: "TD/T 1055-2019", "TD1055", "三调",
// "用地用海", "2023". An empty s is ErrNoSystem.
func ParseSystem(s string) (System, error) {
	plain := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \t/-_—－·（）()《》", r) {
			return -1
		}
		return r
	}, strings.ToLower(strings.TrimSpace(s)))
	switch plain {
	case "":
		return "", ErrNoSystem
	case "tdt1055", "tdt10552019", "td1055", "td10552019", "1055", "10552019", "三调", "第三次全国国土调查", "国土三调":
		return TD1055, nil
	case "用地用海", "用地用海2023", "2023", "2023用地用海", "ydyh", "ydyh2023", "用地用海分类", "国土空间调查规划用途管制用地用海分类指南":
		return YDYH, nil
	}
	return "", fmt.Errorf(`unknown code system %q: it is "TD/T 1055-2019" (三调) or "用地用海 2023"`, s)
}
