package runfile

import "strings"

func (f *File) checkWatch(text []byte) error {
	if w := f.Watch; w != nil && (w.Source == "" || w.ID == "") {
		return at(text, "$.watch", "watch: give the source and its field with the identifier, as in `watch: {source: cases.gpkg, id: AJBH, due: ZGQX}`")
	}
	return nil
}

// checkRegister refuses a register, once its path is resolved, that other machines could not lock.
func (f *File) checkRegister(text []byte) error {
	if strings.HasPrefix(f.Register, "s3://") {
		return at(text, "$.register", "register: %s lies in object storage: the register is a folder on a disk, where it can be locked while something is added; give an absolute path", f.Register)
	}
	return nil
}
