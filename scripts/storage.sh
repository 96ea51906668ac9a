#!/usr/bin/env bash
# Builds the pinned S3 server that tests and demonstrations run on loopback (versitygw, Apache-2.0), into .tools.
. "$(dirname "$0")/common.sh"

version=v1.8.0
tool=.tools/versitygw-$version

if [ ! -x "$tool" ]; then
    say "storage: building versitygw $version (a minute or three, once)" >&2
    mkdir -p .tools
    build=$(mktemp -d "$PWD/.tools/build.XXXXXX")
    trap 'rm -rf "$build"' EXIT
    GOBIN=$build GOFLAGS='' CGO_ENABLED=0 go install "github.com/versity/versitygw/cmd/versitygw@$version"
    mv "$build/versitygw" "$tool"
fi
say "$tool"
