"""The plain rule by rasterio and NumPy."""

import numpy as np

import plain_rule


def judge(before, after):
    valid = before.all(axis=0) & after.all(axis=0)
    b, a = before.astype(np.float32), after.astype(np.float32)
    with np.errstate(divide="ignore", invalid="ignore"):
        b_ndvi, a_ndvi = ((i[3] - i[2]) / (i[3] + i[2]) for i in (b, a))
        b_vnir, a_vnir = (i.sum(axis=0) / 4 for i in (b, a))
    built = (b_ndvi > 0.35) & (a_ndvi < 0.25) & (a_vnir > np.float32(0.8) * b_vnir) & valid
    lost = (b_ndvi - a_ndvi > 0.2) & (a_ndvi < 0.4) & valid
    return built + 2 * lost.view(np.uint8) + 4 * valid.view(np.uint8)


if __name__ == "__main__":
    plain_rule.main(judge)
