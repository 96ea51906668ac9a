package synth

// colour is reflectance in blue, green, red and near infrared.
type colour [4]float32

// paint is how a surface looks: a colour, and patterns that are added to it.
type paint struct {
	base colour
	// tex and its strength in each band, per unit of the texture's standard deviation.
	tex  *texture
	fine colour
	// broad is the strength of the patches of many metres.
	broad colour
	// rows is the strength of strips across the direction of a field; stepX and stepY are a pixel's way across them
	// in 1/4096 of a texel of strips.
	rows         colour
	hasRows      bool
	stepX, stepY int64
	date         int
	// dims says that the paint multiplies what is there by base.
	dims bool
}

// look is the recipe of a paint: strengths are relative to the colour, for the visible bands and for near infrared.
type look struct {
	base      colour
	tex       byte // g(rain), c(lumps), t(rees)
	fine      float32
	fineNIR   float32
	broad     float32
	broadNIR  float32
	rows      float32
	rowsNIR   float32
	takesTint bool // vegetation, whose vigour differs from parcel to parcel
}

var covers = [...]look{
	grass:     {base: colour{.052, .086, .068, .27}, tex: 'c', fine: .17, fineNIR: .10, broad: -.14, broadNIR: .12, takesTint: true},
	meadow:    {base: colour{.046, .084, .058, .31}, tex: 'c', fine: .11, fineNIR: .08, broad: -.10, broadNIR: .10, takesTint: true},
	maize:     {base: colour{.036, .070, .042, .40}, tex: 'g', fine: .06, fineNIR: .05, broad: -.07, broadNIR: .06, rows: .11, rowsNIR: .05, takesTint: true},
	soya:      {base: colour{.039, .090, .047, .47}, tex: 'g', fine: .05, fineNIR: .04, broad: -.06, broadNIR: .06, rows: .08, rowsNIR: .04, takesTint: true},
	rice:      {base: colour{.041, .083, .050, .36}, tex: 'g', fine: .035, fineNIR: .03, broad: -.06, broadNIR: .05, rows: .025, rowsNIR: .02, takesTint: true},
	fallow:    {base: colour{.064, .088, .104, .158}, tex: 'c', fine: .07, fineNIR: .09, broad: -.05, broadNIR: .10, rows: .05, rowsNIR: .05},
	orchard:   {base: colour{.042, .075, .050, .36}, tex: 't', fine: .26, fineNIR: .20, rows: .10, rowsNIR: .05, takesTint: true},
	plots:     {base: colour{.050, .086, .060, .33}, tex: 'c', fine: .12, fineNIR: .08, broad: -.05, broadNIR: .05, rows: .24, rowsNIR: -.14},
	forest:    {base: colour{.026, .048, .028, .36}, tex: 't', fine: .34, fineNIR: .30, broad: .10, broadNIR: .08, takesTint: true},
	belt:      {base: colour{.027, .052, .030, .38}, tex: 't', fine: .36, fineNIR: .30, broad: .08, broadNIR: .05, takesTint: true},
	highway:   {base: colour{.105, .111, .116, .128}, tex: 'g', fine: .035, fineNIR: .035, broad: .04, broadNIR: .04, rows: .03, rowsNIR: .03},
	track:     {base: colour{.118, .144, .162, .220}, tex: 'c', fine: .14, fineNIR: -.04, broad: .13, broadNIR: -.08, rows: .15, rowsNIR: -.05},
	street:    {base: colour{.215, .236, .250, .275}, tex: 'g', fine: .05, fineNIR: .05, broad: .07, broadNIR: .07},
	homestead: {base: colour{.125, .146, .160, .205}, tex: 'c', fine: .16, fineNIR: .10, broad: .08, broadNIR: .05},
	square:    {base: colour{.19, .21, .22, .25}, tex: 'g', fine: .06, fineNIR: .06, broad: .05, broadNIR: .05},
	works:     {base: colour{.180, .198, .210, .236}, tex: 'c', fine: .12, fineNIR: .11, broad: .08, broadNIR: .08},
	glass:     {base: colour{.10, .12, .132, .19}, tex: 'c', fine: .10, fineNIR: .10},
	pond:      {base: colour{.052, .068, .050, .030}, tex: 'g', fine: .02, fineNIR: .03, broad: .05, broadNIR: .06},
	river:     {base: colour{.074, .096, .086, .048}, tex: 'g', fine: .02, fineNIR: .03, broad: .05, broadNIR: .06, rows: .03, rowsNIR: .03},
	flat:      {base: colour{.155, .185, .205, .245}, tex: 'g', fine: .05, fineNIR: .05, broad: .10, broadNIR: .10},
	ditch:     {base: colour{.046, .075, .056, .25}, tex: 'c', fine: .20, fineNIR: .15, broad: -.08, broadNIR: .10},
	levee:     {base: colour{.056, .088, .070, .26}, tex: 'c', fine: .15, fineNIR: .10, rows: .14, rowsNIR: -.05},
	graves:    {base: colour{.036, .062, .042, .30}, tex: 't', fine: .34, fineNIR: .28, broad: -.1, broadNIR: .1},
	weeds:     {base: colour{.052, .087, .070, .250}, tex: 'c', fine: .16, fineNIR: .12, broad: -.15, broadNIR: .18, takesTint: true},
}

