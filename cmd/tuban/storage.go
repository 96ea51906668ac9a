package main

import (
	"context"
	"strings"
	"time"

	"tuban/pipeline"
	"tuban/pipeline/runfile"
	"tuban/raster/gdal"
	"tuban/raster/store"
)

// storageDrivers are the drivers with object storage as a run file sets it, or with the environment's. Reads end with ctx.
func storageDrivers(ctx context.Context, s runfile.Storage) (pipeline.Drivers, error) {
	d := drivers()
	o := store.Options{
		Endpoint: s.Endpoint, Region: s.Region, PathStyle: s.PathStyle, CA: s.CA, Profile: s.Profile, Anonymous: s.Anonymous,
		Requests: s.Requests, CacheBytes: pipeline.StorageCacheBytes,
	}
	if s.Timeout != "" {
		var err error
		if o.Timeout, err = time.ParseDuration(s.Timeout); err != nil {
			return d, inputError(err)
		}
	}
	st, err := store.New(ctx, o)
	if err != nil {
		return d, inputError(err)
	}
	d.Storage = objects{st}
	return d, gdal.Mount("s3://", st.Mount(ctx))
}

// isObject reports whether an argument is an address in object storage.
func isObject(uri string) bool { return strings.HasPrefix(uri, "s3://") }

// objects is a store whose objects are the pipeline's.
type objects struct{ *store.Store }

func (o objects) Stat(ctx context.Context, uri string) (pipeline.Object, error) {
	x, err := o.Store.Stat(ctx, uri)
	return pipeline.Object(x), err
}

func (o objects) List(ctx context.Context, uri string) ([]pipeline.Object, error) {
	list, err := o.Store.List(ctx, uri)
	out := make([]pipeline.Object, len(list))
	for i, x := range list {
		out[i] = pipeline.Object(x)
	}
	return out, err
}
