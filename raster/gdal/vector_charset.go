package gdal

/*
#include <errno.h>
#include <iconv.h>
#include <stdlib.h>

static iconv_t tuban_charset(const char *name) { return iconv_open("UTF-8", name); }

static int tuban_charset_known(iconv_t c) { return c != (iconv_t)-1; }

// 1: the n bytes at p are text in the charset; 2: they are but for a character at the end that was begun; 0: they are not.
static int tuban_is_text(iconv_t c, char *p, size_t n) {
  char out[1024];
  iconv(c, NULL, NULL, NULL, NULL);
  while (n > 0) {
    char *to = out;
    size_t room = sizeof out;
    if (iconv(c, &p, &n, &to, &room) != (size_t)-1) return 1;
    if (errno != E2BIG) return errno == EINVAL ? 2 : 0;
  }
  return 1;
}
*/
import "C"

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"strings"
	"unicode/utf8"
	"unsafe"
)

// knownCharset reports whether text can be decoded from the encoding called name.
func knownCharset(name string) bool {
	c := openCharset(name)
	if c == nil {
		return false
	}
	c.close()
	return true
}

// charset decides whether bytes are text in an encoding.
type charset struct{ c C.iconv_t }

func openCharset(name string) (cs *charset) {
	// An empty name and a leading slash mean something else to iconv: the locale, and options.
	if name == "" || strings.ContainsAny(name, "/ \t\n") {
		return nil
	}
	withString(name, func(name *C.char) {
		if c := C.tuban_charset(name); C.tuban_charset_known(c) != 0 {
			cs = &charset{c}
		}
	})
	return cs
}

// isText decides about a value of a field as wide as b; one that fills the field may be cut within a character.
func (cs *charset) isText(b []byte) bool {
	v := bytes.TrimRight(b, " \x00")
	if len(v) == 0 {
		return true
	}
	is := C.tuban_is_text(cs.c, (*C.char)(unsafe.Pointer(unsafe.SliceData(v))), C.size_t(len(v)))
	return is == 1 || is == 2 && len(v) == len(b)
}

func (cs *charset) close() { C.iconv_close(cs.c) }

// checkText counts the values of a Shapefile that are no text in the encoding that it is read in, and warns of them:
// GDAL reads on with question marks in their place.
func (s *source) checkText(ctx context.Context) error {
	// Of UTF-8 the bytes arrive as they are, and are counted where they are decoded.
	if s.table == "" || s.charset == "" || strings.EqualFold(s.charset, "UTF-8") {
		return nil
	}
	cs := openCharset(s.charset)
	if cs == nil {
		return nil
	}
	defer cs.close()
	f, err := os.Open(s.table)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	var bad, asUTF8, seen int64
	var example []byte
	err = eachText(bufio.NewReaderSize(f, 1<<20), func(byte) {}, func(b []byte) bool {
		seen++
		if !cs.isText(b) {
			if bad++; example == nil {
				example = bytes.Clone(bytes.TrimSpace(b))
			}
		}
		if utf8.ValidString(wholeRunes(string(b))) {
			asUTF8++
		}
		return seen%4096 != 0 || ctx.Err() == nil
	})
	if err != nil {
		return err
	}
	switch {
	case bad > 0:
		slog.Warn("values that are no text in the encoding they are read in: give the right one with `encoding:`",
			"file", s.path, "encoding", s.encoding, "count", bad, "of", seen, "first", strings.ToValidUTF8(string(example), "�"))
	case seen > 0 && asUTF8 == seen:
		// Half of all UTF-8 can pass for GBK; hardly any GBK can pass for UTF-8.
		slog.Warn("the text is UTF-8, but is read in another encoding: correct `encoding:` or the .cpg", "file", s.path, "encoding", s.encoding, "count", seen)
	}
	return ctx.Err()
}
