package gdal

import (
	"context"

	"tuban/raster/vector"
)

// DescribeLayer says what the layer s names is like without reading its features; it fails where the layer, or one
// of s.Fields, is missing, and then lists what there is. Features is what the file itself declares.
// Bounds is in the layer's own CRS, empty when the layer has no geometry.
func DescribeLayer(ctx context.Context, s vector.LayerSpec) (vector.LayerInfo, error) {
	if err := ctx.Err(); err != nil {
		return vector.LayerInfo{}, err
	}
	src, err := openSource(s.Source, s.Layer, s.Encoding)
	if err != nil {
		return vector.LayerInfo{}, err
	}
	defer src.close()
	var info vector.LayerInfo
	err = src.leaf(func() error {
		l, err := src.pick(s.Layer)
		if err != nil {
			return err
		}
		if _, err := src.fields(l, s.Fields); err != nil {
			return err
		}
		info, err = src.describe(l)
		return err
	})
	return info, err
}

// ListLayers describes every layer of a vector file.
func ListLayers(ctx context.Context, path string) ([]vector.LayerInfo, error) {
	src, err := openSource(path, "", "")
	if err != nil {
		return nil, err
	}
	defer src.close()
	var infos []vector.LayerInfo
	for i := range src.layers() {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		err := src.leaf(func() error {
			info, err := src.describe(src.layer(i))
			infos = append(infos, info)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return infos, nil
}
