package track

import "slices"

// Lost returns k, which a run no longer finds, with what people said of it since the run that last found it: the verdict of the
// last judgement of that version, and the JCBH under which it was released.
func Lost(k Known, list []Judgement, issued map[string][]string) Known {
	for _, j := range list {
		if j.CID == k.CID && j.GV == k.GV {
			k.Verdict = j.Verdict
		}
	}
	k.Released = append(slices.Clone(k.Released), issued[k.CID]...)
	slices.Sort(k.Released)
	k.Released = slices.Compact(k.Released)
	return k
}
