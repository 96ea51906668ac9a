"""What a command takes: wall time, CPU time and peak memory, of itself and all its children."""

import glob
import os
import subprocess
import tempfile
import threading
import time

def tree(pid):
    """The process and those that it started, and theirs."""
    out = [pid]
    for p in out:
        for name in glob.glob(f"/proc/{p}/task/*/children"):
            try:
                with open(name) as f:
                    out += map(int, f.read().split())
            except OSError:
                pass
    return out


def resident(pid):
    """What the process holds, and the most that it ever held."""
    with open(f"/proc/{pid}/status") as f:
        kib = {line.split(":")[0]: int(line.split()[1]) for line in f if line.startswith(("VmHWM:", "VmRSS:"))}
    return kib["VmRSS"] << 10, kib["VmHWM"] << 10


def proportional(pid):
    """What the process holds, its share of pages that it shares with others; the most is not known."""
    with open(f"/proc/{pid}/smaps_rollup") as f:
        return next(int(line.split()[1]) for line in f if line.startswith("Pss:")) << 10, 0


def held(pid, memory):
    """What all processes hold together, at least what one of them held before anybody looked."""
    total = most = 0
    for p in tree(pid):
        try:
            now, ever = memory(p)
        except (OSError, KeyError, StopIteration):
            continue  # it ended meanwhile
        total, most = total + now, max(most, ever)
    return max(total, most)


def measure(command, env=None, shared_once=False, show=False):
    """Runs a command and returns seconds of wall and CPU and peak bytes.

    Memory is looked at often, as the sum over all processes. Pages that several of them share count in each; with
    shared_once they count once, which takes the kernel so long that it is no way to measure time.
    What the command says is shown, or kept until it fails.
    """
    memory = proportional if shared_once else resident
    peak, done = 0, threading.Event()
    began = time.monotonic()
    log = None if show else tempfile.TemporaryFile("w+")
    process = subprocess.Popen(command, env={**os.environ, **(env or {})}, stdout=log, stderr=log)

    def watch():
        nonlocal peak
        while not done.wait(0.2 if shared_once else 0.05):
            peak = max(peak, held(process.pid, memory))
    watcher = threading.Thread(target=watch)
    watcher.start()
    _, status, used = os.wait4(process.pid, 0)
    wall = time.monotonic() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    done.set()
    watcher.join()
    if process.returncode != 0:
        if log:
            log.seek(0)
            print(log.read())
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    return {"wall": wall, "cpu": used.ru_utime + used.ru_stime, "peak": peak}
