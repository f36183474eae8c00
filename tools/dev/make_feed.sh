#!/bin/bash
# Makes the open feed in build/feed/open with build/release/winnow, unless the one there is newer than everything it is
# made of: the program, the descriptions in packages/open/ and the installed libwine.
set -euo pipefail
cd "$(dirname "$0")/../.."
program=build/release/winnow
feed=build/feed/open
stamp=build/feed/open.stamp

is_current() {
  [ -f "$feed/index.xml" ] && [ -f "$stamp" ] || return 1
  [ -z "$(find "$program" packages/open /var/lib/dpkg/info -newer "$stamp" \
    \( -path 'build/*' -o -path 'packages/*' -o -name 'libwine*.list' \) -print -quit)" ]
}

if is_current; then
  echo "$feed is there"
  exit 0
fi
mkdir -p "$(dirname "$feed")"
"$program" feed open --output "$feed"
touch "$stamp"
