package gdal

// #include <stdlib.h>
// #include "vector_ogr.h"
import "C"

import (
	"context"
	"fmt"
	"unsafe"

	"golang.org/x/sync/errgroup"

	"tuban/raster/vector"
)

// writeBatch is how many bytes of rows go to C in one call.
const writeBatch = 1 << 18

// batch is packed rows, the last of which is number upTo of the table.
type batch struct {
	data []byte
	upTo int
}

// writeRows hands rows to C batch by batch, while another goroutine packs the next ones.
func writeRows(ctx context.Context, layer C.OGRLayerH, kind C.OGRwkbGeometryType, t vector.Table) error {
	if t.Rows == nil {
		return nil
	}
	packing, stop := context.WithCancel(ctx)
	defer stop()
	full, spare := make(chan batch), make(chan []byte, 2)
	var g errgroup.Group
	g.Go(func() error {
		defer close(full)
		return packRows(packing, t, full, spare)
	})
	err := writeBatches(layer, kind, len(t.Fields), full, spare)
	stop() // a packer whose batches nobody takes any more must not wait for that
	if packed := g.Wait(); err == nil {
		err = packed
	}
	return err
}

// packRows sends the rows of t in batches, in buffers that come back through spare.
func packRows(ctx context.Context, t vector.Table, full chan<- batch, spare <-chan []byte) error {
	var b batch
	send := func() error {
		if len(b.data) == 0 {
			return nil
		}
		select {
		case full <- b:
		case <-ctx.Done():
			return ctx.Err()
		}
		select {
		case b.data = <-spare:
		default:
			b.data = nil
		}
		return nil
	}
	for row, err := range t.Rows {
		if err == nil {
			b.data, err = appendRow(b.data, t, row)
		}
		if err != nil {
			return fmt.Errorf("row %d: %w", b.upTo+1, err)
		}
		b.upTo++
		if len(b.data) >= writeBatch {
			if err := send(); err != nil {
				return err
			}
		}
	}
	return send()
}

// writeBatches writes the batches on the goroutine that owns the layer.
func writeBatches(layer C.OGRLayerH, kind C.OGRwkbGeometryType, fields int, full <-chan batch, spare chan<- []byte) error {
	written := 0
	for b := range full {
		var n int
		err := guard(func() {
			n = int(C.tuban_write(layer, kind, C.int(fields), (*C.uchar)(unsafe.Pointer(unsafe.SliceData(b.data))), C.size_t(len(b.data))))
		})
		if written += n; written < b.upTo || err != nil {
			return fmt.Errorf("row %d: %w", written+1, orUnknown(err))
		}
		select {
		case spare <- b.data[:0]:
		default:
		}
	}
	return nil
}
