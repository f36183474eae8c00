#!/bin/bash
# Installs what winnow is built, tested and run with, from Debian 12's own packages. Safe to call again: when nothing is
# missing it asks dpkg once and touches neither apt nor the network.
#   install_deps.sh [build|all]   build = enough to build winnow, make the open feed and run an image; all (default) =
#                                 also what the tests and their judges need
set -euo pipefail
cd "$(dirname "$0")/../.."

compiler=(g++ cmake ninja-build pkg-config ccache git ca-certificates python3)
libraries=(libarchive-dev libtinyxml2-dev libcli11-dev libspdlog-dev libfmt-dev libexpected-dev nlohmann-json3-dev
  libssl-dev zlib1g-dev libdeflate-dev libzstd-dev libhivex-dev libwim-dev libvhdi-dev libfsntfs-dev libbfio-dev
  libudfread-dev libsqlite3-dev libcadical-dev coinor-libcbc-dev libgtest-dev libgmock-dev librapidcheck-dev)
# The userland that becomes the open feed, the loader that runs it, and the tools that strip and compile for it.
userland=(libwine wine64 binutils-mingw-w64-x86-64 gcc-mingw-w64-x86-64-win32)
checks=(clang-format clang-tidy libxml2-utils python3-jsonschema libhivex-bin skopeo docker-registry zstd mono-mcs)
# Other solvers, which judge ours; libsolv is what package tools use today.
solvers=(clasp gringo mccs coinor-cbc libsolv-dev libsolvext-dev)
# What opens the HTML reports.
browser=(chromium)
# Judges of disks, file systems and WIM files; firmware that boots them.
disks=(qemu-utils libvhdi-utils libfsntfs-utils ntfs-3g sleuthkit gdisk dosfstools mtools wimtools p7zip-full faketime
  genisoimage busybox-static qemu-system-x86 ovmf systemd-boot-efi grub-efi-amd64-bin grub-common)

packages=("${compiler[@]}" "${libraries[@]}" "${userland[@]}")
case "${1:-all}" in
  build) ;;
  all) packages+=("${checks[@]}" "${browser[@]}" "${solvers[@]}" "${disks[@]}") ;;
  *) echo "usage: install_deps.sh [build|all]" >&2; exit 2 ;;
esac
# npm bundles the HTML page and fetches the sample apps. An npm that did not come from Debian does as well, and Debian's would
# conflict with it.
command -v npm >/dev/null || packages+=(npm)

# "ii name" or "hi name": the second letter is the state, the first only what the administrator wants.
installed=$(dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' "${packages[@]}" 2>/dev/null |
  sed -n 's/^.i. *//p' || true)
missing=()
for package in "${packages[@]}"; do
  grep -qx "$package" <<<"$installed" || missing+=("$package")
done
if [ ${#missing[@]} -eq 0 ]; then
  echo "all ${#packages[@]} packages are installed"
  exit 0
fi

as_root=()
[ "$(id -u)" -eq 0 ] || as_root=(sudo)
echo "installing ${#missing[@]} of ${#packages[@]} packages: ${missing[*]}"
apt_options=(-o Acquire::Retries=3 -o DPkg::Lock::Timeout=300)
"${as_root[@]}" apt-get "${apt_options[@]}" update -q
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
  apt-get "${apt_options[@]}" install -q -y --no-install-recommends "${missing[@]}" </dev/null
