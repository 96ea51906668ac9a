package gdal

import (
	"bytes"
	"errors"
	"sync/atomic"
	"unsafe"

	"github.com/airbusgeo/godal"
)

// image is a file open for decoding, by one goroutine at a time.
type image struct {
	ds *godal.Dataset
	// blocks decodes its storage blocks; nil where only GDAL can.
	blocks *blockFile
	trust  *trust
}

// trust is whether what blockFile decodes of a scene is what GDAL decodes. A TIFF can be unusual in more ways than its
// description tells; so the first samples are decoded both ways, and where they differ GDAL decodes them all.
type trust struct{ state atomic.Int32 }

const (
	trustUnknown int32 = iota
	trusted
	distrusted
)

func (f *image) close() {
	_ = f.ds.Close(policy) // opened for reading: nothing is lost
	f.blocks.close()
}

// samples fills ns with the bands called by index, counted from 0.
func (f *image) samples(ns []*integers, index []int, sc *scratch) error {
	if f.blocks == nil || f.trust.state.Load() == distrusted {
		return f.samplesByGDAL(ns, index)
	}
	if err := f.blocks.read(ns, index, sc); err != nil {
		var storage outOfReach
		if errors.As(err, &storage) {
			return err
		}
		// GDAL says best what is wrong with a damaged file. What fails at once may only be beyond what is decoded here.
		f.trust.state.CompareAndSwap(trustUnknown, distrusted)
		return f.samplesByGDAL(ns, index)
	}
	if f.trust.state.Load() == trusted {
		return nil
	}
	for _, n := range ns {
		got := bytes.Clone(n.mem)
		if err := readSamples(f.ds, n, index); err != nil {
			return err
		}
		if !bytes.Equal(got, n.mem) {
			f.trust.state.Store(distrusted)
			return f.samplesByGDAL(ns, index)
		}
	}
	f.trust.state.CompareAndSwap(trustUnknown, trusted)
	return nil
}

// samplesByGDAL is samples by GDAL.
func (f *image) samplesByGDAL(ns []*integers, index []int) error {
	for _, n := range ns {
		if err := readSamples(f.ds, n, index); err != nil {
			return err
		}
	}
	return nil
}

// readSamples fills n by GDAL. Bands that the file keeps apart stay apart.
func readSamples(ds *godal.Dataset, n *integers, index []int) error {
	n.found = true // nobody looked
	options := []godal.DatasetIOOption{godal.Bands(index...), policy}
	if ds.Metadata("INTERLEAVE", godal.Domain("IMAGE_STRUCTURE")) == "PIXEL" {
		n.interleaved(len(index))
	} else {
		n.separate()
		options = append(options, godal.BandInterleaved())
	}
	var buffer any = n.mem
	switch n.form {
	case asUint16:
		buffer = as[uint16](n.mem)
	case asInt16:
		buffer = as[int16](n.mem)
	}
	return ds.Read(n.X, n.Y, buffer, n.W, n.H, options...)
}

// as is the memory b as elements of another type.
func as[T uint16 | int16](b []byte) []T {
	var one T
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(b))), len(b)/int(unsafe.Sizeof(one)))
}
