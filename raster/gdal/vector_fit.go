package gdal

// #include "cpl_conv.h"
// #include "cpl_string.h"
import "C"

import (
	"fmt"
	"iter"
	"unicode/utf8"
	"unsafe"

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
				return fmt.Errorf("field %s: %v needs more than the %d digits of the field", f.Name, v, f.Width)
			}
		case string:
			n, err := c.length(v)
			if err != nil {
				return fmt.Errorf("field %s: %w", f.Name, err)
			}
			if c.o.Exact && f.Type == vector.String && n > f.Width {
				return fmt.Errorf("field %s: %q takes %d bytes in %s, the field has %d: choose another encoding, or fields that are wider", f.Name, v, n, encodingName(c.o), f.Width)
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
	there := recode(s, "UTF-8", encoding)
	if recode(there, encoding, "UTF-8") == s {
		return len(there), nil
	}
	for _, r := range s {
		if c := string(r); recode(recode(c, "UTF-8", encoding), encoding, "UTF-8") != c {
			return 0, fmt.Errorf("%q has the character %c, which %s lacks: write UTF-8", s, r, encoding)
		}
	}
	return 0, fmt.Errorf("%q cannot be written in %s: write UTF-8", s, encoding)
}

// recode is s in another encoding, by the hand that writes a Shapefile's attributes.
func recode(s, from, to string) (out string) {
	_ = guard(func() {
		withString(s, func(s *C.char) {
			withString(from, func(from *C.char) {
				withString(to, func(to *C.char) {
					p := C.CPLRecode(s, from, to)
					defer C.VSIFree(unsafe.Pointer(p))
					out = C.GoString(p)
				})
			})
		})
	})
	return out
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
