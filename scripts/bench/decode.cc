// Reads all pixels of all files through GDAL and does nothing with them: what any program that uses GDAL has to wait for.
//
//   decode THREADS FILE…
//
// As the fastest plain reader would: each thread has datasets of its own, a window is whole storage blocks, at least 512 × 512
// pixels' worth of them, and samples keep their type and their interleaving.
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <thread>
#include <vector>

#include <gdal_priv.h>

struct Window { int file, x, y, w, h; };

static GDALDataset *openOrExit(const char *name) {
    auto *ds = static_cast<GDALDataset *>(GDALOpenEx(name, GDAL_OF_RASTER | GDAL_OF_READONLY, nullptr, nullptr, nullptr));
    if (!ds) exit(1);
    return ds;
}

// pixels is the smallest multiple of block that reaches 512.
static int pixels(int block) { return (512 + block - 1) / block * block; }

static void plan(std::vector<Window> &out, int file, GDALDataset *ds) {
    int bw, bh, w = ds->GetRasterXSize(), h = ds->GetRasterYSize();
    ds->GetRasterBand(1)->GetBlockSize(&bw, &bh);
    // A strip is as wide as the image: then a window is as many strips as hold 512 × 512 pixels.
    bool strips = bw >= w;
    int ww = strips ? w : pixels(bw);
    int wh = strips ? std::max(bh, 512 * 512 / w / bh * bh) : pixels(bh);
    for (int y = 0; y < h; y += wh)
        for (int x = 0; x < w; x += ww) out.push_back({file, x, y, std::min(ww, w - x), std::min(wh, h - y)});
}

int main(int argc, char **argv) {
    int threads = argc > 2 ? atoi(argv[1]) : 0;
    if (threads < 1) {
        fprintf(stderr, "usage: decode THREADS FILE...\n");
        return 2;
    }
    GDALAllRegister();
    GDALSetCacheMax64(64 << 20);  // windows are whole blocks: nothing is asked for twice
    std::vector<Window> windows;
    for (int i = 2; i < argc; i++) {
        GDALDataset *ds = openOrExit(argv[i]);
        plan(windows, i, ds);
        GDALClose(ds);
    }
    std::atomic<size_t> next{0};
    auto work = [&] {
        std::vector<GDALDataset *> open(argc);
        for (int i = 2; i < argc; i++) open[i] = openOrExit(argv[i]);
        std::vector<char> buf;
        for (size_t i; (i = next++) < windows.size();) {
            const Window &w = windows[i];
            GDALDataset *ds = open[w.file];
            int bands = ds->GetRasterCount();
            GDALDataType type = ds->GetRasterBand(1)->GetRasterDataType();
            GSpacing size = GDALGetDataTypeSizeBytes(type), pixel = size, band = size * w.w * w.h;
            const char *interleave = ds->GetMetadataItem("INTERLEAVE", "IMAGE_STRUCTURE");
            if (interleave && !strcmp(interleave, "PIXEL")) pixel = size * bands, band = size;
            buf.resize(std::max(buf.size(), size_t(size) * bands * w.w * w.h));
            if (ds->RasterIO(GF_Read, w.x, w.y, w.w, w.h, buf.data(), w.w, w.h, type, bands, nullptr, pixel, pixel * w.w, band, nullptr) != CE_None)
                exit(1);
        }
        for (auto *ds : open)
            if (ds) GDALClose(ds);
    };
    std::vector<std::thread> pool;
    for (int i = 0; i < threads; i++) pool.emplace_back(work);
    for (auto &t : pool) t.join();
}
