package recall

import (
	"tuban/pipeline/verification"
)

// conclusion is a returned category as tables may show it; shown is false, and the text empty, for one that is in no export.
func conclusion(level1, level2, level3 string) (path any, shown bool) {
	if verification.Suppressed(level1, level2, level3) {
		return nil, false
	}
	return text(verification.Category{Level1: level1, Level2: level2, Level3: level3}.Path()), true
}
