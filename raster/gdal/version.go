package gdal

import (
	"fmt"

	"github.com/airbusgeo/godal"
)

// Version returns the version of the GDAL library in use.
func Version() string {
	v := godal.Version()
	return fmt.Sprintf("%d.%d.%d", v.Major(), v.Minor(), v.Revision())
}
