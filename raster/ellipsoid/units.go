package ellipsoid

// Mu returns m² in 亩: 1 m² is 0.0015 亩.
func Mu(m2 float64) float64 { return m2 * 0.0015 }

// Hectares returns m² in 公顷: 10,000 m² each.
func Hectares(m2 float64) float64 { return m2 / 10000 }