// The looks of fields that only some have.
var (
	stubble  = look{base: colour{.066, .089, .110, .158}, tex: 'g', fine: .06, fineNIR: .06, broad: -.06, broadNIR: .08, rows: .07, rowsNIR: .06}
	filmRows = look{base: colour{.215, .240, .250, .300}, tex: 'g', fine: .05, fineNIR: .05, rows: .20, rowsNIR: .14}
)

var stuffs = [...]look{
	verge:      {base: colour{.054, .084, .064, .26}, tex: 'c', fine: .18, fineNIR: .1},
	bund:       {base: colour{.064, .094, .074, .24}, tex: 'c', fine: .15, fineNIR: .1},
	garden:     {base: colour{.045, .084, .056, .33}, tex: 'c', fine: .22, fineNIR: .14},
	concrete:   {base: colour{.222, .243, .257, .282}, tex: 'g', fine: .06, fineNIR: .06, broad: .05, broadNIR: .05},
	earth:      {base: colour{.125, .148, .166, .210}, tex: 'c', fine: .12, fineNIR: .10},
	gravel:     {base: colour{.185, .200, .210, .232}, tex: 'g', fine: .12, fineNIR: .12},
	clutter:    {base: colour{.160, .178, .194, .232}, tex: 'c', fine: .24, fineNIR: .22, broad: .08, broadNIR: .08},
	redRoof:    {base: colour{.100, .112, .235, .275}, tex: 'g', fine: .07, fineNIR: .06},
	blueRoof:   {base: colour{.245, .192, .135, .175}, tex: 'g', fine: .05, fineNIR: .05},
	greyRoof:   {base: colour{.185, .196, .205, .232}, tex: 'g', fine: .08, fineNIR: .08},
	darkRoof:   {base: colour{.088, .092, .097, .117}, tex: 'g', fine: .09, fineNIR: .08},
	whiteRoof:  {base: colour{.40, .42, .43, .44}, tex: 'g', fine: .04, fineNIR: .04},
	film:       {base: colour{.255, .285, .295, .365}, tex: 'g', fine: .06, fineNIR: .06},
	crown:      {base: colour{.028, .054, .032, .38}, tex: 't', fine: .22, fineNIR: .2},
	shade:      {base: colour{.50, .42, .38, .40}},
	water:      {base: colour{.058, .076, .056, .032}, tex: 'g', fine: .02, fineNIR: .03, broad: .06, broadNIR: .06},
	bare:       {base: colour{.148, .184, .224, .284}, tex: 'c', fine: .055, fineNIR: .055, broad: .13, broadNIR: .11},
	felled:     {base: colour{.064, .088, .108, .156}, tex: 'c', fine: .09, fineNIR: .09, broad: .08, broadNIR: -.04},
	whitePaint: {base: colour{.45, .46, .46, .46}},
	darkPaint:  {base: colour{.045, .047, .05, .055}},
	sward:      {base: colour{.050, .086, .060, .29}, tex: 'c', fine: .15, fineNIR: .1, broad: -.12, broadNIR: .12},
	sapling:    {base: colour{.036, .066, .040, .34}, tex: 't', fine: .15, fineNIR: .12},
	panel:      {base: colour{.082, .074, .070, .088}, tex: 'g', fine: .05, fineNIR: .05},
	tilled:     {base: colour{.060, .079, .098, .134}, tex: 'c', fine: .08, fineNIR: .08, broad: .10, broadNIR: .10},
	sand:       {base: colour{.190, .226, .252, .300}, tex: 'g', fine: .06, fineNIR: .06, broad: .09, broadNIR: .09},
	rubble:     {base: colour{.140, .164, .184, .222}, tex: 'c', fine: .20, fineNIR: .18, broad: .10, broadNIR: .10},
	mud:        {base: colour{.080, .098, .108, .135}, tex: 'c', fine: .08, fineNIR: .08, broad: .08, broadNIR: .08},
}

// mixed returns the paint of a look. vigour scales vegetation's near infrared and, the other way, its visible bands.
func (t *textures) mixed(k look, vigour float32) paint {
	p := paint{base: k.base}
	if k.takesTint {
		for b := range 3 {
			p.base[b] *= 1 + 0.9*(1-vigour)
		}
		p.base[2] *= 1 + 0.5*(1-vigour)
		p.base[3] *= vigour
	}
	p.tex = map[byte]*texture{'g': &t.grain, 'c': &t.clumps, 't': &t.crowns, 0: &t.grain}[k.tex]
	for b := range 4 {
		f, g, r := k.fine, k.broad, k.rows
		if b == 3 {
			f, g, r = k.fineNIR, k.broadNIR, k.rowsNIR
		}
		p.fine[b] = p.base[b] * f / unitOf
		p.broad[b] = p.base[b] * g / unitOf
		p.rows[b] = p.base[b] * r / unitOf
	}
	p.hasRows = k.rows != 0 || k.rowsNIR != 0
	return p
}
