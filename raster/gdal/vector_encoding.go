package gdal

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// encoding says how a Shapefile's attributes are decoded: open is what GDAL is told ("" leaves it to GDAL), says
// is what people are told, table is the .dbf.
type encoding struct{ open, says, table string }

// shapefileEncoding decides the encoding of the .dbf behind source. A declared encoding wins, then the .cpg; without
// either the bytes decide, because the language byte of most Chinese Shapefiles claims Western European: UTF-8 when
// all text is, else GBK. Sources that are no Shapefile have none.
func shapefileEncoding(source, layer, declared string) (encoding, error) {
	if declared != "" && !knownCharset(declared) {
		return encoding{}, fmt.Errorf("unknown encoding %q: give one such as GBK, GB18030 or UTF-8, or leave it out", declared)
	}
	table := dbfOf(source, layer)
	enc := encoding{table: table}
	if table == "" {
		return enc, nil
	}
	if declared != "" {
		enc.open, enc.says = declared, declared
		return enc, nil
	}
	if sibling(table, ".cpg") != "" {
		return enc, nil
	}
	f, err := os.Open(table)
	if errors.Is(err, fs.ErrNotExist) {
		return enc, nil
	}
	if err != nil {
		return enc, err
	}
	defer f.Close()
	text, err := scanText(bufio.NewReaderSize(f, 1<<20))
	if err != nil {
		return enc, err
	}
	switch {
	case text.foreign && text.utf8:
		enc.open, enc.says = "UTF-8", "UTF-8 (found in the bytes: there is no .cpg)"
	case text.foreign && !text.chinese:
		// GB18030 contains GBK and the rare characters of names that GBK lacks.
		enc.open, enc.says = "GB18030", "GBK (assumed: there is no .cpg, and the bytes are not UTF-8)"
	}
	return enc, nil
}

// dbfOf returns the attribute table of a Shapefile source, "" when source is none: the .shp or .dbf itself, or a
// folder of them.
func dbfOf(source, layer string) string {
	switch strings.ToLower(filepath.Ext(source)) {
	case ".shp", ".dbf", ".shx":
		return sibling(source, ".dbf")
	case ".gdb":
		return ""
	}
	info, err := os.Stat(source)
	if err != nil || !info.IsDir() {
		return ""
	}
	if layer != "" {
		return sibling(filepath.Join(source, layer+".shp"), ".dbf")
	}
	shapes, _ := filepath.Glob(filepath.Join(source, "*.[sS][hH][pP]"))
	if len(shapes) == 0 {
		return ""
	}
	return sibling(shapes[0], ".dbf")
}

// sibling returns the file beside path with another extension in any case, "" when there is none.
func sibling(path, ext string) string {
	stem := strings.TrimSuffix(path, filepath.Ext(path))
	for _, e := range []string{ext, strings.ToUpper(ext)} {
		if _, err := os.Stat(stem + e); err == nil {
			return stem + e
		}
	}
	return ""
}
