#!/usr/bin/env bash
# Writes the assembly of classify/kernel anew; "scripts/generate.sh check" only says whether what is committed is what
# the generator writes. The generator is a module of its own (classify/kernel/asm).
. "$(dirname "$0")/common.sh"

package=classify/kernel
case ${1:-} in
"") go generate "./$package" ;;
check)
    # The generator writes beside its own folder, so a copy of it writes into the copy's parent.
    copy=$(mktemp -d)
    trap 'rm -rf "$copy"' EXIT
    cp -r "$package/asm" "$copy/"
    sed -n 's/^\/\/go:generate //p' "$package/doc.go" >"$copy/command"
    (cd "$copy" && bash -e command)
    (cd "$copy/asm" && go vet ./...)
    for file in "$copy"/rows_*; do
        diff -u "$package/${file##*/}" "$file" || die "$package/${file##*/} is not what classify/kernel/asm writes: run scripts/generate.sh"
    done
    say "generate: the assembly is what its generator writes"
    ;;
*) die "what is \"$1\"? Either nothing or check" ;;
esac
