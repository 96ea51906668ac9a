package synth

// Nights is how many nights a [Story] has.
const Nights = 4

// life is how one site of a story goes. A night is ten letters, one for each tenth of the site's length: b for something
// built, g for disturbed ground, w for water, and . where the land is as it was at the first date.
type life struct {
	name   string
	nights [Nights]string
	// hidden is the night, counted from 1, whose image has a hole here; 0 for none.
	hidden  int
	permits []permit
	// separate is the code under which the survey's separate layer has the site, decided says that it was judged before.
	separate string
	decided  bool
	// border asks for a site that lies in two counties, where there is room for one; it may then cross field roads and ditches,
	// which counties often meet at.
	border bool
}

// permit is an approval of a life: # where it covers the site.
type permit struct {
	kind  GrantKind
	cover string
	// age is how many days before the first date it is dated; since, when it is not 0, the night after which it is dated
	// instead, by ten days.
	age, since int
	// purpose is what temporary land is for.
	purpose string
	// valid is for how many years, by the purpose; 0 is for good.
	valid int
	// void says that it lets nobody do what is done here.
	void bool
	// listed is the night from which the layers have it.
	listed int
}

const whole = "##########"

// stays is a life that does not change once it is there.
func stays(kind byte) [Nights]string {
	s := string([]byte{kind, kind, kind, kind, kind, kind, kind, kind, kind, kind})
	return [Nights]string{s, s, s, s}
}

// lives are the sites of a story.
var lives = []life{
	{name: "on the county line", nights: stays('b'), border: true},
	{name: "built without approval", nights: stays('b')},
	{name: "pit", nights: stays('w'), decided: true},
	{name: "redrawn", nights: stays('g')},
	{name: "judged unchanged", nights: stays('g')},
	{name: "approved before", nights: stays('b'), permits: []permit{{kind: Conversion, cover: whole, age: 210, listed: 1}}},
	{name: "chain of approvals", nights: stays('b'), permits: []permit{
		{kind: Conversion, cover: whole, age: 300, listed: 1},
		{kind: Expropriation, cover: whole, age: 290, listed: 1},
		{kind: Supply, cover: whole, age: 120, listed: 1},
	}},
	{name: "approved between the dates", nights: stays('g'), permits: []permit{{kind: Conversion, cover: whole, age: -120, listed: 1}}},
	{name: "built first, approved later", nights: stays('b'), permits: []permit{{kind: Conversion, cover: whole, since: 2, listed: 3}}},
	{name: "approval listed late", nights: stays('b'), permits: []permit{{kind: EarlyUse, cover: whole, age: 60, listed: 3}}},
	{name: "half approved", nights: stays('g'), separate: "1303", permits: []permit{{kind: Conversion, cover: "#####.....", age: 150, listed: 1}}},
	{name: "temporary, expired", nights: stays('g'), separate: "1301", permits: []permit{
		{kind: Temporary, cover: whole, age: 700, purpose: purposes[0], valid: 2, listed: 1},
	}},
	{name: "temporary, for energy", nights: stays('g'), separate: "1301", permits: []permit{
		{kind: Temporary, cover: whole, age: 700, purpose: purposes[1], valid: 4, listed: 1},
	}},
	{name: "homestead", nights: stays('b'), permits: []permit{{kind: Homestead, cover: whole, age: 80, listed: 1}}},
	{name: "facility filed", nights: stays('b'), permits: []permit{{kind: Facility, cover: whole, age: 30, listed: 1}}},
	{name: "expropriated alone", nights: stays('g'), permits: []permit{{kind: Expropriation, cover: whole, age: 220, void: true, listed: 1}}},
	{name: "late", nights: [Nights]string{"..........", "bbbbbbbbbb", "bbbbbbbbbb", "bbbbbbbbbb"}},
	{name: "later still", nights: [Nights]string{"..........", "..........", "gggggggggg", "gggggggggg"}},
	{name: "grows", nights: [Nights]string{"ggggg.....", "ggggg.....", "gggggggggg", "gggggggggg"}},
	{name: "grows beyond its approval", nights: [Nights]string{"bbbbb.....", "bbbbb.....", "bbbbb.....", "bbbbbbbbbb"}, permits: []permit{
		{kind: Conversion, cover: "#####.....", age: 90, listed: 1},
	}},
	{name: "shrinks", nights: [Nights]string{"gggggggggg", "gggggggggg", "ggggg.....", "ggggg....."}},
	{name: "splits", nights: [Nights]string{"gggggggggg", "gggggggggg", "ggggg..ggg", "ggggg..ggg"}},
	{name: "merge", nights: [Nights]string{"ggggg..ggg", "ggggg..ggg", "gggggggggg", "gggggggggg"}},
	{name: "demolished", nights: [Nights]string{"bbbbbbbbbb", "bbbbbbbbbb", "..........", ".........."}},
	{name: "demolished and built again", nights: [Nights]string{"bbbbbbbbbb", "..........", "..........", "bbbbbbbbbb"}},
	{name: "hidden for a night", nights: stays('g'), hidden: 2},
	{name: "ground, then built", nights: [Nights]string{"gggggggggg", "gggggggggg", "bbbbbbbbbb", "bbbbbbbbbb"}},
}

// kindOf says what a letter of a life is.
var kindOf = map[byte]string{'b': kindBuilt, 'g': kindGround, 'w': kindWater}

// stretch is a part of a site's length, from the tenth a up to the tenth b.
type stretch struct{ a, b int }

func (s stretch) shared(o stretch) int { return max(0, min(s.b, o.b)-max(s.a, o.a)) }

// patches are the separate parts of a site that a night shows.
func (l life) patches(night int) (parts []stretch) {
	s := l.nights[night-1]
	for i := 0; i < len(s); {
		j := i + 1
		for j < len(s) && s[j] == s[i] {
			j++
		}
		if s[i] != '.' {
			parts = append(parts, stretch{i, j})
		}
		i = j
	}
	return parts
}

// pieces are the parts of a site that go the same way through all nights: each is put on the ground once.
func (l life) pieces() (parts []stretch) {
	same := func(i, j int) bool {
		for _, n := range l.nights {
			if n[i] != n[j] {
				return false
			}
		}
		return true
	}
	for i := 0; i < len(whole); {
		j := i + 1
		for j < len(whole) && same(i, j) {
			j++
		}
		parts = append(parts, stretch{i, j})
		i = j
	}
	return parts
}

// covered is the share of a stretch that the permit covers.
func (p permit) covered(s stretch) float64 {
	n := 0
	for _, c := range p.cover[s.a:s.b] {
		if c == '#' {
			n++
		}
	}
	return float64(n) / float64(s.b-s.a)
}
