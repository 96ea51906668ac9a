package evidence

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html/template"
	"image"
	"image/png"
	"math"
	"strings"

	"github.com/paulmach/orb"

	"tuban/pipeline/picture"
	"tuban/pipeline/report"
	"tuban/raster"
)

//go:embed sheet.tmpl
var sheetText string

//go:embed sheet.css
var sheetCSS string

var page = template.Must(template.New("sheet").Funcs(template.FuncMap{
	"plus": func(a, b int) int { return a + b },
}).Parse(sheetText))

// shown is a picture on the page.
type shown struct {
	Name, Class string
	Caption     caption
	Source      template.URL
	// W and H are the size of the picture in its pixels, ViewW and ViewH that of its window in pixels of the grid.
	W, H, ViewW, ViewH int
	Path, Colour       string
	BarShare           float64
	BarText            string
	North              string
	Bare               string
	Digest             Digest
}

// leaf is a whole page: what it says, and its pictures.
type leaf struct {
	sheet
	Stamp       string
	CSS         template.CSS
	Scale       string
	FalseColour bool
	Big, Small  []shown
}

// stampOfSheet names all that decides a page: what it says, what its pictures show, how pages are made. A page with this stamp
// need not be made again.
func (m *maker) stampOfSheet(s *subject, text sheet) (string, error) {
	b, err := json.Marshal([]any{text, s.frame, s.Geom, m.infrared, m.o.Lossless, m.grid, sheetText, sheetCSS})
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:12]), nil
}

// render makes the page of a patch of its pictures.
func (m *maker) render(s *subject, text sheet, stamp string, shots [2][views]shot) ([]byte, error) {
	l := leaf{sheet: text, Stamp: stamp, CSS: template.CSS(sheetCSS), Scale: m.scaleOf(s.frame), FalseColour: m.infrared}
	path := outline(m.grid, s.Geom, s.frame.Window)
	for d, name := range [2]string{"前时相", "后时相"} {
		for v := range views {
			if v == 1 && !m.infrared {
				break
			}
			p, err := m.show(s, shots[d][v].img)
			if err != nil {
				return nil, err
			}
			p.Name, p.Path, p.Colour = name, path, picture.Hex(m.colour(s))
			p.Caption = [2]caption{text.Before, text.After}[d]
			if bare := shots[d][v].bare; bare > 0 {
				p.Bare = report.Percent(bare, 1)
			}
			if v == 0 {
				p.Class, p.Digest = "big", digestOf(rgb(shots[d][v].img))
				l.Big = append(l.Big, p)
			} else {
				p.Class, p.BarShare = "small", 0
				l.Small = append(l.Small, p)
			}
		}
	}
	var b bytes.Buffer
	err := page.Execute(&b, l)
	return b.Bytes(), err
}

// show encodes a picture, with what is drawn on it.
func (m *maker) show(s *subject, img *image.RGBA) (shown, error) {
	p := shown{W: img.Rect.Dx(), H: img.Rect.Dy(), ViewW: s.frame.W, ViewH: s.frame.H, North: fmt.Sprintf("%.2f", -s.up)}
	b, kind, err := encode(img, m.o.Lossless)
	if err != nil {
		return p, err
	}
	p.Source = template.URL("data:" + kind + ";base64," + base64.StdEncoding.EncodeToString(b))
	ground := float64(s.frame.W) * m.pixel[0]
	bar := scaleBar(ground)
	p.BarShare, p.BarText = math.Round(10000*bar/ground)/100, fmt.Sprintf("%g m", bar)
	return p, nil
}

func encode(img *image.RGBA, lossless bool) (b []byte, kind string, err error) {
	if !lossless {
		b, err = picture.JPEG(img, 90)
		return b, "image/jpeg", err
	}
	// The best compression would take most of the time that a sheet takes.
	var buf bytes.Buffer
	err = (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&buf, img)
	return buf.Bytes(), "image/png", err
}

// rgb is the pixels of an opaque picture row by row, three bytes each: what their digest is of.
func rgb(img *image.RGBA) []byte {
	out := make([]byte, 0, len(img.Pix)/4*3)
	for i := 0; i < len(img.Pix); i += 4 {
		out = append(out, img.Pix[i:i+3]...)
	}
	return out
}

// scaleBar is the longest round length in metres that takes at most a third of so many metres.
func scaleBar(ground float64) float64 {
	unit := math.Pow(10, math.Floor(math.Log10(ground/3)))
	for _, f := range []float64{5, 2} {
		if f*unit <= ground/3 {
			return f * unit
		}
	}
	return unit
}

// printed is the edge of a picture on paper, in metres.
const printed = 0.070

// scaleOf says what a pixel of the pictures spans, and their scale on paper.
func (m *maker) scaleOf(f frame) string {
	text := fmt.Sprintf("原始分辨率，1 像元 = %.3g m", m.pixel[0])
	if f.Reduce > 1 {
		text = fmt.Sprintf("缩小 %d 倍，图上 1 像元 = %.3g m", f.Reduce, m.pixel[0]*float64(f.Reduce))
	}
	scale := float64(f.W) * m.pixel[0] / printed
	round := math.Pow(10, math.Floor(math.Log10(scale))-1)
	return fmt.Sprintf("%s；约 1:%s（A4）；视野 %.0f × %.0f m", text, report.Decimal(math.Round(scale/round)*round, 0), float64(f.W)*m.pixel[0], float64(f.H)*m.pixel[1])
}

// outline is a geometry as the path of an SVG picture whose pixels are those of the grid in w.
func outline(g raster.Grid, mp orb.MultiPolygon, w raster.Window) string {
	var b strings.Builder
	for _, p := range mp {
		for _, r := range p {
			for i, q := range r {
				x, y := g.Pixel(q[0], q[1])
				letter := byte('L')
				if i == 0 {
					letter = 'M'
				}
				fmt.Fprintf(&b, "%c%.1f %.1f", letter, x-float64(w.X), y-float64(w.Y))
			}
			b.WriteByte('Z')
		}
	}
	return b.String()
}
