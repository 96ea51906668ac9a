package assess

import (
	"bytes"
	_ "embed"
	"html/template"
	"os"
)

//go:embed sheet.tmpl
var sheetText string

var sheet = template.Must(template.New("sheet").Funcs(template.FuncMap{"chip": chipName}).Parse(sheetText))

// writeSheet writes the page on which interpreters look through the points. It does not show what the map says of a point:
// who knows it tends to agree.
func writeSheet(path string, d *Design, days [2]string) error {
	var b bytes.Buffer
	err := sheet.Execute(&b, struct {
		*Design
		Before, After, Folder, File string
	}{d, days[0], days[1], chipFolder, sampleCSV})
	if err != nil {
		return err
	}
	return badInput(os.WriteFile(path, b.Bytes(), 0o644))
}
