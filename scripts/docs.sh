#!/usr/bin/env bash
# Checks that the documents keep up with the code: links lead somewhere, and each field, key and kind is described.
. "$(dirname "$0")/common.sh"

failed=0
bad() {
    say "docs: $*"
    failed=1
}

# Relative links and pictures of every document.
for doc in *.md docs/*.md; do
    while read -r link; do
        [ -e "$(dirname "$doc")/$link" ] || bad "$doc: there is no $link"
    done < <(grep -oE '\]\([^)#: ]+' "$doc" | sed 's/^](//' | sort -u)
done

# every says that each name found in the source files is in the document, in backquotes.
every() {
    local doc=$1 what=$2 names=$3 name
    [ -n "$names" ] || bad "found no $what in the source: has it moved? Then scripts/docs.sh must follow"
    for name in $names; do
        grep -qE "\`$name\`" "$doc" || bad "$doc: $what $name is not described"
    done
}
fields=$(grep -ohE '\b(text|square|degrees)\("[A-Za-z_0-9]+"|\{Name: "[A-Za-z_0-9]+", Type: vector' pipeline/fields.go pipeline/product.go pipeline/*columns.go pipeline/*tables.go |
    grep -oE '"[^"]+"' | tr -d '"' | sort -u)
every docs/product.md field "$fields"
every docs/product.md layer "$(grep -ohE 'patchTable\("[a-z_]+"|^		Name: "[a-z_]+", Title' pipeline/product.go pipeline/*tables.go pipeline/tracking.go pipeline/watch*.go | grep -oE '"[^"]+"' | tr -d '"')"
every docs/runfile.md key "$(grep -ohE 'yaml:"[a-z_]+"' pipeline/runfile/runfile.go | cut -d'"' -f2 | sort -u)"
every docs/rules.md key "$(grep -ohE 'yaml:"[a-z_]+"' classify/rules/*.go | cut -d'"' -f2 | sort -u)"
exit $failed
