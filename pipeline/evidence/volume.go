package evidence

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"

	"tuban/pipeline"
)

// volumeSheets is how many sheets a volume has: a browser holds all of their pictures at once.
const volumeSheets = 100

// volumes binds the sheets of each county, in their order, into files to be printed, in the scratch folder. Their PDFs stand beside
// the folders of the counties: 220183.pdf, or 220183-01.pdf and so on where one volume is not enough.
func (m *maker) volumes() (out []printing, err error) {
	counties := map[string][]*subject{}
	for _, s := range m.subjects {
		counties[s.folder()] = append(counties[s.folder()], s)
	}
	for _, county := range sortedKeys(counties) {
		all := counties[county]
		var names []string
		for from := 0; from < len(all); from += volumeSheets {
			name := county
			if len(all) > volumeSheets {
				name = fmt.Sprintf("%s-%02d", county, from/volumeSheets+1)
			}
			v := printing{from: filepath.Join(m.scratch, name+".html"), to: filepath.Join(m.o.To, name+".pdf")}
			if v.stamp, err = m.bind(v.from, name, all[from:min(from+volumeSheets, len(all))]); err != nil {
				return nil, err
			}
			out, names = append(out, v), append(names, name+".pdf")
		}
		m.bound = append(m.bound, names...)
		if err := m.dropVolumes(county, names); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// folder is that of the sheets of a county, below o.To.
func (s *subject) folder() string { return path.Dir(s.name("")) }

// bind writes the pages of sheets one after the other, and returns what they say together.
func (m *maker) bind(to, title string, list []*subject) (stamp string, err error) {
	var b bytes.Buffer
	sum := sha256.New()
	fmt.Fprintf(&b, "<!DOCTYPE html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>取证单 %s</title><style>%s</style></head><body>\n", title, sheetCSS)
	for _, s := range list {
		text, err := os.ReadFile(m.path(s))
		if err != nil {
			return "", pipeline.NewInputError(err)
		}
		_, page, ok := strings.Cut(string(text), "<body>")
		page, _, whole := strings.Cut(page, "</body>")
		if !ok || !whole {
			return "", pipeline.NewInputError(fmt.Errorf("%s is not a whole sheet: remove it, and the same command makes it again", m.path(s)))
		}
		b.WriteString(page)
		sum.Write([]byte(m.stamps[s]))
	}
	b.WriteString("</body></html>\n")
	return hex.EncodeToString(sum.Sum(nil)[:12]), put(to, b.Bytes())
}
