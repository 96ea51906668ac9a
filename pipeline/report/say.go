package report

// What other pages about patches say in numbers, they say as the report does.

// Decimal formats v with the given decimals and commas between thousands; "—" when v is not finite.
func Decimal(v float64, decimals int) string { return decimal(v, decimals) }

// Percent formats part of total; "" when there is no total. What is not nothing never reads 0.0 %, what is not all never 100.0 %.
func Percent(part, total float64) string { return percent(part, total) }

// Day spells a YYYYMMDD with dashes; anything else is left as it is.
func Day(s string) string { return day(s) }
