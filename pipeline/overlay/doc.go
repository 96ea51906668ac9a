// Package overlay knows the legal layers that patches are compared with: which kinds there are and by which names their
// schemas call things (an embedded catalogue), which field of a delivered layer plays which part, when a feature is in
// effect, and what of an overlap is only a sliver. It stages the layers of a run as the survey is staged: repaired, in
// the run's CRS, found by place, everything that was met counted.
package overlay
