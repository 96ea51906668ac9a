"""One whole run of a simulated pair with all defaults: its time, and the peak memory of all its processes."""

import os
import subprocess

from inputs import county, sparse, tuban
from measure import measure


def whole(size, edge):
    p = county(size)
    folder = sparse(p, int(edge)) if edge else p.folder
    print(f"==== a whole run, {size} × {size} pixels, on {os.cpu_count()} processors", flush=True)
    command = [tuban(), "run", f"{folder}/run.yaml", "--out", f"{folder}/out", "--force", *os.environ.get("RUN_FLAGS", "").split()]
    m = measure(command, shared_once=True, show=True)
    line = f"{m['wall']:.0f} s, {m['cpu']:.0f} s CPU, peak memory {m['peak'] >> 20} MiB (all its processes, shared pages once)"
    with open(f"{folder}/memory.txt", "w") as f:
        f.write(line + "\n")
    print(line, flush=True)
    subprocess.run([tuban(), "check", f"{folder}/out"], check=True)
