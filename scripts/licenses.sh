#!/usr/bin/env bash
# Gathers the licences of what a binary is built of: Go itself and each module in it.
#
#   scripts/licenses.sh bin/tuban FOLDER
. "$(dirname "$0")/common.sh"

[ $# = 2 ] || die "give a binary and a folder"
binary=$1
to=$2

# keep copies the licence files of a folder.
keep() {
    local from=$1 name=$2 file found=
    mkdir -p "$to/$name"
    for file in "$from"/*; do
        case ${file##*/} in
        *LICENSE* | *LICENCE* | COPYING* | COPYRIGHT* | NOTICE* | PATENTS* | License* | license*)
            if [ -d "$file" ]; then
                # Licences of code that the module took over, a file each.
                mkdir -p "$to/$name/${file##*/}"
                install -m 644 "$file"/* "$to/$name/${file##*/}/"
            else
                install -m 644 "$file" "$to/$name/"
                found=1
            fi
            ;;
        esac
    done
    if [ -z "$found" ]; then
        say "licenses: $name comes without a licence file"
        say "This module comes without a licence file: see https://pkg.go.dev/$name" >"$to/$name/NONE"
    fi
}

keep "$(go env GOROOT)" go
modules=$(go version -m "$binary" | awk '$1 == "dep" {print $2}')
[ -n "$modules" ] || die "$binary names no modules: is it built by go build?"
# shellcheck disable=SC2086  # one word per module
while read -r path version dir; do
    [ -n "$dir" ] || die "$path $version is not in the module cache: go mod download"
    keep "$dir" "$path@$version"
done < <(go list -m -f '{{.Path}} {{.Version}} {{.Dir}}' $modules)
