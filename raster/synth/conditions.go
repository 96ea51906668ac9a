package synth

import "time"

// Conditions make the pair of images hard to compare. Each part acts by itself; the zero value is the plain county:
// late summer at both dates, one light, orthophotos that agree to a fifth of a pixel, a survey without mistakes.
type Conditions struct {
	Season Season
	Light  Light
	// Lean multiplies how far roofs and crowns lean; 0 counts as 1, which is 2° off nadir before and 6° after.
	Lean   float64
	Shift  Shift
	Fields Fields
	// Ponds is the share of the ponds in which the water stands lower at the second date, so that their rim is mud.
	Ponds float64
	// Finish is how each date is delivered.
	Finish [2]Finish
	Sensor Sensor
	Survey Survey
	// Kinds adds changes of further kinds: greenhouse, pv, pond, planting, removed, regreened, cleared and sand.
	Kinds bool
	// NoChange leaves the land alone: no changes, no renewed roofs, no approvals.
	NoChange bool
	// ClearSky takes the clouds away.
	ClearSky bool
}

// Season gives the days of the images. With Before set, fields follow the crop calendar of the north-east (bare until
// late May, ripe in September, harvested and partly ploughed from late September on) and trees, grass and gardens
// yellow and lose their leaves; the zero value shows late summer, as the plain county does.
type Season struct {
	Before, After time.Time
	// Others are the days of further parts of the second image, which then is a mosaic with seams; zero days are none.
	Others [2]time.Time
}

// Light is how the second image is lit, and seen through the air, compared with the first.
type Light struct {
	// Gain multiplies each band of the second image; 0 counts as 1.
	Gain [4]float64
	// Haze is the reflectance that the air adds to blue where it is thickest, at each date; it is less in the longer
	// waves, and varies over a kilometre or so between a third and all of it. Contrast falls with it.
	Haze [2]float64
	// Sun is where the sun stands at each date, in degrees: azimuth from north over east, elevation above the horizon.
	// An elevation of 0 keeps that of the plain county.
	Sun [2]Sun
}

// Sun is a place in the sky.
type Sun struct{ Azimuth, Elevation float64 }

// Shift is how the second image is out of place, in pixels: a constant part and one that varies over some hundred
// metres. No pixel is out by more than their sum.
type Shift struct{ Constant, Local float64 }

// Fields are the shares of the crop fields that look different at the two dates in season, though they stay fields.
// The zero value takes those of the plain county.
type Fields struct {
	Harvested, Ploughed, Mulch, Fallow float64 // at the second date
	Sown                               float64 // bare at the first date, a crop at the second
}

// Finish is how an image is delivered. The zero value is reflectance × 10,000 in 16 bits.
type Finish struct {
	// Stretched images have 8 bits: each band between its own percentiles, with a gamma, for the eye.
	Stretched bool
	// Dodge is the amplitude of local dodging: gain and offset that vary over some hundred metres. It needs Stretched.
	Dodge float64
}

// Sensor is how the second sensor differs from the first.
type Sensor struct {
	// Mix is the share of the neighbouring bands in each band's response.
	Mix float64
	// Blur is how much of a 3 × 3 binomial blur is added to the point spread, 0…1.
	Blur float64
	// Noise multiplies the noise; 0 counts as 1.
	Noise float64
}

// Survey is what is wrong with the survey.
type Survey struct {
	// WrongLabels is the share of the parcels (roads, rivers and ditches aside) whose class is not that of the ground.
	WrongLabels float64
	// Offset is how far borders lie beside the ground at most, in pixels.
	Offset float64
}
