"""What the NumPy and the numba peer have in common: reading, cleaning and vectors, as one would write them with rasterio.

    PEER BEFORE AFTER SURVEY OUT     leaves mask.tif and changes.gpkg in the folder OUT
"""

import json
import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

# Windows are whole blocks, so that nothing is asked for twice; by default the cache takes a twentieth of the memory.
os.environ.setdefault("GDAL_CACHEMAX", "64")

import numpy as np
import rasterio
from osgeo import ogr, osr
from rasterio import features
from rasterio.windows import Window

THREADS = os.cpu_count()
LEAST = 400  # pixels
CODES = {1: "built", 2: "lost"}


def windows(src):
    """Whole storage blocks: tiles one by one or, where they are small, in squares of 512; strips as many as hold as much."""
    h, w = src.block_shapes[0]
    if w >= src.width:
        h = max(h, 512 * 512 // src.width // h * h)
    else:
        h, w = -(-512 // h) * h, -(-512 // w) * w
    for y in range(0, src.height, h):
        for x in range(0, src.width, w):
            yield Window(x, y, min(w, src.width - x), min(h, src.height - y))


def cropland(survey, src):
    """1 where the survey says cropland (耕地), by pixel centres."""
    layer = ogr.Open(survey)
    parcels = layer.ExecuteSQL("SELECT * FROM DLTB WHERE DLBM LIKE '01%'")
    shapes = [(json.loads(f.geometry().ExportToJson()), 1) for f in parcels]
    return features.rasterize(shapes, out_shape=src.shape, transform=src.transform, dtype="uint8")


def scan(before, after, survey, judge):
    """What judge says of each window: the kinds that fire at a pixel as bits, 1 built, 2 lost, and 4 where it is valid. And the cropland."""
    with rasterio.open(before) as src:
        todo = list(windows(src))
        crop = cropland(survey, src)
        raw = np.empty(src.shape, np.uint8)
    local = threading.local()

    def work(w):
        if not hasattr(local, "pair"):
            local.pair = rasterio.open(before), rasterio.open(after)
        b, a = (src.read(window=w) for src in local.pair)
        raw[w.toslices()] = judge(b, a)
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(work, todo))
    return raw, crop


def majority(raw, bit):
    """Where at least five of the 3 × 3 pixels have the bit."""
    fired = np.pad((raw & bit) // bit, 1)
    rows = fired[:, :-2] + fired[:, 1:-1] + fired[:, 2:]
    return rows[:-2] + rows[1:-1] + rows[2:] >= 5


def cleaned(raw, crop):
    """The kind of each pixel after the majority: the first kind first, cropland alone for the second."""
    return np.where(raw < 4, 0, np.where(majority(raw, 1), 1, np.where(majority(raw, 2) & (crop == 1), 2, 0)))


def clean(raw, crop, rule):
    """Applies the rule to strips of rows, which stay in the cache, each with a row around it."""
    kind = np.zeros(raw.shape, np.uint8)
    h, step = raw.shape[0], 256

    def work(y):
        y0, y1 = max(0, y - 1), min(h, y + step + 1)
        kind[y:y + step] = rule(raw[y0:y1], crop[y0:y1])[y - y0:y - y0 + step]
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(work, range(0, h, step)))
    return kind


def publish(kind, like, out):
    """Drops what is smaller than LEAST pixels and writes the rest as pixels and as polygons."""
    sieved = features.sieve(kind, LEAST, connectivity=4)
    # A sieve hands small patches to their neighbour, and fills small holes: neither was found.
    sieved[sieved != kind] = 0
    with rasterio.open(like) as src:
        profile = dict(driver="GTiff", width=src.width, height=src.height, count=1, dtype="uint8", crs=src.crs, transform=src.transform,
                       tiled=True, blockxsize=512, blockysize=512, compress="deflate", num_threads=THREADS)
        wkt, transform = src.crs.to_wkt(), src.transform
    with rasterio.open(f"{out}/mask.tif", "w", **profile) as dst:
        dst.write(sieved, 1)
    data = ogr.GetDriverByName("GPKG").CreateDataSource(f"{out}/changes.gpkg")
    layer = data.CreateLayer("changes", osr.SpatialReference(wkt), ogr.wkbPolygon)
    layer.CreateField(ogr.FieldDefn("kind", ogr.OFTString))
    data.StartTransaction()
    for shape, value in features.shapes(sieved, mask=sieved > 0, connectivity=4, transform=transform):
        feature = ogr.Feature(layer.GetLayerDefn())
        feature["kind"] = CODES[int(value)]
        feature.SetGeometry(ogr.CreateGeometryFromJson(json.dumps(shape)))
        layer.CreateFeature(feature)
    data.CommitTransaction()


def main(judge, rule=cleaned):
    before, after, survey, out = sys.argv[1:]
    ogr.UseExceptions()
    raw, crop = scan(before, after, survey, judge)
    publish(clean(raw, crop, rule), before, out)
