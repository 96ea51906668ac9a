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
	l, err := src.pick(s.Layer)
	if err != nil {
		return vector.LayerInfo{}, err
	}
	if _, err := src.fields(l, s.Fields); err != nil {
		return vector.LayerInfo{}, err
	}
	return src.describe(l)
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
		info, err := src.describe(src.layer(i))
		if err != nil {
			return nil, err
		}
		infos = append(infos, info)
	}
	return infos, nil
}
