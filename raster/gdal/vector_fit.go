package gdal

/*
#include <errno.h>
#include <iconv.h>
#include <stdlib.h>

// The number of bytes that n bytes of UTF-8 at p take in the encoding, -1 when it lacks one of the characters, -2 when there is
// no such encoding.
static long tuban_encoded_length(const char *encoding, char *p, size_t n) {
  char out[1024];
  long length = 0;
  iconv_t c = iconv_open(encoding, "UTF-8");
  if (c == (iconv_t)-1) return -2;
  while (n > 0) {
    char *to = out;
    size_t room = sizeof out;
    size_t odd = iconv(c, &p, &n, &to, &room);
    if (odd != 0 && (odd != (size_t)-1 || errno != E2BIG)) {
      length = -1;
      break;
    }
    length += to - out;
  }
  iconv_close(c);
  return length;
}
*/
import "C"

import (
	"fmt"
	"iter"
	"strconv"
	"unicode/utf8"

	"tuban/raster/vector"
)

// checked passes rows on; one that check refuses becomes an error.
func checked(rows iter.Seq2[vector.Row, error], check func(vector.Row) error) iter.Seq2[vector.Row, error] {
	return func(yield func(vector.Row, error) bool) {
		if rows == nil {
			return
		}
		for row, err := range rows {
			if err == nil {
				err = check(row)
			}
			if !yield(row, err) {
				return
			}
		}
	}
}

// fitter checks rows before they go into a Shapefile.
type fitter struct {
	fields []vector.Field
	o      vector.WriteOptions
	// lengths remembers texts: those of codes and names repeat.
	lengths map[string]int
}

// fits refuses a number that its column of a DBF cannot hold, where GDAL would write asterisks, a text that the encoding
// lacks characters of, where it would write question marks, and, if widths are exact, one that its column is too short for.
func (c *fitter) fits(row vector.Row) error {
	for i, v := range row.Values {
		if i >= len(c.fields) {
			break
		}
		f := c.fields[i]
		switch v := v.(type) {
		case float64:
			if formatted(v, f.Precision) > f.Width {
				return &vector.ValueError{Field: f.Name, Err: fmt.Errorf("%v needs more than the %d digits of the field", v, f.Width)}
			}
		case string:
			n, err := c.length(v)
			if err != nil {
				return &vector.ValueError{Field: f.Name, Err: err}
			}
			if c.o.Exact && f.Type == vector.String && n > f.Width {
				return &vector.ValueError{Field: f.Name, Err: fmt.Errorf("%q takes %d bytes in %s, the field has %d: choose another encoding, or fields that are wider", v, n, encodingName(c.o), f.Width)}
			}
		}
	}
	return nil
}

func (c *fitter) length(s string) (int, error) {
	if n, ok := c.lengths[s]; ok {
		return n, nil
	}
	n, err := encodedLength(s, encodingName(c.o))
	if err == nil && len(c.lengths) < maxInterned {
		if c.lengths == nil {
			c.lengths = map[string]int{}
		}
		c.lengths[s] = n
	}
	return n, err
}

// encodedLength is the number of bytes of s in the encoding; a character that it does not have is an error.
func encodedLength(s, encoding string) (int, error) {
	if !utf8.ValidString(s) {
		return 0, fmt.Errorf("%q is no text", s)
	}
	if encoding == "UTF-8" || isASCII(s) {
		return len(s), nil
	}
	if n := bytesIn(s, encoding); n >= 0 {
		return n, nil
	}
	for _, r := range s {
		if bytesIn(string(r), encoding) < 0 {
			return 0, fmt.Errorf("%q has the character %c, which %s lacks: write UTF-8", s, r, encoding)
		}
	}
	return 0, fmt.Errorf("%q cannot be written in %s: write UTF-8", s, encoding)
}

// bytesIn is the length of s in the encoding by the library that GDAL converts with; negative when that is not possible.
func bytesIn(s, encoding string) (n int) {
	withString(encoding, func(encoding *C.char) {
		withString(s, func(text *C.char) { n = int(C.tuban_encoded_length(encoding, text, C.size_t(len(s)))) })
	})
	return n
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// encodingName is what the .cpg says.
func encodingName(o vector.WriteOptions) string {
	if o.Encoding == "" {
		return "UTF-8"
	}
	return o.Encoding
}

// formatted is the length of a number as a DBF of this precision writes it.
func formatted(v float64, precision int) int { return len(strconv.FormatFloat(v, 'f', precision, 64)) }
