package triage

import (
	_ "embed"

	"tuban/classify/landclass"
	"tuban/classify/ruletext"
	"tuban/classify/where"
)

//go:embed default.yaml
var defaultYAML []byte

// DefaultName is what a run file calls the embedded rules of triage.
const DefaultName = "default"

// Default returns the text of the embedded rules; the caller may keep and change it.
func Default() []byte { return append([]byte(nil), defaultYAML...) }

// Rules is the rules of triage.
type Rules struct {
	// Version names the rules, for the record of a run.
	Version  string
	Coverage Coverage
	// Approvals are in the order of the chain in which they are given; they are listed in it.
	Approvals []ApprovalKind
	// States are what the states are called, each of them.
	States map[State]ruletext.Name
	// Marks are remarks that stand with a patch, each of them.
	Marks map[Mark]ruletext.Name
	// Order is how patches are ranked, the first key first.
	Order []Key
	// Exclusions label patches that may need no visit.
	Exclusions []Exclusion

	system     landclass.System
	language   where.Language
	selections map[string]landclass.Selection
}

// Coverage says how much of a patch approvals must cover.
type Coverage struct {
	// Matched is the share from which on a patch is matched; so is one whose uncovered rest is below Rest, in m².
	Matched, Rest float64
	// Partial is the share, and Least the area in m², below which what is covered is nothing but an edge.
	Partial, Least float64
}

// ApprovalKind is one kind of approval.
type ApprovalKind struct {
	Code string
	Name ruletext.Name
	// Listed says that it is shown with a patch, but does not count as its approval.
	Listed bool
	// Undated says that it counts also where its day is not known.
	Undated bool
	Scope
	// Valid says for how long one without a last day of its own is good; the first term whose purposes fit. Without terms it has
	// no end.
	Valid []Term
}

// Term is how long an approval is good for, from its day on.
type Term struct {
	Years int
	// Purposes are words, one of which the approval's purpose or name has; none fits all.
	Purposes []string
}

// Scope is the patches that something is about: all of what it names must hold, and what is empty holds always.
type Scope struct {
	// Kinds and Categories are codes of the rules of a run.
	Kinds, Categories []string
	// Verdicts are codes of what office review said of the patch before, and what still holds for its outline.
	Verdicts []string
	// After are types after the change (图斑类型), or groups of them.
	After []string
	// Where is a condition; see [Facts].
	Where string
	where *where.Expression
}

// Key is one key of the order of severity.
type Key struct {
	// Of is the number that patches are ranked by; see [Facts].
	Of string
	of *where.Expression
	// Least says that the smallest come first, else the largest.
	Least bool
	// Name is what the number is called in the reason, where it is shown at all: those in Unit, an area in 亩 or m², or none.
	Name ruletext.Name
	Unit Unit
}

// Unit is how a key's number is shown; the number itself is in m² where it is an area.
type Unit string

// The units.
const (
	Mu     Unit = "亩"
	Square Unit = "m2"
	Plain  Unit = "" // a number with one decimal
)

// Exclusion labels the patches of its scope.
type Exclusion struct {
	Code string
	Name ruletext.Name
	Scope
}

// State is how a patch stands to the approvals. Each is set by [Rules.Match]; a person follows it up.
type State string

// The states, the one that speaks most for an approval first.
const (
	// Matched: approvals that count cover the patch, so that one of them is to be checked.
	Matched State = "matched"
	// Partial: they cover part of it.
	Partial State = "partial"
	// Expired: what covers it was no longer good at the day of the after image.
	Expired State = "expired"
	// Later: what covers it was given after the change was first seen.
	Later State = "later"
	// Unmatched: approvals were loaded, and none of these is there.
	Unmatched State = "unmatched"
	// Unloaded: no approvals were loaded that could count for it. Nothing is known.
	Unloaded State = "unloaded"
)

// States are all the states.
var States = []State{Matched, Partial, Expired, Later, Unmatched, Unloaded}

// Mark is something to mind about the approvals of a patch.
type Mark string

// The marks.
const (
	// MarkInside: an approval that counts has a day between the two images.
	MarkInside Mark = "inside"
	// MarkUndated: the day of one is not known.
	MarkUndated Mark = "undated"
	// MarkUnread: one has a last day that cannot be read, so that it does not count.
	MarkUnread Mark = "unread"
	// MarkLater: one was given after the change was first seen.
	MarkLater Mark = "later"
	// MarkExpired: one is no longer good.
	MarkExpired Mark = "expired"
	// MarkUntyped: the kind of one is not known, so that it does not count.
	MarkUntyped Mark = "untyped"
	// MarkListed: the patch is unmatched, and yet one lies there, of a kind that does not count for it.
	MarkListed Mark = "listed"
	// MarkDerived: the last day of one was worked out from its purpose.
	MarkDerived Mark = "derived"
)

// Marks are all the marks, in the order in which they are shown.
var Marks = []Mark{MarkInside, MarkLater, MarkExpired, MarkDerived, MarkListed, MarkUntyped, MarkUndated, MarkUnread}

// Approval returns the position of the kind of approval with this code, −1 when there is none.
func (r *Rules) Approval(code string) int {
	for i, a := range r.Approvals {
		if a.Code == code {
			return i
		}
	}
	return -1
}
