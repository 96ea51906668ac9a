"""Whether peers found what tuban found: a comparison of times is worth nothing otherwise."""

import json
import os

import numpy as np
from osgeo import gdal

from rounds import results

KINDS = {1: "built", 2: "lost"}


def agreement(group, ours, others):
    """Prints and keeps the pixels of each kind in both masks as a part of those in either."""
    a = mask(ours)
    out = {}
    for case in others:
        b = mask(case)
        out[case.name] = {}
        for value, kind in KINDS.items():
            x, y = a == value, b == value
            out[case.name][kind] = float(np.count_nonzero(x & y) / max(1, np.count_nonzero(x | y)))
        print(f"agreement of {case.name} with tuban: " + ", ".join(f"{k} {100 * v:.2f} %" for k, v in out[case.name].items()), flush=True)
    with open(results(group + "-agreement.json"), "w") as f:
        json.dump(out, f)


def mask(case):
    return gdal.Open(os.path.join(case.out, "mask.tif")).ReadAsArray()
