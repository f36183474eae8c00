#!/bin/bash
# Fetches the npm packages that FOLDER/package-lock.json pins, once for all build folders, and prints the path of their
# node_modules. What is there is not fetched again: then no network is needed. Runs at the same time wait for one another.
#   npm_packages.sh FOLDER
set -euo pipefail
[ $# -eq 1 ] || { echo "usage: npm_packages.sh FOLDER" >&2; exit 2; }
folder=$(realpath "$1")
cd "$(dirname "$0")/../.."
attempts=3

digest=$(cat "$folder/package.json" "$folder/package-lock.json" | sha256sum | cut -c1-16)
packages=$PWD/build/npm/$digest
mkdir -p build/npm
exec 9>"$packages.lock"
flock 9

fetch() {
  local attempt scratch=$packages.new
  for ((attempt = 1; attempt <= attempts; attempt++)); do
    rm -rf "$scratch"
    mkdir "$scratch"
    cp "$folder/package.json" "$folder/package-lock.json" "$scratch"
    # Install scripts would only fetch or check what npm itself has checked by its digest.
    if (cd "$scratch" && npm ci --ignore-scripts --no-audit --no-fund --prefer-offline >npm.log 2>&1 </dev/null); then
      mv "$scratch" "$packages"
      return
    fi
    [ $attempt -eq $attempts ] || sleep $((attempt * 2))
  done
  cat >&2 <<MESSAGE
cannot fetch the packages of $folder/package-lock.json: npm ci failed $attempts times
  note: the npm registry is needed once; npm says:
$(grep -i -m 4 '^npm err' "$scratch/npm.log" | sed 's/^/    /')
MESSAGE
  return 1
}

[ -d "$packages" ] || fetch
echo "$packages/node_modules"
