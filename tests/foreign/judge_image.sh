#!/bin/bash
# judge_image.sh IMAGE.tar LAYOUT_DIR: programs of others judge an image that winnow composed, once as a hybrid archive and
# once as an OCI layout folder. Prints one line per judge: "ok NAME", "skip NAME (…)", "FAILED NAME" with what it said.
# Exit code: 0 when no judge refuses, 77 when none is installed, 1 otherwise.
set -euo pipefail

if [ $# -ne 2 ]; then
  echo "usage: $0 IMAGE.tar LAYOUT_DIR" >&2
  exit 2
fi
archive=$(realpath "$1")
layout=$(realpath "$2")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

ran=0
failed=0

# judge NAME PROGRAM FUNCTION: runs FUNCTION in a subshell that stops at the first command that fails.
judge() {
  if ! command -v "$2" >"$work/which"; then
    echo "skip $1 ($2 is not installed)"
    return
  fi
  ran=$((ran + 1))
  set +e
  (set -e; "$3") >"$work/log" 2>&1
  local code=$?
  set -e
  if [ $code -eq 0 ]; then
    echo "ok $1"
  else
    echo "FAILED $1"
    sed 's/^/  /' "$work/log"
    failed=1
  fi
}

# json FILE EXPRESSION: a value of a document, `d` being the document.
json() { python3 -c 'import json, sys; d = json.load(open(sys.argv[1])); print(eval(sys.argv[2]))' "$1" "$2"; }
blob() { echo "$layout/blobs/sha256/${1#sha256:}"; }

skopeo_for_windows() { skopeo --insecure-policy --override-os windows "$@"; }

# same_os_version TRANSPORT:IMAGE: the config read from there states the os.version of our index.
same_os_version() {
  skopeo_for_windows inspect --config --raw ${tls:-} "$1" >"$work/config.json"
  echo "os.version: $(json "$work/config.json" 'd["os.version"]'), expected $os_version"
  [ "$(json "$work/config.json" 'd["os.version"]')" = "$os_version" ]
  skopeo_for_windows inspect ${tls:-} "$1"
}

skopeo_layout() { same_os_version "oci:$layout"; }
skopeo_oci_archive() { same_os_version "oci-archive:$archive"; }
skopeo_docker_archive() { same_os_version "docker-archive:$archive"; }

skopeo_copy() {
  skopeo_for_windows copy "oci-archive:$archive" "dir:$work/copied"
  same_os_version "dir:$work/copied"
  skopeo_for_windows copy "docker-archive:$archive" "oci:$work/copied-layout:1"
  same_os_version "oci:$work/copied-layout:1"
}

gnu_tar() {
  tar -tvf "$archive"
  tar -tvf "$layer" >"$work/list" 2>"$work/warnings"
  head -5 "$work/list"
  # It tells of each keyword it does not know, and must tell of nothing else.
  if grep -v "Ignoring unknown extended header keyword" "$work/warnings"; then return 1; fi
  [ "$(wc -l <"$work/list")" -gt 5 ]
}

hivex_hives() {
  local name
  for name in DEFAULT SAM SECURITY SOFTWARE SYSTEM; do
    tar -xOf "$layer" "Files/Windows/System32/config/$name" >"$work/$name" 2>"$work/warnings"
    hivexml "$work/$name" >"$work/$name.xml"
    echo "$name: $(wc -c <"$work/$name.xml") bytes of XML"
  done
  hivexget "$work/SOFTWARE" 'Microsoft\Windows NT\CurrentVersion' CurrentBuildNumber >"$work/build"
  echo "CurrentBuildNumber: $(cat "$work/build")"
  [ "$(cut -d. -f3 <<<"$os_version")" = "$(cat "$work/build")" ]
}

registry_round_trip() {
  local try registry address=
  mkdir "$work/registry"
  cat >"$work/registry.yml" <<END
version: 0.1
log: {level: info, formatter: json}
storage: {filesystem: {rootdirectory: $work/registry}}
http: {addr: "127.0.0.1:0"}
END
  docker-registry serve "$work/registry.yml" >"$work/registry.log" 2>&1 &
  registry=$!
  # Of the subshell that judge() runs this in; expanded now, because the local is gone by then.
  trap "kill $registry; wait $registry || true" EXIT
  for try in $(seq 100); do
    address=$(grep -o 'listening on 127\.0\.0\.1:[0-9]*' "$work/registry.log" | grep -o '127.*' || true)
    if [ -n "$address" ]; then break; fi
    sleep 0.1
  done
  cat "$work/registry.log"
  [ -n "$address" ]
  skopeo_for_windows copy --dest-tls-verify=false "oci:$layout" "docker://$address/winnow/judged:1"
  tls=--tls-verify=false same_os_version "docker://$address/winnow/judged:1"
  skopeo_for_windows copy --src-tls-verify=false "docker://$address/winnow/judged:1" "oci:$work/pulled:1"
  same_os_version "oci:$work/pulled:1"
}

os_version=$(json "$layout/index.json" 'd["manifests"][0]["platform"]["os.version"]')
manifest=$(blob "$(json "$layout/index.json" 'd["manifests"][0]["digest"]')")
stored_layer=$(blob "$(json "$manifest" 'd["layers"][0]["digest"]')")
layer=$work/layer.tar
case $(json "$manifest" 'd["layers"][0]["mediaType"]') in
  *+gzip) gzip -dc <"$stored_layer" >"$layer" ;;
  *+zstd) zstd -qdc <"$stored_layer" >"$layer" ;;
  *) ln -s "$stored_layer" "$layer" ;;
esac

judge "skopeo, OCI layout" skopeo skopeo_layout
judge "skopeo, OCI archive" skopeo skopeo_oci_archive
judge "skopeo, docker archive" skopeo skopeo_docker_archive
judge "skopeo, copies" skopeo skopeo_copy
judge "GNU tar" tar gnu_tar
judge "hivex, five hives" hivexml hivex_hives
if command -v skopeo >"$work/which"; then
  judge "docker-registry, round trip" docker-registry registry_round_trip
else
  echo "skip docker-registry, round trip (skopeo is not installed)"
fi

if [ $ran -eq 0 ]; then exit 77; fi
exit $failed
