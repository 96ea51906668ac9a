package object

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"
)

func journal(t testing.TB, records []Record) (file []byte, ends []int64) {
	t.Helper()
	var b bytes.Buffer
	for _, rec := range records {
		if err := AppendRecord(&b, rec); err != nil {
			t.Fatal(err)
		}
		ends = append(ends, int64(b.Len()))
	}
	return b.Bytes(), ends
}

func readAll(r io.Reader) (records []Record, good int64, err error) {
	good, err = ReadJournal(r, func(rec Record) error {
		records = append(records, rec)
		return nil
	})
	return records, good, err
}

// TestJournalCutAnywhere is the law of resuming: cut at any byte, the whole records before the cut come back, and
// good says where they end.
func TestJournalCutAnywhere(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var records []Record
		for range rapid.IntRange(0, 4).Draw(rt, "records") {
			records = append(records, Record{
				Tile: rapid.IntRange(0, 1<<40).Draw(rt, "tile"),
				Runs: append([]Run{}, anyRuns().Draw(rt, "runs")...),
				Note: rapid.String().Draw(rt, "note"),
			})
		}
		file, ends := journal(t, records)
		cut := rapid.IntRange(0, len(file)).Draw(rt, "cut")
		whole, wantGood := 0, int64(0)
		for whole < len(ends) && ends[whole] <= int64(cut) {
			wantGood = ends[whole]
			whole++
		}
		got, good, err := readAll(iotest.HalfReader(bytes.NewReader(file[:cut])))
		if err != nil || good != wantGood || len(got) != whole {
			rt.Fatalf("cut at %d of %v: %d records, good %d, %v", cut, ends, len(got), good, err)
		}
		for i := range got {
			if !reflect.DeepEqual(got[i], records[i]) {
				rt.Fatalf("record %d: got %v, want %v", i, got[i], records[i])
			}
		}
	})
}

func sampleJournal(t testing.TB) ([]byte, []int64) {
	_, runs, _ := sampleFile(t)
	return journal(t, []Record{{Tile: 3, Runs: runs, Note: "读 4"}, {Tile: 1}, {Tile: 2, Runs: runs[:1]}})
}

func TestJournalStopsAtDamage(t *testing.T) {
	file, ends := sampleJournal(t)
	for i := range file {
		bad := bytes.Clone(file)
		bad[i] ^= 0x10
		want := 0
		for ends[want] <= int64(i) {
			want++
		}
		if got, good, err := readAll(bytes.NewReader(bad)); err != nil || len(got) != want || want > 0 && good != ends[want-1] {
			t.Errorf("byte %d damaged: %d records, good %d, %v; want %d", i, len(got), good, err, want)
		}
	}
	// What a file system may leave behind the last write.
	for _, tail := range []string{strings.Repeat("\x00", 4096), strings.Repeat("\xff", 64)} {
		if got, good, err := readAll(strings.NewReader(string(file) + tail)); err != nil || len(got) != 3 || good != int64(len(file)) {
			t.Errorf("tail %q…: %d records, good %d, %v", tail[:4], len(got), good, err)
		}
	}
}

// TestJournalStopsAtPayload has the right checksum of what is no record.
func TestJournalStopsAtPayload(t *testing.T) {
	good := []byte{journalVersion, 5, 1, 'n', 1, 0, 0, 2, newKind, 1}
	for name, c := range map[string]struct {
		payload []byte
		want    int
	}{
		"a record":          {good, 1},
		"a byte more":       {append(bytes.Clone(good), 0), 0},
		"a byte less":       {good[:len(good)-1], 0},
		"another version":   {append([]byte{journalVersion + 1}, good[1:]...), 0},
		"a note too long":   {[]byte{journalVersion, 5, 200, 1, 'n', 0}, 0},
		"too many runs":     {[]byte{journalVersion, 5, 0, 0xff, 0xff, 0x7f}, 0},
		"nothing at all":    {nil, 0},
		"only the version":  {[]byte{journalVersion}, 0},
		"an impossible run": {[]byte{journalVersion, 5, 0, 1, 1, 0, 2, newKind, 1}, 0},
	} {
		file := binary.LittleEndian.AppendUint32(nil, uint32(len(c.payload)))
		file = binary.LittleEndian.AppendUint32(file, crc32.Checksum(c.payload, castagnoli))
		if got, _, err := readAll(bytes.NewReader(append(file, c.payload...))); err != nil || len(got) != c.want {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

func TestJournalErrors(t *testing.T) {
	file, ends := sampleJournal(t)
	broken := errors.New("the disk is gone")
	if _, good, err := readAll(io.MultiReader(bytes.NewReader(file[:ends[0]+9]), iotest.ErrReader(broken))); !errors.Is(err, broken) || good != ends[0] {
		t.Errorf("reader that fails: good %d, %v", good, err)
	}
	good, err := ReadJournal(bytes.NewReader(file), func(rec Record) error {
		if rec.Tile == 1 {
			return broken
		}
		return nil
	})
	if !errors.Is(err, broken) || good != ends[0] {
		t.Errorf("visit that fails: good %d, %v", good, err)
	}
	if err := AppendRecord(io.Discard, Record{Tile: -1}); err == nil {
		t.Error("a negative tile: no error")
	}
	if err := AppendRecord(io.Discard, Record{Runs: []Run{{}}}); err == nil {
		t.Error("an empty run: no error")
	}
	if err := AppendRecord(&limitedWriter{}, Record{}); !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("writer that fails: %v", err)
	}
}

// FuzzReadJournal gives the payload a right checksum, so that its contents are read.
func FuzzReadJournal(f *testing.F) {
	file, ends := sampleJournal(f)
	f.Add(file[8:ends[0]], file[ends[0]:])
	f.Fuzz(func(t *testing.T, payload, tail []byte) {
		head := binary.LittleEndian.AppendUint32(nil, uint32(len(payload)))
		head = binary.LittleEndian.AppendUint32(head, crc32.Checksum(payload, castagnoli))
		all := append(append(head, payload...), tail...)
		got, good, err := readAll(bytes.NewReader(all))
		if err != nil || good > int64(len(all)) {
			t.Fatalf("good %d of %d, %v", good, len(all), err)
		}
		again, _ := journal(t, got)
		if back, _, _ := readAll(bytes.NewReader(again)); !reflect.DeepEqual(back, got) {
			t.Fatalf("got %v, and back %v", got, back)
		}
	})
}
