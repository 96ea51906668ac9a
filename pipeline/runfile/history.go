package runfile

import "strings"

// checkHistory refuses a register that other machines could not lock.
func (f *File) checkHistory(text []byte) error {
	if strings.HasPrefix(f.Register, "s3://") {
		return at(text, "$.register", "register: %s lies in object storage: the register is a folder on a disk, where it can be locked while something is added", f.Register)
	}
	return nil
}
