"""What is measured, section by section: which inputs, which commands side by side."""

import json
import os
import re
import statistics
import subprocess
import sys

from agreement import agreement
from inputs import HERE, LAYOUTS, bench_dir, county, pair, run_file, sparse, tuban
from rounds import Case, number_of_rounds, results, rounds
from storage import storage_server

PYTHON = sys.executable


def environment(name, default):
    """A list of words in an environment variable."""
    return os.environ.get(name, default).split()


def size():
    return int(os.environ.get("SIZE", 10000))


def clump():
    return int(os.environ.get("CLUMP", 0))


def mpx(p):
    return p.size ** 2 / 1e6


def decode(p, threads=os.cpu_count(), name="decode"):
    program = os.path.join(bench_dir(), "decode")
    source = os.path.join(HERE, "decode.cc")
    if not os.path.exists(program) or os.path.getmtime(program) < os.path.getmtime(source):
        flags = subprocess.run(["pkg-config", "--cflags", "--libs", "gdal"], check=True, capture_output=True, text=True).stdout.split()
        subprocess.run(["g++", "-O2", "-pthread", "-o", program, source, *flags], check=True)
    return Case(name, [program, str(threads), *p.images], base=name)


def run(p, rules="plain", name="tuban", flags=(), base="decode", where=None, env=None):
    extra = environment("RUN_FLAGS", "")
    return Case(name, [tuban(), "run", run_file(p, rules, where), "--out", "{out}", "--force", *flags, *extra], base=base, env=env or {})


def peer(p, name, program):
    command = [os.path.join(HERE, "peers", program), *p.images, p.survey, "{out}"]
    return Case(name, ([PYTHON] if program.endswith(".py") else []) + command)


def peers():
    """tuban and its peers on the same work."""
    for layout in environment("LAYOUTS", "deflate none"):
        p = pair(size(), layout)
        others = [
            peer(p, "numba", "plain_numba.py"), peer(p, "numpy", "plain_numpy.py"),
            peer(p, "gdal_calc", "plain_gdal.sh"), peer(p, "otb", "plain_otb.sh"),
        ]
        others = [c for c in others if c.name in environment("PEERS", "numba numpy gdal_calc otb")]
        cases = [decode(p), run(p), *others]
        rounds(f"peers-{layout}", LAYOUTS[layout][2], mpx(p), cases)
        agreement(f"peers-{layout}", cases[1], others)


def layouts():
    """The plain rule on files of every layout."""
    for layout in environment("LAYOUTS", "deflate none band none-band strip none-strip lzw zstd img"):
        p = pair(size(), layout)
        rounds(f"layouts-{layout}", LAYOUTS[layout][2], mpx(p), [decode(p), run(p)])


def curve():
    """The default kinds, with candidates in a part of the blocks."""
    for share in environment("SHARES", "10 40 70 100"):
        p = pair(size(), candidates=int(share), clump=clump())
        rounds(f"curve-{int(share):03}", f"{share} %", mpx(p), [decode(p), run(p, "default")])


def eligible():
    """The default kinds, with eligible land in a part of the blocks."""
    for share in environment("SHARES", "10 40 70 100"):
        p = pair(size(), eligible=int(share), clump=clump())
        rounds(f"eligible-{int(share):03}", f"{share} %", mpx(p), [decode(p), run(p, "default")])


def workers():
    """One worker and two, beside decoding with one thread and with two."""
    for layout in environment("LAYOUTS", "deflate none"):
        p = pair(size(), layout)
        cases = [decode(p, n, f"decode-{n}") for n in (1, 2)]
        cases += [run(p, name=f"tuban-{n}", flags=("--workers", str(n)), base=f"decode-{n}") for n in (1, 2)]
        rounds(f"workers-{layout}", LAYOUTS[layout][2], mpx(p), cases)


def memory():
    """The peak of all processes together, shared pages once: all defaults, and the plain rule."""
    for edge in map(int, environment("SIZES", "10000")):
        p = county(edge)
        whole = Case("everything", [tuban(), "run", f"{p.folder}/run.yaml", "--out", "{out}", "--force"], base="")
        plain = run(p, base="")
        rounds(f"memory-{edge:06}", f"{edge} × {edge}", mpx(p), [whole, plain], warm=False, shared_once=True)
    for edge in map(int, environment("SPARSE", "100000")):
        p = county(min(size(), 4096))
        whole = Case("everything", [tuban(), "run", f"{sparse(p, edge)}/run.yaml", "--out", "{out}", "--force"], base="")
        rounds(f"memory-sparse-{edge}", f"{edge} × {edge}, sparse", edge ** 2 / 1e6, [whole], warm=False, shared_once=True)


def storage():
    """From object storage with latency, beside the same from disk."""
    p = pair(size())
    with storage_server(p, os.environ.get("DELAY", "15ms")) as (near, far):
        bucket = "s3://pair"
        cases = [run(p, name="local", base="local"), run(p, name="s3", base="local", where=bucket, env=near),
                 run(p, name="s3-delayed", base="local", where=bucket, env=far)]
        rounds("storage", "the plain rule from storage", mpx(p), cases)


def kernels():
    """The loops of rules, as assembly and as plain Go: medians of what their benchmarks say."""
    command = ["go", "test", "-run", "^$", "-bench", "//(plain|vector)$", "-benchtime", "100ms", "-count", str(number_of_rounds()), "./classify/kernel"]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    speeds = {}
    for loop, way, speed in re.findall(r"^Benchmark\w+/(\w+)/(plain|vector)(?:-\d+)?\s.*?([0-9.]+) Mpx/s", said, re.MULTILINE):
        speeds.setdefault(loop, {}).setdefault(way, []).append(float(speed))
    medians = {loop: {way: statistics.median(s) for way, s in ways.items()} for loop, ways in speeds.items()}
    for loop, m in medians.items():
        print(f"{loop:12} {m['plain']:6.0f} Mpx/s plain, {m['vector']:6.0f} Mpx/s vector", flush=True)
    with open(results("kernels.json"), "w") as f:
        json.dump(medians, f)


def script(name):
    """What another script prints, of images of its own size."""
    def section():
        env = {k: v for k, v in os.environ.items() if k != "SIZE"}
        said = subprocess.run([os.path.join(HERE, name + ".sh")], check=True, stdout=subprocess.PIPE, text=True, env=env).stdout
        print(said, end="", flush=True)
        with open(results(name + ".txt"), "w") as f:
            f.write(said)
    return section


SECTIONS = {
    "peers": peers, "layouts": layouts, "curve": curve, "eligible": eligible, "workers": workers, "memory": memory, "storage": storage,
    "kernels": kernels, "texture": script("texture"), "objects": script("objects"),
}
