package gdal

import (
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"unicode/utf8"
)

// dbfText is what a scan of a .dbf found.
type dbfText struct {
	foreign bool // bytes beyond ASCII in names or text
	utf8    bool // all of them form UTF-8
	chinese bool // the language byte already says code page 936
}

// scanText looks at the field names and text fields of a .dbf, until a byte settles the matter.
func scanText(r io.Reader) (dbfText, error) {
	t := dbfText{utf8: true}
	err := eachText(r, func(language byte) { t.chinese = language == 0x4d || language == 0x7a }, func(b []byte) bool {
		t.look(b)
		return !t.foreign || t.utf8
	})
	return t, err
}

// eachText shows the language byte of a .dbf, and then its field names and text values beyond ASCII, until visit returns false.
// A table that ends early or makes no sense is left to the reader that follows.
func eachText(r io.Reader, language func(byte), visit func([]byte) bool) error {
	var head [32]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return ignoreEnd(err)
	}
	language(head[29])
	headerSize, recordSize := int(binary.LittleEndian.Uint16(head[8:])), int(binary.LittleEndian.Uint16(head[10:]))
	if headerSize < 33 || recordSize < 2 {
		return nil
	}
	descriptors := make([]byte, headerSize-32)
	if _, err := io.ReadFull(r, descriptors); err != nil {
		return ignoreEnd(err)
	}
	type span struct{ from, to int }
	var texts []span
	at := 1
	for d := descriptors; len(d) >= 32 && d[0] != 0x0d; d = d[32:] {
		name, _, _ := strings.Cut(string(d[:11]), "\x00")
		if isForeign([]byte(name)) && !visit([]byte(name)) {
			return nil
		}
		from := at
		at += int(d[16])
		if d[11] == 'C' && at <= recordSize {
			texts = append(texts, span{from, at})
		}
	}
	record := make([]byte, recordSize)
	for {
		if _, err := io.ReadFull(r, record); err != nil {
			return ignoreEnd(err)
		}
		for _, s := range texts {
			if v := record[s.from:s.to]; isForeign(v) && !visit(v) {
				return nil
			}
		}
	}
}

func isForeign(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return true
		}
	}
	return false
}

// look takes one name or value into account. A value that fills its field may be cut within a character.
func (t *dbfText) look(b []byte) {
	t.foreign = true
	if !utf8.ValidString(wholeRunes(string(b))) {
		t.utf8 = false
	}
}

// wholeRunes is s without the beginning of a character at its end that was cut.
func wholeRunes(s string) string {
	for n := 1; n < utf8.UTFMax && n <= len(s); n++ {
		tail := s[len(s)-n:]
		if utf8.RuneStart(tail[0]) {
			if !utf8.FullRuneInString(tail) {
				return s[:len(s)-n]
			}
			return s
		}
	}
	return s
}

func ignoreEnd(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil
	}
	return err
}
