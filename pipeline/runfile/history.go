package runfile

import "strings"

// checkHistory refuses a register that other machines could not lock, and a watch list without a file or identifiers.
func (f *File) checkHistory(text []byte) error {
	if strings.HasPrefix(f.Register, "s3://") {
		return at(text, "$.register", "register: %s lies in object storage: the register is a folder on a disk, where it can be locked while something is added", f.Register)
	}
	if w := f.Watch; w != nil && (w.Source == "" || w.ID == "") {
		return at(text, "$.watch", "watch: give the source and its field with the identifier, as in `watch: {source: cases.gpkg, id: AJBH, due: ZGQX}`")
	}
	return nil
}
