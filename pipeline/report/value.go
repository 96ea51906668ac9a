package report

import (
	"image/color"
	"time"

	"github.com/paulmach/orb"
)

// Disclaimer stands on every sheet and in every card of the report; DisclaimerEN is its English rendering.
const (
	Disclaimer   = "仅作线索，不作为处罚依据"
	DisclaimerEN = "A lead for verification, not a basis for any penalty"
)

// Text is a wording in both languages of the report. EN may be empty; an empty ZH shows EN in its place.
type Text struct{ ZH, EN string }

// Report is all that report.html says. Areas are ellipsoidal square metres throughout; the writer shows 亩 and 公顷 beside them.
// Parts left at their zero value are left out, or said to be missing where a reader must know that.
type Report struct {
	// Name is the run's name, as in the run file.
	Name string
	// Product is the identity (key) of the product this report belongs to.
	Product string
	// Version is the version of tuban that made it.
	Version string
	// Created is the time shown as the date of the report; its own location is used.
	Created time.Time
	// Region names the examined region: the boundary's source, or how it was derived.
	Region string

	Before, After Date
	// Survey names last year's survey: source, layer, code system. Empty: a run without a survey, which the report says.
	Survey string
	// Approvals says that approval data took part. Without them each patch reads 未加载审批数据.
	Approvals bool
	// Grid describes the run's grid: size, pixel, CRS.
	Grid string

	// AreaM2 is the examined area; UnobservedM2 the part of it in which at least one eligible kind could not be decided
	// (each pixel counted once, unlike the sum of Gaps).
	AreaM2, UnobservedM2 float64
	// Gaps lists why and for which kinds, largest first as given.
	Gaps []Gap
	// Failures are objects that could not be used (a scene, a tile, a layer), said beside the gaps, before anything else.
	Failures []Text
	// Warnings are what a reader must know to judge the result: radiometry, season, unknown codes, repaired geometry.
	Warnings []Text

	// Kinds are the kinds of change of the run, in file order: legend and colours.
	Kinds []Kind
	// ByCategory, ByKind, ByClass and ByUnit are the totals over all published patches, in the order to be shown.
	// ByCategory may count a patch in more than one row when categories overlap; so may no other.
	ByCategory, ByKind, ByClass, ByUnit []Total
	// ByLayer is what the published patches have in each legal layer that the run was given; a layer without any has a row of 0.
	ByLayer []Total
	// ByApproval are the totals by how patches stand to approvals.
	ByApproval []Total
	// ByRelation are the totals by what patches are to those of earlier runs; none in a run that was given no earlier one.
	ByRelation []Total

	// Published and PublishedM2 are number and area of all published patches; Dropped those kept apart with their reason.
	Published   int
	PublishedM2 float64
	Dropped     int

	// Map is the overview.
	Map Map
	// Patches are listed in the order given; those with pictures get a card of their own. It may be fewer than Published,
	// which the report then says, naming the file that holds all of them.
	Patches []Patch

	// Gone says what became of earlier candidates that are not found any more, Watched how the places of the watch list stand.
	Gone, Watched []KV
	// Inputs names the files read, Measured the values that were measured and handed to every tile, Files what the product holds.
	Inputs, Measured, Files []KV
}

// Date is one of the two dates of imagery.
type Date struct {
	// Day is what to show, such as 2024-08-14, or a span when the scenes differ.
	Day string
	// Sensor names the sensors or says that bands were declared.
	Sensor string
	// Scenes are the scenes' names in mosaic order.
	Scenes []string
}

// Kind is a kind of change as the map's legend shows it.
type Kind struct {
	Code string
	Name Text
	// Color is the kind's colour; the zero value takes picture.Palette by position.
	Color color.RGBA
}

// Gap is an area in which Kind could not be decided, for one reason. An empty Kind means every kind.
type Gap struct {
	Reason Text
	Kind   Text
	AreaM2 float64
}

// Total is one row of a table of totals.
type Total struct {
	// Code is a land-class or unit code; empty where there is none.
	Code   string
	Name   Text
	Count  int
	AreaM2 float64
}

// Picture is an encoded PNG or JPEG of W × H pixels. The zero value is no picture.
type Picture struct {
	Data []byte
	W, H int
}

// Map is the overview: a base picture and the patches on it.
type Map struct {
	// Base is the picture, usually of the after date; its row 0 is the top.
	Base Picture
	// MetresPerPixel is the ground size of a pixel of Base, for the scale bar; 0 leaves the bar out.
	MetresPerPixel float64
	// NorthUp draws the north arrow.
	NorthUp bool
	// Shapes are drawn in order, later ones on top.
	Shapes []Shape
	// Unobserved is hatched: where no kind, or not every kind, could be decided.
	Unobserved orb.MultiPolygon
	// NorthWest and SouthEast are longitude and latitude, in degrees, of the corners of Base; both zero when unknown.
	NorthWest, SouthEast orb.Point
}

// Shape is one patch on the map, in pixels of the base picture.
type Shape struct {
	// Kind is the code of one of Report.Kinds.
	Kind string
	// No is the number written beside it; 0 writes none. Numbers that would cover one another are left out, later ones first.
	No   int
	Geom orb.MultiPolygon
}

// Patch is one published change patch.
type Patch struct {
	// No is its number in this report, CID its stable identity in the product.
	No  int
	CID string
	// Kind is the code of one of Report.Kinds.
	Kind string
	// Categories name what it is suspected to be; none shows 未归类.
	Categories []Text
	// Type is the code of 图斑类型, the state after, such as JZ; TypeName spells it out.
	Type     string
	TypeName Text
	// Class is the survey class (DLBM) of the largest share before the change, "" without a survey.
	Class     string
	ClassName Text
	// Unit is the unit code (ZLDWDM), UnitName its name.
	Unit, UnitName string
	AreaM2         float64
	// Shares split AreaM2 by survey class.
	Shares []Share
	// QSX and HSX are the days, YYYYMMDD, of the scenes that show the patch before and after.
	QSX, HSX string
	// Lon and Lat are degrees of a point inside; both zero when unknown.
	Lon, Lat float64
	// Approval is the wording of the comparison with approvals; empty reads 未加载审批数据 or, with approvals loaded, 未匹配审批数据.
	Approval string
	// Why says in Chinese what the patch is ranked by, Labels why it may need no visit.
	Why    string
	Labels []string
	// Score, 0 to 100, says how likely the patch is real; nil where there is none. Parts are what it is made of, Hints what to mind.
	Score *float64
	Parts []KV
	Hints []string
	// Evidence are measured means over the fired pixels.
	Evidence []KV
	// Before and After are pictures of one window, Outline the patch in their pixels, Metres the ground width of the pictures (0 unknown).
	Before, After Picture
	Outline       orb.MultiPolygon
	Metres        float64
}

// Share is the part of a patch on one survey class. An empty Class is what no parcel covers.
type Share struct {
	Class  string
	Name   Text
	AreaM2 float64
}

// KV is a named value, already formatted.
type KV struct {
	Name  Text
	Value string
}
