package geos

import (
	"fmt"

	"github.com/twpayne/go-geos"
)

// Version returns the version of the GEOS library that the program was built with.
func Version() string {
	return fmt.Sprintf("%d.%d.%d", geos.VersionMajor, geos.VersionMinor, geos.VersionPatch)
}
