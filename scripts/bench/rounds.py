"""Cases measured in turn, round after round, so that what the machine does meanwhile meets all of them."""

import json
import os
import shutil
import statistics
from dataclasses import dataclass, field

from inputs import bench_dir
from measure import measure


@dataclass
class Case:
    name: str
    command: list  # {out} is replaced by a folder that is empty before each run
    base: str = "decode"  # the case that its time is compared with, in the same round
    env: dict = field(default_factory=dict)

    @property
    def out(self):
        return os.path.join(bench_dir(), "out", self.name)


def number_of_rounds():
    return int(os.environ.get("ROUNDS", 5))


def results(name):
    os.makedirs(os.path.join(bench_dir(), "results"), exist_ok=True)
    return os.path.join(bench_dir(), "results", name)


def rounds(group, title, mpx, cases, warm=True, **options):
    """Measures the cases and keeps what was measured as results/group.jsonl, which an earlier round of the group leaves."""
    print(f"==== {group}: {title}", flush=True)
    lines = []
    for r in range(-1 if warm else 0, number_of_rounds()):
        # The order changes, so that none always follows the same one. Round -1 fills caches, the system's and numba's.
        turn = max(r, 0) % len(cases)
        for case in cases[turn:] + cases[:turn]:
            shutil.rmtree(case.out, ignore_errors=True)
            os.makedirs(case.out)
            m = measure([a.replace("{out}", case.out) for a in case.command], env=case.env, **options)
            if r >= 0:
                lines.append({"group": group, "title": title, "case": case.name, "base": case.base, "round": r, "mpx": mpx, **m})
                print(f"round {r + 1}: {case.name:16} {m['wall']:8.2f} s {m['cpu']:8.2f} s CPU {m['peak'] / 2**20:7.0f} MiB", flush=True)
    with open(results(group + ".jsonl"), "w") as f:
        f.writelines(json.dumps(line) + "\n" for line in lines)
    for row in summary(lines):
        ratio = "" if row["ratio"] is None else f"{row['ratio']:6.2f} x {row['base']}"
        print(f"median:  {row['case']:16} {row['wall']:8.2f} s {row['cpu']:8.2f} s CPU {row['peak']:7.0f} MiB "
              f"{row['speed']:7.1f} Mpx/s {ratio}", flush=True)


def summary(lines):
    """A row for each case in the order of the first round: medians, and the median of its ratios to the base of the same round."""
    wall = {(m["case"], m["round"]): m["wall"] for m in lines}
    rows = []
    for case in dict.fromkeys(m["case"] for m in lines):
        own = [m for m in lines if m["case"] == case]
        base = own[0]["base"]
        ratios = [m["wall"] / wall[base, m["round"]] for m in own if (base, m["round"]) in wall]
        middle = {k: statistics.median(m[k] for m in own) for k in ("wall", "cpu", "peak")}
        rows.append({
            "case": case, "base": base, "rounds": len(own), "wall": middle["wall"], "cpu": middle["cpu"], "peak": middle["peak"] / 2**20,
            "speed": own[0]["mpx"] / middle["wall"], "ratio": statistics.median(ratios) if ratios and case != base else None,
        })
    return rows
