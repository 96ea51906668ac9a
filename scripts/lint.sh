#!/usr/bin/env bash
# Runs the pinned golangci-lint, building it into .tools the first time, and checks that cgo stays where it belongs.
# Arguments are passed on (scripts/lint.sh ./classify/...); without any, everything is examined.
. "$(dirname "$0")/common.sh"

version=v2.15.0
tool=.tools/golangci-lint-$version

if [ ! -x "$tool" ]; then
    say "lint: building golangci-lint $version (a minute or three, once)"
    mkdir -p .tools
    build=$(mktemp -d "$PWD/.tools/build.XXXXXX")
    trap 'rm -rf "$build"' EXIT
    GOBIN=$build GOFLAGS='' CGO_ENABLED=0 go install "github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$version"
    mv "$build/golangci-lint" "$tool"
fi

cgo=$(CGO_ENABLED=1 go list -f '{{if or .CgoFiles .CFiles}}  {{.ImportPath}}{{end}}' ./... | grep -Ev '/raster/(gdal|geos)$' || true)
[ -z "$cgo" ] || die "cgo lives in raster/gdal and raster/geos alone, but these use it:
$cgo"

if [ $# = 0 ]; then
    set -- ./...
fi
exec "$tool" run "$@"
