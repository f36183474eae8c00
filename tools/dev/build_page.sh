#!/bin/bash
# Bundles the page of the HTML reports (tools/size_analyzer/viewer) into one file.
#   build_page.sh OUTPUT
set -euo pipefail
[ $# -eq 1 ] || { echo "usage: build_page.sh OUTPUT" >&2; exit 2; }
output=$(realpath -m "$1")
cd "$(dirname "$0")/../.."
viewer=tools/size_analyzer/viewer
modules=$(tools/dev/npm_packages.sh $viewer)
node $viewer/bundle.mjs "$modules" "$output.new"
mv "$output.new" "$output"
