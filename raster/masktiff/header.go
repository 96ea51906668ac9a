package masktiff

import (
	"encoding/binary"
	"errors"
	"slices"
)

// Tag is an entry of a TIFF directory: Data holds its Count values of Type, little endian.
type Tag struct {
	ID, Type uint16
	Count    int
	Data     []byte
}

// Field types of TIFF.
const (
	short = 3
	long  = 4
	long8 = 16
)

// typeSize is how many bytes a value of the type takes.
var typeSize = [...]int{1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 16: 8, 17: 8, 18: 8}

// carried are the tags that say where a raster lies and what its bands are: the size of a pixel, tie points, the
// transformation, the three of GeoTIFF's keys, and GDAL's metadata.
var carried = []uint16{33550, 33922, 34264, 34735, 34736, 34737, 42112}

var errTemplate = errors.New("the template is not a TIFF of 4 GiB at most, little endian")

// PlaceTags returns what of the first directory of a TIFF says where it lies and what its bands are, to be written to
// another: so that the one who knows coordinate reference systems does not have to write the pixels as well.
func PlaceTags(file []byte) ([]Tag, error) {
	at := func(offset, n int) []byte {
		if offset < 0 || offset > len(file)-n {
			return nil
		}
		return file[offset : offset+n]
	}
	head := at(0, 8)
	if head == nil || string(head[:4]) != "II*\x00" {
		return nil, errTemplate
	}
	ifd := int(binary.LittleEndian.Uint32(head[4:]))
	n := at(ifd, 2)
	if n == nil {
		return nil, errTemplate
	}
	var tags []Tag
	for i := range int(binary.LittleEndian.Uint16(n)) {
		e := at(ifd+2+12*i, 12)
		if e == nil {
			return nil, errTemplate
		}
		t := Tag{ID: binary.LittleEndian.Uint16(e), Type: binary.LittleEndian.Uint16(e[2:]), Count: int(binary.LittleEndian.Uint32(e[4:]))}
		if !slices.Contains(carried, t.ID) {
			continue
		}
		if int(t.Type) >= len(typeSize) || typeSize[t.Type] == 0 {
			return nil, errTemplate
		}
		size := t.Count * typeSize[t.Type]
		if t.Data = e[8:]; size > 4 {
			if t.Data = at(int(binary.LittleEndian.Uint32(e[8:])), size); t.Data == nil {
				return nil, errTemplate
			}
		}
		t.Data = slices.Clone(t.Data[:size])
		tags = append(tags, t)
	}
	return tags, nil
}

// structure tells readers how the file is laid out, in GDAL's words: directories first; each tile with its size before
// it, and its last four bytes again behind it.
const structure = "GDAL_STRUCTURAL_METADATA_SIZE=000140 bytes\n" +
	"LAYOUT=IFDS_BEFORE_DATA\nBLOCK_ORDER=ROW_MAJOR\nBLOCK_LEADER=SIZE_AS_UINT4\nBLOCK_TRAILER=LAST_4_BYTES_REPEATED\nKNOWN_INCOMPATIBLE_EDITION=NO\n "

// bigPixels is how many pixels take a file to BigTIFF: the worst mask of fewer stays below 4 GiB with its copies.
const bigPixels = 2_000_000_000

// header returns all before the tiles; its length does not depend on where they are and how long.
func header(levels []level, place []Tag) []byte {
	order := binary.LittleEndian
	big := isBig(levels)
	var out []byte
	entry, inline := 12, 4
	if big {
		out = append(out, "II+\x00\x08\x00\x00\x00"...)
		out = order.AppendUint64(out, 0)
		entry, inline = 20, 8
	} else {
		out = append(out, "II*\x00"...)
		out = order.AppendUint32(out, 0)
	}
	link := len(out) - inline // where the offset of the next directory goes
	out = append(out, structure...)
	for i := range levels {
		tags := levels[i].tags(i > 0, big)
		if i == 0 {
			tags = append(tags, place...)
		}
		slices.SortStableFunc(tags, func(a, b Tag) int { return int(a.ID) - int(b.ID) })
		out = append(out, make([]byte, -len(out)&15)...)
		put(out[link:], uint64(len(out)), inline)
		if big {
			out = order.AppendUint64(out, uint64(len(tags)))
		} else {
			out = order.AppendUint16(out, uint16(len(tags)))
		}
		at := len(out)
		out = append(out, make([]byte, entry*len(tags)+inline)...)
		link = len(out) - inline
		for _, t := range tags {
			order.PutUint16(out[at:], t.ID)
			order.PutUint16(out[at+2:], t.Type)
			put(out[at+4:], uint64(t.Count), inline)
			if value := at + 4 + inline; len(t.Data) <= inline {
				copy(out[value:], t.Data)
			} else {
				out = append(out, make([]byte, -len(out)&7)...)
				put(out[value:], uint64(len(out)), inline)
				out = append(out, t.Data...)
			}
			at += entry
		}
	}
	return append(out, make([]byte, -len(out)&15)...)
}

func isBig(levels []level) bool { return levels[0].w*levels[0].h > bigPixels }

// put writes v in n bytes, 4 or 8.
func put(b []byte, v uint64, n int) {
	if n == 4 {
		binary.LittleEndian.PutUint32(b, uint32(v))
		return
	}
	binary.LittleEndian.PutUint64(b, v)
}

// tags describe a level: one band of bytes, DEFLATE, in tiles.
func (l *level) tags(reduced, big bool) []Tag {
	order := binary.LittleEndian
	shortTag := func(id uint16, v int) Tag { return Tag{id, short, 1, order.AppendUint16(nil, uint16(v))} }
	longTag := func(id uint16, v int) Tag { return Tag{id, long, 1, order.AppendUint32(nil, uint32(v))} }
	offsets, sizes := Tag{ID: 324, Type: long, Count: len(l.offset)}, Tag{ID: 325, Type: long, Count: len(l.size)}
	if big {
		offsets.Type = long8
	}
	for _, v := range l.offset {
		if big {
			offsets.Data = order.AppendUint64(offsets.Data, v)
		} else {
			offsets.Data = order.AppendUint32(offsets.Data, uint32(v))
		}
	}
	for _, v := range l.size {
		sizes.Data = order.AppendUint32(sizes.Data, v)
	}
	tags := []Tag{
		longTag(256, l.w), longTag(257, l.h), shortTag(258, 8), shortTag(259, 8), shortTag(262, 1), shortTag(277, 1), shortTag(284, 1),
		longTag(322, tileEdge), longTag(323, tileEdge), offsets, sizes, shortTag(339, 1),
	}
	if reduced {
		tags = append(tags, longTag(254, 1))
	}
	return tags
}
