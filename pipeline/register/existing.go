package register

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"tuban/pipeline"
)

// OpenExisting opens a register that must be there: to read a folder whose name was mistyped as an empty register would let out
// what a county's return holds back, and forget what was decided.
func OpenExisting(dir string) (*Register, error) {
	r, err := Open(dir)
	if err != nil {
		return nil, err
	}
	_, err = os.Stat(r.Path())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, pipeline.NewInputError(fmt.Errorf("%s holds no register: give the folder that `tuban review import` and `tuban release` write to", dir))
	}
	return r, pipeline.NewInputError(err)
}
