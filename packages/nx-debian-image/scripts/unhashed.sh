#!/bin/sh
# Prints what decides an image and is not in Nx's hash of the files that Nx sees: which files are executable, where symbolic links point,
# and the contents of files that git ignores. Other bits of a mode depend on the umask of the checkout, and no image takes them.
# usage: unhashed.sh FOLDER [PATH below it]...
set -eu
export LC_ALL=C
cd "$1"
shift
find "$@" \( -type f -perm -u+x -printf 'executable %p\n' \) -o \( -type l -printf 'link %p %l\n' \) | sort
git ls-files --others --ignored --exclude-standard -z -- "$@" 2>/dev/null | xargs --null --no-run-if-empty sha256sum
