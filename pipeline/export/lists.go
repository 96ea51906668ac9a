package export

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/xuri/excelize/v2"

	"tuban/pipeline/verification"
)

// lists writes the sheet with the categories: the first level in column A; pairs of the first and second level in C and D, and
// of both and the third in F and G, from which the lists of the levels below are cut.
func (b *workbook) lists(scheme verification.Scheme) error {
	if _, err := b.NewSheet(sheetCategories); err != nil {
		return err
	}
	columns := map[string][]string{"A": {"一级"}, "C": {"一级"}, "D": {"二级"}, "F": {"一级|二级"}, "G": {"三级"}}
	seen := map[string]bool{}
	add := func(key string, cells map[string]string) {
		if seen[key] {
			return
		}
		seen[key] = true
		for column, value := range cells {
			columns[column] = append(columns[column], value)
		}
	}
	for _, c := range scheme.Open() {
		above := c.Level1 + "|" + c.Level2
		add(c.Level1, map[string]string{"A": c.Level1})
		if c.Level2 != "" {
			add(above, map[string]string{"C": c.Level1, "D": c.Level2})
		}
		if c.Level3 != "" {
			add(above+"|"+c.Level3, map[string]string{"F": above, "G": c.Level3})
		}
	}
	b.firsts = len(columns["A"]) - 1
	for _, column := range slices.Sorted(maps.Keys(columns)) { // equal workbooks are equal files
		values := columns[column]
		if err := b.SetSheetCol(sheetCategories, column+"1", &values); err != nil {
			return err
		}
		if err := b.SetColWidth(sheetCategories, column, column, 28); err != nil {
			return err
		}
	}
	return b.footer(sheetCategories)
}

// rules are what the columns that the county fills in accept in so many rows.
func (b *workbook) rules(rows int) error {
	if rows == 0 {
		return nil
	}
	names := map[sheetKind]string{}
	for i, c := range sheetColumns {
		name, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return err
		}
		names[c.kind] = name
	}
	first := headerRow + 1
	one, two := fmt.Sprintf("$%s%d", names[kindLevel1], first), fmt.Sprintf("$%s%d", names[kindLevel2], first)
	below := func(key, keys, values string) string {
		all := fmt.Sprintf("%s!$%s:$%s", sheetCategories, keys, keys)
		return fmt.Sprintf("OFFSET(%s!$%s$1,MATCH(%s,%s,0)-1,0,COUNTIF(%s,%s),1)", sheetCategories, values, key, all, all, key)
	}
	list := func(kind sheetKind, formula string) error {
		v := b.rule(names[kind], rows)
		v.SetSqrefDropList(formula)
		v.SetError(excelize.DataValidationErrorStyleStop, "核查类别", "请从下拉列表中选择")
		return b.AddDataValidation(sheetPatches, v)
	}
	area := b.rule(names[kindBlankMu], rows)
	area.SetError(excelize.DataValidationErrorStyleStop, "核实面积", "请填写不小于 0 的数，单位为亩")
	day := b.rule(names[kindBlankDay], rows)
	day.SetError(excelize.DataValidationErrorStyleStop, "核查日期", "请填写日期，如 2026-09-01")
	const century = 36526 // 2000-01-01, as sheets count days
	return errors.Join(
		list(kindLevel1, fmt.Sprintf("%s!$A$2:$A$%d", sheetCategories, b.firsts+1)),
		list(kindLevel2, below(one, "C", "D")),
		list(kindLevel3, below("CONCATENATE("+one+`,"|",`+two+")", "F", "G")),
		area.SetRange(0, 0, excelize.DataValidationTypeDecimal, excelize.DataValidationOperatorGreaterThanOrEqual),
		b.AddDataValidation(sheetPatches, area),
		day.SetRange(century, 0, excelize.DataValidationTypeDate, excelize.DataValidationOperatorGreaterThanOrEqual),
		b.AddDataValidation(sheetPatches, day),
	)
}

func (b *workbook) rule(column string, rows int) *excelize.DataValidation {
	v := excelize.NewDataValidation(true)
	v.Sqref = fmt.Sprintf("%s%d:%s%d", column, headerRow+1, column, headerRow+rows)
	return v
}
