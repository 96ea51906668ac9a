#!/usr/bin/env bash
# The long run, for a night or a weekend: every fuzz target for SOAK_FUZZTIME (5m), and every property test with
# SOAK_CHECKS (20000) cases. A failure leaves its case under testdata/ of its package.
. "$(dirname "$0")/common.sh"

packages=$(go list -f '{{$p := .ImportPath}}{{range .TestImports}}{{$p}} {{.}}{{"\n"}}{{end}}{{range .XTestImports}}{{$p}} {{.}}{{"\n"}}{{end}}' ./... |
    awk '$2 == "pgregory.net/rapid" {print $1}' | sort -u)
[ -n "$packages" ] || die "no package has property tests"

failed=0
say "==== property tests, ${SOAK_CHECKS:-20000} cases each"
# shellcheck disable=SC2086  # one word per package
go test -count 1 -timeout 0 $packages -rapid.checks="${SOAK_CHECKS:-20000}" || failed=1
say "==== fuzz targets, ${SOAK_FUZZTIME:-5m} each"
FUZZTIME=${SOAK_FUZZTIME:-5m} scripts/fuzz.sh || failed=1
exit $failed
