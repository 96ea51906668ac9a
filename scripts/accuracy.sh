#!/usr/bin/env bash
# Measures how right the product is, and writes docs/accuracy.md: on the labelled pairs in TUBAN_TESTDATA and on simulated counties.
# Arguments are those of the program (go run ./scripts/accuracy -help):
#
#   scripts/accuracy.sh                                       everything: about an hour and a half on two cores, 12 GB of disk
#   scripts/accuracy.sh -size 2000 -seeds 1 -out quick.md     a quick look, in five minutes
#
# Counties and products stay in ACCURACY_WORK (by default a folder of its own below the temporary one): what is there unchanged is not
# made again, and an interrupted round continues.
. "$(dirname "$0")/common.sh"

work=${ACCURACY_WORK:-${TMPDIR:-/tmp}/tuban-accuracy}
if [ -z "${TUBAN_TESTDATA:-}" ]; then
    say "**** TUBAN_TESTDATA is not set: nothing is measured on real imagery, and the document says so. Set it to the folder of test data. ****" >&2
fi
# Flags that stand twice count as they stand last.
exec go run ./scripts/accuracy -work "$work" "$@"
