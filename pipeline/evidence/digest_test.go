package evidence

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"testing"
)

// The example of GB/T 32905, and of FIPS 180-4.
func TestDigestOfABC(t *testing.T) {
	want := Digest{
		SHA256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
		SM3:    "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
	}
	if got := digestOf([]byte("abc")); got != want {
		t.Errorf("%+v", got)
	}
}

// A folder is named by the lines that sha256sum prints of its files, in order, locks left out.
func TestDigestOfFolder(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"b": "two", "a/x": "one", "c.lock": "held"} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	sum := func(s string) string {
		b := sha256.Sum256([]byte(s))
		return hex.EncodeToString(b[:])
	}
	var read int64
	got, err := digestPath(context.Background(), dir, func(n int64) { read += n })
	if want := sum(sum("one") + "  a/x\n" + sum("two") + "  b\n"); err != nil || got.SHA256 != want || read != 6 {
		t.Errorf("%+v, %d bytes, %v", got, read, err)
	}
	before, err := stampOf(dir)
	if err != nil || before.Bytes != 6 {
		t.Errorf("%+v, %v", before, err)
	}
}
