package gdal

// #include <stdlib.h>
// #include "vector_ogr.h"
import "C"

import (
	"errors"
	"fmt"
	"runtime"
	"time"

	"tuban/raster/vector"
)

// sink is a vector file being written; its errors leave the file's name to the caller, who knows the final one. It belongs to one goroutine, which stays on one thread: the settings that
// pin the file's clock hold for a thread.
type sink struct {
	path string
	ds   C.GDALDatasetH
	set  []string
	// renames lets the driver change names of fields that its format reserves; without it they are an error.
	renames bool
}

// createSink creates a file of the driver; settings are GDAL's configuration for as long as it is open.
func createSink(driver, path string, settings map[string]string) (*sink, error) {
	setup()
	runtime.LockOSThread()
	s := &sink{path: path}
	for key, value := range settings {
		s.configure(key, &value)
		s.set = append(s.set, key)
	}
	err := guard(func() {
		withString(driver, func(name *C.char) {
			withString(path, func(path *C.char) {
				if d := C.GDALGetDriverByName(name); d != nil {
					s.ds = C.GDALCreate(d, path, 0, 0, 0, C.GDT_Unknown, nil)
				}
			})
		})
	})
	if s.ds == nil {
		s.release()
		return nil, orUnknown(err)
	}
	return s, nil
}

func (s *sink) configure(key string, value *string) {
	withString(key, func(k *C.char) {
		if value == nil {
			C.CPLSetThreadLocalConfigOption(k, nil)
			return
		}
		withString(*value, func(v *C.char) { C.CPLSetThreadLocalConfigOption(k, v) })
	})
}

// execute runs a statement that returns no rows.
func (s *sink) execute(sql string) error {
	return guard(func() {
		withString(sql, func(sql *C.char) {
			if rows := C.GDALDatasetExecuteSQL(s.ds, sql, nil, nil); rows != nil {
				C.GDALDatasetReleaseResultSet(s.ds, rows)
			}
		})
	})
}

// close writes what is left; a second call does nothing.
func (s *sink) close() error {
	if s.ds == nil {
		return nil
	}
	err := guard(func() { C.GDALClose(s.ds) })
	s.ds = nil
	s.release()
	if err != nil {
		return fmt.Errorf("closing the file: %w", err)
	}
	return nil
}

func (s *sink) release() {
	for _, key := range s.set {
		s.configure(key, nil)
	}
	runtime.UnlockOSThread()
}

func orUnknown(err error) error {
	if err == nil {
		return errors.New("no reason given")
	}
	return err
}

// transaction has the database keep what body writes at once, which is a journal on disk for all of it instead of for each
// statement. A body that fails leaves a file that is thrown away.
func (s *sink) transaction(body func() error) error {
	if err := guard(func() { C.GDALDatasetStartTransaction(s.ds, 0) }); err != nil {
		return err
	}
	if err := body(); err != nil {
		return err
	}
	return guard(func() { C.GDALDatasetCommitTransaction(s.ds) })
}

// clock is the time files record; the zero value stands for the epoch, so that files do not differ by accident.
func clock(o vector.WriteOptions) time.Time {
	if o.Clock.IsZero() {
		return time.Unix(0, 0).UTC()
	}
	return o.Clock.UTC()
}
