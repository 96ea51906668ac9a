package pipeline

import (
	"slices"

	"tuban/classify/bandmath"
	"tuban/classify/kernel"
	"tuban/classify/object"
	"tuban/classify/texture"
	"tuban/raster"
)

// brightnessRoles are what textures are computed from.
var brightnessRoles = []raster.Role{raster.Blue, raster.Green, raster.Red}

// rolesOf returns the bands that an input is computed from. The change statistic takes whatever bands both dates have.
func rolesOf(in bandmath.Input) []raster.Role {
	switch in.Kind() {
	case bandmath.Band:
		return []raster.Role{raster.Role(in.Name)}
	case bandmath.Texture:
		return brightnessRoles
	}
	return nil
}

// uses reports whether the rules read an input of a kind.
func (p *Plan) uses(kind bandmath.InputKind) bool {
	return slices.ContainsFunc(p.Planes, func(pl Plane) bool { return pl.Kind == kind })
}

// reads reports whether a source of the rules reads an input of a kind.
func (p *Plan) reads(source int, kind bandmath.InputKind) bool {
	return slices.ContainsFunc(p.Rules.Program.Needs(source), func(in bandmath.Input) bool { return in.Kind() == kind })
}

// textured reports whether the condition of kind k reads a texture, publishesTexture whether its evidence or strength does.
func (p *Plan) textured(k int) bool { return p.reads(k, bandmath.Texture) }

func (p *Plan) publishesTexture(k int) bool {
	for i := range object.NEvidence {
		if source, ok := p.evidenceSource(k, i); ok && p.reads(source, bandmath.Texture) {
			return true
		}
	}
	return false
}

// evidenceSource returns the program's source of sum i of the runs of kind k, if it has one: evidence, and the strength last.
func (p *Plan) evidenceSource(k, i int) (source int, ok bool) {
	if i == strengthSum {
		return p.Rules.StrengthSource(k)
	}
	return p.Rules.EvidenceSource(k, i)
}

// read reports whether the plane is one of the roles that are read, not computed.
func (pl Plane) read() bool { return pl.Kind == bandmath.Band || pl.Kind == bandmath.Raster }

// compute writes to dst, at the pixels of part, the plane's texture of the brightness src; both are over w.
func (pl Plane) compute(dst, src []float32, w, part raster.Window, sc *texture.Scratch) {
	texture.In(pl.Texture, dst, src, w, part, pl.Size, sc)
}

// brightness returns the mean of blue, green and red over b, as the index of that name, in dst's memory if it suffices.
func brightness(dst []float32, p *Plan, b *raster.Block) []float32 {
	dst = grow(dst, int(b.Pixels()))
	var in [3][]float32
	for i, r := range brightnessRoles {
		in[i] = b.Planes[p.roleIndex(r)][:len(dst)]
	}
	for o := 0; o < len(dst); o += bandmath.Chunk {
		end := min(o+bandmath.Chunk, len(dst))
		sum := dst[o:end]
		kernel.Sum(sum, in[0][o:end], in[1][o:end])
		kernel.Sum(sum, sum, in[2][o:end])
		kernel.DivConst(sum, sum, 3)
	}
	return dst
}

// planes resolves the inputs of a program to planes, the bands they need, and the halo of textures.
func (p *Plan) planes(program *bandmath.Program) error {
	pixel := (p.Pixel.X + p.Pixel.Y) / 2
	add := func(roles []raster.Role) {
		for _, r := range roles {
			if !slices.Contains(p.Roles, r) {
				p.Roles = append(p.Roles, r)
			}
		}
	}
	for _, in := range program.Inputs() {
		plane := Plane{Date: in.Date, Kind: in.Kind()}
		switch plane.Kind {
		case bandmath.Band:
			plane.Role = raster.Role(in.Name)
		case bandmath.State:
			plane.State = in.Name
		case bandmath.Raster:
			plane.Role = raster.Role(in.Name)
			add([]raster.Role{plane.Role})
		case bandmath.Change:
			add(p.commonRoles())
		case bandmath.Texture:
			plane.Texture = texture.Kind(in.Name)
			plane.Size = texture.SizeOf(plane.Texture, in.Size, pixel)
			if err := plane.Size.Check(plane.Texture); err != nil {
				return badInput("rules: %s on pixels of %.3g m: %w", in, pixel, err)
			}
			p.TextureHalo = max(p.TextureHalo, plane.Size.Halo(plane.Texture))
		}
		p.Planes = append(p.Planes, plane)
		add(rolesOf(in))
	}
	if p.uses(bandmath.Raster) {
		add(p.witnesses())
	}
	slices.SortFunc(p.Roles, byRole)
	return nil
}

// needs resolves what the rules read, and says by what each kind is decided, and which scene lacks what for it.
func (p *Plan) needs() error {
	program := p.Rules.Program
	if err := p.planes(program); err != nil {
		return err
	}
	judgeable := false
	for i := range p.Rules.Kinds {
		kind := &p.Rules.Kinds[i]
		kind.Clean = kind.Clean.At((p.Pixel.X + p.Pixel.Y) / 2)
		p.CleanHalo = max(p.CleanHalo, kind.Clean.Halo())
		j := p.judge(*kind)
		p.Judging = append(p.Judging, j)
		p.Gaps = append(p.Gaps, j.NotJudgeable...)
		judgeable = judgeable || j.By != ""
	}
	if !judgeable {
		l := p.Gaps[0]
		return badInput("no kind can be judged: %s needs %v of the %s scene %s; check the band roles (`bands:`), or give rules for the bands there are (`rules: FILE`)", l.Kind, l.Roles, l.Date, l.Scene)
	}
	return nil
}
