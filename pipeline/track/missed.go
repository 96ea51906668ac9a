package track

// Missed says why an earlier candidate is not found. inside is the m² of it that the run covers, hidden what of these could not be observed
// for changes such as this one. What was looked for and not seen once stays so: that a later run could not look does not bring it back.
func Missed(s Settings, k Known, inside, hidden float64) Reason {
	switch {
	case k.Gone == NotSeen:
		return NotSeen
	case k.Area-inside > s.Off*k.Area:
		return Off
	case k.Area-inside+hidden > s.Unobserved*k.Area:
		return Unobserved
	}
	return NotSeen
}
