#!/bin/bash
# judge_disk.sh IMAGE TREE [RAW]: programs of others judge a finished disk (raw, VHD, VHDX, or a bare NTFS volume): the
# container, the partition table, the NTFS and FAT volumes, every file on them. Needs no root and mounts nothing.
#   TREE   what the NTFS volume must hold: a folder, or a tree text that lists every file (winnow inspect shows hives as
#          registry lines, not as files: take a folder that winnow extract made)
#   RAW    the same disk as a raw file, to be compared with
# Prints one line per judge: "ok NAME", "skip NAME (…)", "FAILED NAME" with what it said. A judge fails on its exit code, on
# any complaint, and when what it read is not TREE.
# Exit code: 0 when no judge refuses, 77 when none is installed, 1 otherwise. With WINNOW_TEST_PREREQUISITES=required a
# judge that is not installed fails; the kernel of ../shared is used where it is there. WINNOW_JUDGES is an extended regular
# expression of judges to hear; all by default.
set -euo pipefail

if [ $# -lt 2 ] || [ $# -gt 3 ]; then
  echo "usage: $0 IMAGE TREE [RAW]" >&2
  exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
kernel=${WINNOW_NTFS3_KERNEL:-$here/../../../shared/tools/uml-ntfs3}
image=$(realpath "$1")
tree=$(realpath "$2")
raw=${3:+$(realpath "$3")}
export LC_ALL=C.UTF-8 PATH=$PATH:/usr/sbin:/sbin
work=$(mktemp -d)
trap 'chmod -R u+rwX "$work"; rm -rf "$work"' EXIT

ran=0
failed=0

missing() {
  if [ "${WINNOW_TEST_PREREQUISITES:-}" = required ]; then
    echo "FAILED $1 ($2 is not installed)"
    failed=1
  else
    echo "skip $1 ($2 is not installed)"
  fi
}

# judge NAME PROGRAM FUNCTION: runs FUNCTION in a subshell that stops at the first command that fails.
judge() {
  if ! grep -qE "${WINNOW_JUDGES:-.}" <<<"$1"; then return; fi
  if ! command -v "$2" >"$work/which"; then
    missing "$1" "$2"
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
    tail -n 25 "$work/log" | cut -c1-300 | sed 's/^/  /'
    failed=1
  fi
}

# run SILENCE PROGRAM…: its standard output goes to $work/out; fails on its exit code and on every line of its standard
# error that the extended regular expression SILENCE does not match whole.
run() {
  local silence=$1 code=0
  shift
  "$@" >"$work/out" 2>"$work/err" </dev/null || code=$?
  if [ $code -ne 0 ]; then
    tr '\r' '\n' <"$work/out" | tail -n 15
    cat "$work/err"
    echo "$1: exit code $code"
    return 1
  fi
  if grep -vxE "${silence:-no line is silent}" "$work/err"; then
    echo "$1 complains"
    return 1
  fi
}
# says TEXT: the last program printed it; says_not PATTERN: no line of what it printed matches.
says() { grep -qF "$1" "$work/out" || { tr '\r' '\n' <"$work/out" | tail -n 15; echo "does not say \"$1\""; return 1; }; }
says_not() { if tr '\r' '\n' <"$work/out" | grep -iE "$1"; then return 1; fi; }
# has_text FILE OFFSET TEXT
has_text() { [ "$(tail -c "+$(($2 + 1))" "$1" | head -c ${#3} | tr '\0' ' ')" = "$3" ]; }
files() { python3 -B "$here/disk_files.py" "$@"; }

# Containers.
format_of() {
  if has_text "$1" 0 vhdxfile; then
    echo vhdx
  elif has_text "$1" $(($(stat -c %s "$1") - 512)) conectix; then
    echo vpc
  else
    echo raw
  fi
}

qemu_container() {
  run "" qemu-img info -f "$format" "$image"
  says_not "corrupt|error"
  # There is no check for VHD: reading it whole is one.
  if [ "$format" = vhdx ]; then
    run "" qemu-img check -f vhdx "$image"
    says "No errors were found on the image."
  fi
  if [ -n "$raw" ]; then
    run "" qemu-img compare -f "$format" -F raw "$image" "$raw"
    says "Images are identical."
    says_not "mismatch"
  fi
}

vhdi_container() {
  run "" vhdiinfo "$image"
  says "($(stat -c %s "$work/disk.raw") bytes)"
  says_not "corrupt|unable"
}

seven_zip_container() {
  local type=VHDX
  if [ "$format" = vpc ]; then type=VHD; fi
  run "" 7z l "-t$type" "$image"
  says_not "errors?|warnings?"
  says "Type = $type"
}

# The partition table.
is_gpt() { has_text "$work/disk.raw" 512 "EFI PART"; }

gpt_table() {
  run "" sgdisk -v "$work/disk.raw"
  says "No problems found."
  says_not "warning|caution|error"
}

# NTFS.
ntfs_boot() {
  run "" ntfsfix -n "$ntfs"
  says "was processed successfully."
  says "Checking the alternate boot sector... OK"
  says_not "fail|differ|corrupt"
}
ntfs_information() {
  run "" ntfsinfo -m "$ntfs"
  says "Volume Flags: 0x0000"
  says "Volume Version: 3.1"
}
ntfs_clusters() {
  run "" ntfsresize -i "$ntfs"
  says "Collecting resizing constraints"
  says_not "error|warning|corrupt|inconsist|mismatch"
}
ntfs_metadata_clone() {
  run "ntfsclone v.*" ntfsclone --metadata --overwrite "$work/metadata.img" "$ntfs"
  says "Syncing"
  says_not "error|warning|corrupt|inconsist|mismatch|differ"
}
ntfs_usage() {
  run "" ntfscluster -i "$ntfs"
  says_not "error|corrupt"
}
ntfs_listing() {
  run "" ntfsls -R "$ntfs"
  files names "$work/expected" ntfsls "$work/out"
}
ntfs_security() {
  # As root its last words go to standard error too.
  run '"[^"]*" (opened read-only|closed)|No errors were found|' ntfssecaudit -a "$ntfs"
  says "No errors were found"
}
seven_zip_ntfs() {
  run "" 7z x -tntfs "-o$work/7z" -y "$ntfs"
  says "Everything is Ok"
  files folder "$work/expected" "$work/7z"
}
sleuthkit_listing() {
  run "" fls -r -p -f ntfs "$ntfs"
  files names "$work/expected" fls "$work/out"
}
sleuthkit_content() {
  run "" tsk_recover -a -f ntfs "$ntfs" "$work/tsk"
  files folder "$work/expected" "$work/tsk" empty,folders
}
libfsntfs_listing() {
  run "" fsntfsinfo -H "$ntfs"
  says_not "unable to|corrupt"
  files names "$work/expected" fsntfsinfo "$work/out"
}
wimlib_capture() {
  run "" wimlib-imagex capture "$ntfs" "$work/volume.wim" judged --compress=none --check --quiet
  run "" wimlib-imagex verify "$work/volume.wim" --quiet
  run '|.*Ignoring (DOS|Windows NT|security|file|short|object|named|FILE_ATTRIBUTE|Windows file|extended).*' \
    wimlib-imagex apply "$work/volume.wim" 1 "$work/wim" --quiet
  files folder "$work/expected" "$work/wim"
}

# ntfs3 MODE VOLUME: the kernel's own driver, in a kernel of its own.
ntfs3() {
  local results=$work/ntfs3-$1 letter=r
  mkdir "$results"
  if [ "$1" = write ]; then letter=; fi
  HOME=$results timeout 120 "$kernel" mem=512M "ubd0$letter=$2" root=none rootfstype=hostfs rootflags=/ rw \
    "init=$here/ntfs3_init.sh" con0=fd:0,fd:1 con=none ssl=none quiet "judge_mode=$1" "judge_out=$results" \
    </dev/null >"$results/console" 2>&1 || true
  if [ ! -e "$results/done" ]; then
    tail -n 15 "$results/console"
    return 1
  fi
  if [ -s "$results/complaints" ]; then
    cat "$results/complaints"
    return 1
  fi
}
ntfs3_reading() {
  ntfs3 read "$ntfs"
  files sums "$work/expected" "$work/ntfs3-read/sums"
}
ntfs3_writing() {
  cp --sparse=always "$ntfs" "$work/written.img"
  ntfs3 write "$work/written.img"
  # 16 files and "large", one of them renamed, one removed.
  echo "written: $(cat "$work/ntfs3-write/written")"
  [ "$(wc -w <"$work/ntfs3-write/written")" -eq 17 ]
  ntfs=$work/written.img
  ntfs_clusters
  ntfs_metadata_clone
  run "" 7z x -tntfs "-o$work/7z-written" -y "$ntfs"
  rm -r "$work/7z-written/written"
  files folder "$work/expected" "$work/7z-written"
}
free_clusters() { ntfsinfo -m "$ntfs" 2>"$work/err" | sed -n 's/.*Free Clusters: \([0-9]*\).*/\1/p'; }

# FAT.
fat_check() {
  run "" fsck.fat -n "$fat"
  cat "$work/out"
  if grep -vE '^fsck\.fat [0-9]|: [0-9]+ files, [0-9]+/[0-9]+ clusters$' "$work/out"; then return 1; fi
}
fat_listing() {
  run "" fls -r -p -f fat32 "$fat"
  run "" 7z x -tfat "-o$work/fat" -y "$fat"
  says "Everything is Ok"
}

# BCD stores, where there are any.
bcd_stores() {
  local store
  for store in "$work/BCD.fat" "$work/wim/Boot/BCD"; do
    if [ -e "$store" ]; then
      run "" hivexml "$store"
      says "Objects"
    fi
  done
}
has_bcd() { [ -e "$work/BCD.fat" ] || [ -e "$work/wim/Boot/BCD" ]; }

# The disk as a raw file, and each of its volumes as a file of its own: sleuthkit finds them, dd cuts them out.
take_apart() {
  if [ "$format" = raw ]; then
    ln -s "$image" "$work/disk.raw"
  else
    qemu-img convert -f "$format" -O raw "$image" "$work/disk.raw"
  fi
  ntfs= fat=
  if has_text "$work/disk.raw" 3 "NTFS    "; then
    ntfs=$work/disk.raw
    return
  fi
  local start length volume
  mmls -a "$work/disk.raw" >"$work/partitions"
  while read -r start length; do
    volume=$work/volume$start
    dd if="$work/disk.raw" of="$volume" bs=1M iflag=skip_bytes,count_bytes skip=$((10#$start * 512)) \
      count=$((10#$length * 512)) conv=sparse status=none
    truncate -s $((10#$length * 512)) "$volume"
    if has_text "$volume" 3 "NTFS    "; then
      ntfs=$volume
    elif has_text "$volume" 82 FAT32; then
      fat=$volume
    fi
  done < <(sed -nE 's/^[0-9]{3}: +[0-9:]+ +([0-9]{10}) +[0-9]{10} +([0-9]{10}) .*/\1 \2/p' "$work/partitions")
}

format=$(format_of "$image")
if ! command -v qemu-img >"$work/which" || ! command -v mmls >"$work/which"; then
  missing "every judge" "qemu-img or mmls"
  [ $failed -eq 0 ] && exit 77 || exit 1
fi
take_apart 2>"$work/log" || { echo "FAILED to take $image apart"; cat "$work/log" "$work/partitions"; exit 1; }
if [ -z "$ntfs" ]; then
  echo "FAILED to find an NTFS volume on $image"
  exit 1
fi
files expect "$tree" >"$work/expected"

judge "qemu-img, $format" qemu-img qemu_container
if [ "$format" != raw ]; then
  judge "vhdiinfo" vhdiinfo vhdi_container
  judge "7z, container" 7z seven_zip_container
fi
if is_gpt; then judge "sgdisk" sgdisk gpt_table; fi
judge "ntfsfix, boot sectors and mirror" ntfsfix ntfs_boot
judge "ntfsinfo" ntfsinfo ntfs_information
judge "ntfsresize, cluster accounting" ntfsresize ntfs_clusters
judge "ntfsclone, metadata" ntfsclone ntfs_metadata_clone
judge "ntfscluster, usage" ntfscluster ntfs_usage
judge "ntfsls, every name" ntfsls ntfs_listing
judge "ntfssecaudit" ntfssecaudit ntfs_security
judge "7z, every file" 7z seven_zip_ntfs
judge "fls, every name" fls sleuthkit_listing
judge "tsk_recover, every file" tsk_recover sleuthkit_content
judge "fsntfsinfo, every name" fsntfsinfo libfsntfs_listing
judge "wimlib, every file" wimlib-imagex wimlib_capture
if [ -n "$fat" ]; then
  judge "fsck.fat" fsck.fat fat_check
  judge "fls and 7z, FAT volume" fls fat_listing
  mcopy -n -i "$fat" ::/EFI/Microsoft/Boot/BCD "$work/BCD.fat" 2>"$work/err" || true
fi
if has_bcd; then judge "hivexml, BCD" hivexml bcd_stores; fi
if [ -x "$kernel" ] && command -v busybox >"$work/which"; then
  judge "kernel ntfs3, every file" "$kernel" ntfs3_reading
  if [ "$(free_clusters)" -ge 256 ]; then
    judge "kernel ntfs3, a writing mount" "$kernel" ntfs3_writing
  else
    echo "skip kernel ntfs3, a writing mount (fewer than 256 clusters are free)"
  fi
else
  echo "skip kernel ntfs3 ($kernel or busybox is not there)"
fi

if [ $ran -eq 0 ]; then exit 77; fi
exit $failed
