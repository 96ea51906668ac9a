// Package masktiff writes a mask as a cloud-optimised GeoTIFF straight from its spans. A mask is nearly all one value, in
// long runs, so that its DEFLATE streams can be put together from the spans without ever laying out a pixel: the cost
// follows the spans and the storage tiles that hold one, not the area.
package masktiff
