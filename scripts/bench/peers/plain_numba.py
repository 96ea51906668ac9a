"""The plain rule by rasterio and numba: fused loops, compiled once and cached."""

import numba
import numpy as np

import plain_rule


# With their types, so that they are compiled here, before threads ask for them.
@numba.njit("uint8[:,::1](uint16[:,:,::1],uint16[:,:,::1])", nogil=True, cache=True)
def judge(before, after):
    _, h, w = before.shape
    out = np.zeros((h, w), np.uint8)
    limit_high, limit_bare, limit_lost, limit_green, part = np.float32(0.35), np.float32(0.25), np.float32(0.2), np.float32(0.4), np.float32(0.8)
    for y in range(h):
        for x in range(w):
            bb, bg, br, bn = before[0, y, x], before[1, y, x], before[2, y, x], before[3, y, x]
            ab, ag, ar, an = after[0, y, x], after[1, y, x], after[2, y, x], after[3, y, x]
            if not (bb and bg and br and bn and ab and ag and ar and an):
                continue
            fbn, fbr, fan, far = np.float32(bn), np.float32(br), np.float32(an), np.float32(ar)
            b_ndvi, a_ndvi = (fbn - fbr) / (fbn + fbr), (fan - far) / (fan + far)
            v = np.uint8(4)
            if a_ndvi < limit_green and b_ndvi - a_ndvi > limit_lost:
                v |= np.uint8(2)
            if b_ndvi > limit_high and a_ndvi < limit_bare:
                b_vnir = (np.float32(bb) + np.float32(bg) + fbr + fbn) / np.float32(4)
                a_vnir = (np.float32(ab) + np.float32(ag) + far + fan) / np.float32(4)
                if a_vnir > part * b_vnir:
                    v |= np.uint8(1)
            out[y, x] = v
    return out


@numba.njit("uint8[:,::1](uint8[:,::1],uint8[:,::1])", nogil=True, cache=True)
def cleaned(raw, crop):
    h, w = raw.shape
    out = np.zeros((h, w), np.uint8)
    column = np.zeros(w + 2, np.uint8)  # how many of three rows fired: built in the low bits, lost in the high ones
    for y in range(h):
        column[:] = 0
        for i in range(max(0, y - 1), min(h, y + 2)):
            for x in range(w):
                column[x + 1] += (raw[i, x] & np.uint8(1)) | (raw[i, x] & np.uint8(2)) << np.uint8(3)
        for x in range(w):
            n = np.uint8(column[x] + column[x + 1] + column[x + 2])
            built, lost = n & np.uint8(15) >= 5, (n >> np.uint8(4) >= 5) & (crop[y, x] == 1)
            out[y, x] = 0 if raw[y, x] < 4 else 1 if built else 2 if lost else 0
    return out


if __name__ == "__main__":
    plain_rule.main(judge, cleaned)
