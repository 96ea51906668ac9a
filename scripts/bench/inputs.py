"""The simulated pairs that are measured: made once, kept in BENCH_DIR, variants of one county for each size."""

import os
import shutil
import subprocess
from dataclasses import dataclass

import numpy as np
from osgeo import gdal, ogr

gdal.UseExceptions()
ogr.UseExceptions()

HERE = os.path.dirname(os.path.abspath(__file__))
BLOCK = 512
TILED = ["TILED=YES", f"BLOCKXSIZE={BLOCK}", f"BLOCKYSIZE={BLOCK}"]
DEFLATE = ["COMPRESS=DEFLATE", "PREDICTOR=2", "NUM_THREADS=ALL_CPUS"]

# name: format, creation options, what the document calls it. "deflate" is what the simulation writes.
LAYOUTS = {
    "deflate": ("GTiff", TILED + DEFLATE + ["INTERLEAVE=PIXEL"], "DEFLATE, tiles, pixel-interleaved"),
    "none": ("GTiff", TILED + ["INTERLEAVE=PIXEL"], "uncompressed, tiles, pixel-interleaved"),
    "band": ("GTiff", TILED + DEFLATE + ["INTERLEAVE=BAND"], "DEFLATE, tiles, band-interleaved"),
    "none-band": ("GTiff", TILED + ["INTERLEAVE=BAND"], "uncompressed, tiles, band-interleaved"),
    "strip": ("GTiff", DEFLATE + ["INTERLEAVE=PIXEL"], "DEFLATE, strips, pixel-interleaved"),
    "none-strip": ("GTiff", ["INTERLEAVE=PIXEL"], "uncompressed, strips, pixel-interleaved"),
    "lzw": ("GTiff", TILED + ["COMPRESS=LZW", "PREDICTOR=2", "NUM_THREADS=ALL_CPUS"], "LZW, tiles, pixel-interleaved"),
    "zstd": ("GTiff", TILED + ["COMPRESS=ZSTD", "PREDICTOR=2", "NUM_THREADS=ALL_CPUS"], "ZSTD, tiles, pixel-interleaved"),
    "img": ("HFA", [], "ERDAS IMAGINE (.img), uncompressed"),
}


@dataclass
class Pair:
    folder: str
    size: int  # edge in pixels
    before: str
    after: str
    survey: str

    @property
    def images(self):
        return [self.before, self.after]


def bench_dir():
    return os.environ.get("BENCH_DIR", "bench")


def tuban():
    return os.environ.get("TUBAN", "bin/tuban")


def made(folder, make):
    """Lets make fill a folder, unless it did so before; a folder is there whole or not at all."""
    if not os.path.isdir(folder):
        part = folder + ".part"
        shutil.rmtree(part, ignore_errors=True)
        os.makedirs(part)
        make(part)
        os.rename(part, folder)
    return folder


def county(size):
    """The pair that tuban demo simulates, with its survey and a run file with all defaults."""
    def make(part):
        subprocess.run([tuban(), "demo", "--out", part, "--size", str(size), "--inputs-only", "--plain"], check=True, stdout=subprocess.DEVNULL)
    folder = made(os.path.join(bench_dir(), str(size)), make)
    return Pair(folder, size, *(os.path.join(folder, f) for f in ("before.tif", "after.tif", "survey.gpkg")))


def pair(size, layout="deflate", candidates=100, eligible=100, clump=0):
    """The county in another layout, with candidates in that percentage of the blocks alone, or eligible land there alone."""
    base = county(size)
    before, after, survey = base.before, base.after, base.survey
    if eligible < 100:
        def clip(part):
            clip_survey(base, chosen(size, eligible, clump), os.path.join(part, "survey.gpkg"))
        survey = os.path.join(made(f"{base.folder}-eligible-{eligible}-{clump}", clip), "survey.gpkg")
    folder, form, options, suffix = base.folder, *LAYOUTS[layout][:2], "tif"
    if candidates < 100:
        def dull(part):
            for image in base.images:
                without_candidates(image, os.path.join(part, os.path.basename(image)), chosen(size, candidates, clump))
        folder = made(f"{folder}-candidates-{candidates}-{clump}", dull)
        before, after = (os.path.join(folder, os.path.basename(f)) for f in (before, after))
    if layout != "deflate":
        suffix = "img" if form == "HFA" else "tif"
        source = {"before": before, "after": after}
        def translate(part):
            for date, image in source.items():
                gdal.Translate(f"{part}/{date}.{suffix}", image, format=form, creationOptions=options)
        folder = made(f"{folder}-{layout}", translate)
        before, after = (f"{folder}/{date}.{suffix}" for date in source)
    return Pair(folder, size, before, after, survey)


