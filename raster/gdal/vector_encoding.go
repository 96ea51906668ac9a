package gdal

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"
)

// encoding says how a Shapefile's attributes are decoded: open is what GDAL is told ("" leaves it to GDAL), says
// is what people are told.
type encoding struct{ open, says string }

// shapefileEncoding decides the encoding of the .dbf behind source. A declared encoding wins, then the .cpg; without
// either the bytes decide, because the language byte of most Chinese Shapefiles claims Western European: UTF-8 when
// all text is, else GBK. Sources that are no Shapefile have none.
func shapefileEncoding(source, layer, declared string) (encoding, error) {
	table := dbfOf(source, layer)
	if table == "" {
		return encoding{}, nil
	}
	if declared != "" {
		return encoding{declared, declared}, nil
	}
	if sibling(table, ".cpg") != "" {
		return encoding{}, nil
	}
	f, err := os.Open(table)
	if errors.Is(err, fs.ErrNotExist) {
		return encoding{}, nil
	}
	if err != nil {
		return encoding{}, err
	}
	defer f.Close()
	text, err := scanText(bufio.NewReaderSize(f, 1<<20))
	if err != nil {
		return encoding{}, err
	}
	switch {
	case text.foreign && text.utf8:
		return encoding{"UTF-8", "UTF-8 (found in the bytes: there is no .cpg)"}, nil
	case text.foreign && !text.chinese:
		// GB18030 contains GBK and the rare characters of names that GBK lacks.
		return encoding{"GB18030", "GBK (assumed: there is no .cpg, and the bytes are not UTF-8)"}, nil
	}
	return encoding{}, nil
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

// dbfText is what a scan of a .dbf found.
type dbfText struct {
	foreign bool // bytes beyond ASCII in names or text
	utf8    bool // all of them form UTF-8
	chinese bool // the language byte already says code page 936
}

// scanText looks at the field names and text fields of a .dbf. It stops at the first byte that settles the matter;
// a table that ends early or makes no sense is left to the reader that follows.
func scanText(r io.Reader) (dbfText, error) {
	t := dbfText{utf8: true}
	var head [32]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return t, ignoreEnd(err)
	}
	t.chinese = head[29] == 0x4d || head[29] == 0x7a
	headerSize, recordSize := int(binary.LittleEndian.Uint16(head[8:])), int(binary.LittleEndian.Uint16(head[10:]))
	if headerSize < 33 || recordSize < 2 {
		return t, nil
	}
	descriptors := make([]byte, headerSize-32)
	if _, err := io.ReadFull(r, descriptors); err != nil {
		return t, ignoreEnd(err)
	}
	type span struct{ from, to int }
	var texts []span
	at := 1
	for d := descriptors; len(d) >= 32 && d[0] != 0x0d; d = d[32:] {
		name, _, _ := strings.Cut(string(d[:11]), "\x00")
		t.look([]byte(name))
		from := at
		at += int(d[16])
		if d[11] == 'C' && at <= recordSize {
			texts = append(texts, span{from, at})
		}
	}
	record := make([]byte, recordSize)
	for !t.foreign || t.utf8 {
		if _, err := io.ReadFull(r, record); err != nil {
			return t, ignoreEnd(err)
		}
		for _, s := range texts {
			t.look(record[s.from:s.to])
		}
	}
	return t, nil
}

// look takes one name or value into account. A value that fills its field may be cut within a character.
func (t *dbfText) look(b []byte) {
	foreign := false
	for _, c := range b {
		if c >= 0x80 {
			foreign = true
			break
		}
	}
	if !foreign {
		return
	}
	t.foreign = true
	for cut := 0; cut < utf8.UTFMax && cut < len(b); cut++ {
		head, tail := b[:len(b)-cut], b[len(b)-cut:]
		if utf8.Valid(head) && (cut == 0 || !utf8.FullRune(tail)) {
			return
		}
	}
	t.utf8 = false
}

func ignoreEnd(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil
	}
	return err
}
