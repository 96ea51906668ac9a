"""Measures sections one after the other, or writes the document from what was measured: see scripts/bench.sh."""

import os
import sys

import report
from sections import SECTIONS
from whole import whole


def main(names):
    if names == ["whole"]:
        return whole(int(os.environ.get("SIZE", 8192)), os.environ.get("SPARSE"))
    wanted = [n for name in names for n in (SECTIONS if name == "all" else [name])]
    unknown = [n for n in wanted if n not in SECTIONS and n != "report"]
    if unknown:
        raise SystemExit(f"bench: there is no section {unknown[0]}; there are {', '.join(SECTIONS)}, all and report")
    for name in wanted:
        if name == "report":
            report.write()
        else:
            report.keep_machine()
            SECTIONS[name]()


main(sys.argv[1:])
