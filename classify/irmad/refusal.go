package irmad

import "fmt"

// Reason says why a fit was refused.
type Reason string

// The reasons, and who finds them.
const (
	TooFewPixels   Reason = "too-few-pixels"   // Fit: fewer than 100 pixels to a band
	NoUsableBand   Reason = "no-usable-band"   // Fit: every band is constant at one date
	Degenerate     Reason = "degenerate"       // Fit: what counts as unchanged has shrunk to pixels of one colour
	NotConverged   Reason = "not-converged"    // Normalise: the correlations did not stand still
	Unrelated      Reason = "unrelated"        // Normalise: no combination of bands is alike at both dates
	TooFewSame     Reason = "too-few-same"     // Normalise: fewer than 100 unchanged pixels
	WeakLine       Reason = "weak-line"        // Normalise: the unchanged pixels of a band do not lie on a line
	Unexplained    Reason = "unexplained"      // Normalise: the line of a band does not hold for the scene
	ImplausibleFit Reason = "implausible-gain" // Normalise: a band would turn round, or change its contrast more than 3 times
)

// Refusal is the error of a fit too poor to use. Its texts are sentences for the people who read a run's report.
type Refusal struct {
	Reason Reason `json:"reason"`
	Band   string `json:"band,omitempty"` // "" when it is about all bands
	EN     string `json:"en"`
	ZH     string `json:"zh"`
}

func (r *Refusal) Error() string { return "relative normalisation refused: " + r.EN }

func tooFewPixels(n, bands int) *Refusal {
	return &Refusal{Reason: TooFewPixels,
		EN: fmt.Sprintf("%d pixels are seen at both dates, %d bands need %d: check that the scenes overlap", n, bands, minPixelsPerBand*bands),
		ZH: fmt.Sprintf("两期共有有效像元仅 %d 个，%d 个波段至少需要 %d 个：请检查两期影像是否重叠", n, bands, minPixelsPerBand*bands)}
}

func noUsableBand() *Refusal {
	return &Refusal{Reason: NoUsableBand,
		EN: "every band has one single value at one of the dates: check the bands of the scenes",
		ZH: "每个波段在某一期均为单一数值：请检查影像波段"}
}

func degenerate() *Refusal {
	return &Refusal{Reason: Degenerate,
		EN: "the pixels that look unchanged all have one colour, such as saturated or filled pixels: mask them or declare no data",
		ZH: "看似未变化的像元颜色单一（如饱和或填充像元）：请掩膜或声明无效值"}
}

func notConverged(iterations int) *Refusal {
	return &Refusal{Reason: NotConverged,
		EN: fmt.Sprintf("the search for unchanged pixels did not settle in %d iterations", iterations),
		ZH: fmt.Sprintf("未变化像元的迭代搜索在 %d 次内未收敛", iterations)}
}

func unrelated(rho float64) *Refusal {
	return &Refusal{Reason: Unrelated,
		EN: fmt.Sprintf("the two dates have nothing in common (largest canonical correlation %.2f, at least %.2f needed): check position, season and cloud", rho, minStart),
		ZH: fmt.Sprintf("两期影像几乎无共同信息（最大典型相关系数 %.2f，至少需要 %.2f）：请检查配准、季节与云", rho, minStart)}
}

func tooFewSame(n int) *Refusal {
	return &Refusal{Reason: TooFewSame,
		EN: fmt.Sprintf("only %d unchanged pixels were found, at least %d are needed", n, minSame),
		ZH: fmt.Sprintf("仅找到 %d 个未变化像元，至少需要 %d 个", n, minSame)}
}

func weakLine(band string, r float64) *Refusal {
	return &Refusal{Reason: WeakLine, Band: band,
		EN: fmt.Sprintf("band %s of the unchanged pixels does not agree between the dates (correlation %.2f, at least %.2f needed)", band, r, minCorrelation),
		ZH: fmt.Sprintf("波段 %s 的未变化像元两期不一致（相关系数 %.2f，至少需要 %.2f）", band, r, minCorrelation)}
}

func unexplained(band string, left float64) *Refusal {
	return &Refusal{Reason: Unexplained, Band: band,
		EN: fmt.Sprintf("the line found for band %s does not hold for the scene: %.0f %% of the band's spread is left in its best quarter (at most %.0f %%); most of the land may have changed", band, 100*left, 100*maxLeft),
		ZH: fmt.Sprintf("波段 %s 的归一化关系对全景不成立：最好四分之一像元的残差仍占波段离散度的 %.0f%%（上限 %.0f%%），可能大部分地表已变化", band, 100*left, 100*maxLeft)}
}

func implausible(band string, gain float64) *Refusal {
	return &Refusal{Reason: ImplausibleFit, Band: band,
		EN: fmt.Sprintf("band %s would change its contrast %.2f times (plausible are %.1f to %.1f)", band, gain, 1/maxContrast, maxContrast),
		ZH: fmt.Sprintf("波段 %s 的对比度将变为 %.2f 倍（合理范围 %.1f～%.1f）", band, gain, 1/maxContrast, maxContrast)}
}