def chosen(size, percent, clump):
    """Which blocks of the image, row by row: with clump 0 those of its left side, else squares of so many blocks all over it."""
    n = -(-size // BLOCK)
    rows, cols = np.mgrid[:n, :n]
    if clump == 0:
        return cols * n + rows < round(n * n * percent / 100)
    # Multiples of the golden ratio spread evenly, whatever the share is.
    square = rows // clump * (-(-n // clump)) + cols // clump
    return (square + 1) * 0.6180339887498949 % 1 < percent / 100


def without_candidates(source, target, keep):
    """Copies an image whose other blocks get the indices of open water, so that of the before date no default kind fires there.

    Bands change places and get a constant: the differences of neighbouring pixels, which are what is compressed, stay as they were.
    """
    src = gdal.Open(source)
    w, h = src.RasterXSize, src.RasterYSize
    dst = gdal.GetDriverByName("GTiff").Create(target, w, h, 4, gdal.GDT_UInt16, options=LAYOUTS["deflate"][1])
    dst.SetProjection(src.GetProjection())
    dst.SetGeoTransform(src.GetGeoTransform())
    for b in range(1, 5):
        dst.GetRasterBand(b).SetNoDataValue(src.GetRasterBand(b).GetNoDataValue())
    for i, y in enumerate(range(0, h, BLOCK)):
        rows = src.ReadAsArray(0, y, w, min(BLOCK, h - y))
        water = rows[[0, 3, 2, 1]] + np.array([0, 1500, 800, 0], np.uint16)[:, None, None]
        np.maximum(water[1], water[3] + water[3] // 2, out=water[1])  # the few that this is not enough for
        np.maximum(water[2], water[3], out=water[2])
        water[:, (rows == 0).any(axis=0)] = 0
        rows = np.where(np.repeat(keep[i], BLOCK)[:w], rows, water)
        dst.WriteArray(rows, 0, y)


def clip_survey(base, keep, target):
    """Copies the survey, each parcel cut to the blocks that are kept."""
    x, dx, _, y, _, dy = gdal.Open(base.before).GetGeoTransform()
    gdal.VectorTranslate(target, base.survey, geometryType="PROMOTE_TO_MULTI")
    data = ogr.Open(target, update=1)
    layer = data.GetLayer(0)
    data.StartTransaction()
    for feature in layer:
        old = feature.geometry()
        x0, x1, y0, y1 = old.GetEnvelope()
        cols, rows = (int((x0 - x) / dx / BLOCK), int((x1 - x) / dx / BLOCK)), (int((y1 - y) / dy / BLOCK), int((y0 - y) / dy / BLOCK))
        new = ogr.Geometry(ogr.wkbMultiPolygon)
        for r in range(max(0, rows[0]), min(len(keep), rows[1] + 1)):
            for c in range(max(0, cols[0]), min(len(keep), cols[1] + 1)):
                if keep[r][c]:
                    left, top, edge = x + c * BLOCK * dx, y + r * BLOCK * dy, BLOCK * dx
                    part = old.Intersection(ogr.CreateGeometryFromWkt(
                        f"POLYGON(({left} {top},{left + edge} {top},{left + edge} {top - edge},{left} {top - edge},{left} {top}))"))
                    for g in [part] if part.GetGeometryCount() == 0 or part.GetGeometryType() == ogr.wkbPolygon else part:
                        if g.GetGeometryType() == ogr.wkbPolygon and not g.IsEmpty():
                            new.AddGeometry(g)
        if new.IsEmpty():
            layer.DeleteFeature(feature.GetFID())
        else:
            feature.SetGeometry(ogr.ForceToMultiPolygon(new.UnionCascaded()))
            layer.SetFeature(feature)
    data.CommitTransaction()


def sparse(base, edge):
    """Lays a county into images of edge × edge pixels that store nothing else, without its survey, which would end the grid."""
    def make(part):
        for image in base.images:
            src = gdal.Open(image)
            x, dx, _, y, _, dy = src.GetGeoTransform()
            at = (edge - base.size) // 2 // BLOCK * BLOCK
            target = os.path.join(part, os.path.basename(image))
            dst = gdal.GetDriverByName("GTiff").Create(target, edge, edge, 4, gdal.GDT_UInt16,
                                                       options=LAYOUTS["deflate"][1] + ["SPARSE_OK=TRUE", "BIGTIFF=YES"])
            dst.SetProjection(src.GetProjection())
            dst.SetGeoTransform((x - at * dx, dx, 0, y - at * dy, 0, dy))
            for row in range(0, base.size, BLOCK):
                dst.WriteArray(src.ReadAsArray(0, row, base.size, min(BLOCK, base.size - row)), at, at + row)
            dst = None
        with open(os.path.join(base.folder, "run.yaml")) as f, open(os.path.join(part, "run.yaml"), "w") as out:
            out.writelines(line for line in f if not line.startswith("survey:"))
    return made(f"{base.folder}-in-{edge}", make)


def run_file(pair, rules, where=None):
    """A run file of a pair that does only what the rules need; where takes the place of the images' folder."""
    land = os.path.basename(os.path.dirname(pair.survey))
    name = os.path.join(pair.folder, f"run-{rules}-{land}{'-s3' if where else ''}.yaml")
    image = (lambda f: f"{where}/{os.path.basename(f)}") if where else (lambda f: os.path.abspath(f))
    with open(name, "w") as f:
        f.write(f"""name: {rules}
before: {{scenes: [{image(pair.before)}], sensor: GF-2, date: 2024-08-14}}
after:  {{scenes: [{image(pair.after)}], bands: {{blue: 1, green: 2, red: 3, nir: 4}}, date: 2025-08-20}}
survey: {{source: {os.path.abspath(pair.survey)}, layer: DLTB, class: DLBM, id: BSM, system: TD/T 1055-2019}}
rules: {os.path.join(HERE, 'plain.yaml') if rules == 'plain' else 'default'}
registration: none
normalise: none
clouds: none
outputs: [gpkg]
""")
    return name
