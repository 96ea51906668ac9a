package gdal

/*
#cgo pkg-config: gdal
#include "cpl_error.h"

static void tuban_quiet(void) { CPLSetErrorHandler(CPLQuietErrorHandler); }
*/
import "C"

import (
	"os"
	"strconv"
	"strings"
	"sync"

	"github.com/airbusgeo/godal"
)

// defaultCache is GDAL's own block cache in bytes when Setup was not called. It is small on purpose: windows are read
// block by block and decoded samples are kept by the Reader, so that GDAL seldom sees a block twice.
const defaultCache = 64 << 20

var setupOnce sync.Once

// Setup prepares GDAL for this process: its block cache is bounded by cacheBytes (0: 64 MiB) and its drivers are
// registered. GDAL reads these settings once, so the first call wins; every function of this package makes one
// with the default if nobody did before.
func Setup(cacheBytes int64) {
	setupOnce.Do(func() {
		if cacheBytes <= 0 {
			cacheBytes = defaultCache
		}
		// GDAL takes numbers below 100,000 as mebibytes.
		mebibytes := min(max(cacheBytes>>20, 1), 99_999)
		os.Setenv("GDAL_CACHEMAX", strconv.FormatInt(mebibytes, 10))
		// With several decoding threads GDAL loses the errors of damaged blocks. Some drivers start them unless told not to.
		os.Setenv("GDAL_NUM_THREADS", "1")
		// No file of an image may make this process fetch an address.
		os.Setenv("GDAL_SKIP", strings.Join(skippedDrivers, ","))
		os.Setenv("CPL_VSIL_CURL_ALLOWED_EXTENSIONS", "none")
		// Where nobody listens GDAL writes to standard error, into the middle of a progress line.
		C.tuban_quiet()
		limitMalloc()
		godal.RegisterAll()
	})
}

// setup is Setup with the default, called at the top of every exported function.
func setup() { Setup(0) }
