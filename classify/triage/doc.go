// Package triage compares a patch with what was approved at its place, and says in which order patches are worth a visit.
//
// Nothing here is a verdict: approvals are matched by place, date and kind, and a person checks them. The rules are data ([Default]):
// which kinds of approvals count for which change, how long one is good for, how much of a patch must be covered, the order of
// severity, and labels that say why a patch may need no visit. A label never removes a patch.
package triage
