"""Writes docs/benchmarks.md: the text of benchmarks.md.in with a table in each place for one, from what was measured."""

import glob
import json
import os
import platform
import re
import statistics
import subprocess
import time

from inputs import HERE, LAYOUTS, tuban
from rounds import results, summary

ABSENT = "*Not measured yet.*\n"


def write():
    with open(os.path.join(HERE, "benchmarks.md.in")) as f:
        text = f.read()
    text = re.sub(r"\{\{(\w+)(?: (\S+))?\}\}\n", lambda m: PLACES[m[1]](*filter(None, [m[2]])), text)
    with open(os.environ.get("REPORT", "docs/benchmarks.md"), "w") as f:
        f.write(text)


def groups(prefix):
    """The measurements of each group of a section, as name and lines; layouts in their order."""
    order = {f"{prefix}{layout}.jsonl": i for i, layout in enumerate(LAYOUTS)}
    for name in sorted(glob.glob(results(f"{prefix}*.jsonl")), key=lambda n: (order.get(os.path.basename(n), 0), n)):
        with open(name) as f:
            yield os.path.basename(name).removesuffix(".jsonl"), [json.loads(line) for line in f]


def table(head, rows):
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "".join("| " + " | ".join(map(str, line)) + " |\n" for line in lines)


def cells(row):
    ratio = "" if row["ratio"] is None else f"{row['ratio']:.2f}"
    return [f"{row['wall']:.2f}", f"{row['speed']:.1f}", ratio, f"{row['cpu']:.1f}", f"{row['peak']:.0f}"]


HEAD = ["wall, s", "Mpx/s", "÷ decode", "CPU, s", "peak, MiB"]


def of_group(lines):
    return f"{lines[0]['title']}; {lines[0]['mpx']:.0f} Mpx, {summary(lines)[0]['rounds']} rounds:\n\n"


def peers():
    out = []
    for name, lines in groups("peers-"):
        rows = summary(lines)
        wall = {(m["case"], m["round"]): m["wall"] for m in lines}
        with open(results(name + "-agreement.json")) as f:
            agree = json.load(f)
        body = []
        for r in rows:
            slower = statistics.median(wall[r["case"], i] / wall["tuban", i] for i in range(r["rounds"]))
            same = " / ".join(f"{100 * v:.2f}" for v in agree.get(r["case"], {}).values())
            body.append([r["case"], *cells(r), f"{slower:.2f}", same])
        out.append(of_group(lines) + table(["", *HEAD, "÷ tuban", "agreement, %"], body))
    return "\n".join(out) or ABSENT


def one(prefix):
    """One table for all groups, a row for each case but the base."""
    rows = [[lines[0]["title"], *decoded(lines), *cells(r)] for _, lines in groups(prefix) for r in summary(lines) if r["case"] == "tuban"]
    return table(["", "decode, s", *HEAD], rows) if rows else ABSENT


def decoded(lines):
    return [f"{r['wall']:.2f}" for r in summary(lines) if r["case"] == "decode"]


def workers():
    """What the second one gains: medians of the ratios of one round."""
    out = []
    for _, lines in groups("workers-"):
        wall = {(m["case"], m["round"]): m["wall"] for m in lines}
        n = summary(lines)[0]["rounds"]
        body = [[case, *(f"{statistics.median([wall[c, i] for i in range(n)]):.2f}" for c in (f"{case}-1", f"{case}-2")),
                 f"{statistics.median([wall[f'{case}-1', i] / wall[f'{case}-2', i] for i in range(n)]):.2f}"] for case in ("decode", "tuban")]
        out.append(of_group(lines) + table(["", "one, s", "two, s", "gain"], body))
    return "\n".join(out) or ABSENT


def memory():
    rows = [[lines[0]["title"], r["case"], f"{r['wall']:.1f}", f"{r['peak']:.0f}"] for _, lines in groups("memory-") for r in summary(lines)]
    return table(["", "run", "wall, s", "peak, MiB"], rows) if rows else ABSENT


def storage():
    rows = [[r["case"], f"{r['wall']:.2f}", f"{r['speed']:.1f}", "" if r["ratio"] is None else f"{1 / r['ratio']:.2f}"]
            for _, lines in groups("storage") for r in summary(lines)]
    return table(["", "wall, s", "Mpx/s", "of local"], rows) if rows else ABSENT


def kernels():
    try:
        with open(results("kernels.json")) as f:
            found = json.load(f)
    except FileNotFoundError:
        return ABSENT
    rows = [[loop, f"{m['plain']:.0f}", f"{m['vector']:.0f}", f"{m['vector'] / m['plain']:.1f}"] for loop, m in found.items()]
    return table(["loop", "plain, Mpx/s", "vectors, Mpx/s", "gain"], rows)


def included(name):
    """What another script printed."""
    try:
        with open(results(name + ".txt")) as f:
            return f"```\n{f.read()}```\n"
    except FileNotFoundError:
        return ABSENT


def keep_machine():
    """Keeps what the measurements were made on and with; neither names nor folders of the machine."""
    with open("/proc/cpuinfo") as f:
        model = re.search(r"model name\s*: (.*)", f.read())
    with open("/proc/meminfo") as f:
        memory = int(re.search(r"MemTotal:\s*(\d+)", f.read())[1]) / 2**20
    found = {
        "date": time.strftime("%Y-%m-%d"), "processor": model[1] if model else platform.machine(), "cores": os.cpu_count(),
        "memory": f"{memory:.0f} GiB", "system": version("sh", "-c", ". /etc/os-release; echo $PRETTY_NAME"),
        "tuban": f"{version(tuban(), 'version').split()[1]}, revision {version('git', 'rev-parse', '--short=12', 'HEAD')}",
        "Go": version("go", "env", "GOVERSION"), "GDAL": version("gdal-config", "--version"),
        **{name: package(f"python3-{name}") for name in ("rasterio", "numpy", "numba")}, "OTB": package("otb-bin"),
    }
    with open(results("machine.json"), "w") as f:
        json.dump(found, f)


def version(*command):
    return subprocess.run(command, capture_output=True, text=True).stdout.strip()


def package(name):
    return version("dpkg-query", "-W", "-f", "${Version}", name).split(":")[-1].split("-")[0].split("+")[0] or "not installed"


def machine():
    try:
        with open(results("machine.json")) as f:
            return table(["", ""], json.load(f).items())
    except FileNotFoundError:
        return ABSENT


PLACES = {"machine": machine, "peers": peers, "one": one, "workers": workers, "memory": memory, "storage": storage,
          "kernels": kernels, "included": included}
