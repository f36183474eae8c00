#!/bin/bash
# Builds the sample apps of tests/apps/ into build/apps/<name>/, one folder for each manifest of manifests/ that needs one.
# The same sources and compilers give the same bytes. Needs mingw, mono's C# compiler and what fetch_apps.sh fetched.
set -euo pipefail
cd "$(dirname "$0")/../.."
output=build/apps
compiler=(x86_64-w64-mingw32-gcc -std=c11 -O2 -Wall -Wextra -Werror -s -Wl,--no-insert-timestamp)

# compile SOURCE (without .c) FOLDER [library…]
compile() {
  local source=$1 folder=$2
  shift 2
  mkdir -p "$scratch/$folder"
  "${compiler[@]}" -o "$scratch/$folder/$(basename "$source").exe" "tests/apps/$source.c" "$@"
}

# hello.dll, compiled against the very framework it will run on.
compile_dotnet_hello() {
  local runtime=$output/dotnet-2.0.0-win-1.0.5.tgz framework=package/shared/Microsoft.NETCore.App/2.0.0 assembly
  local references=()
  for assembly in System.Private.CoreLib System.Runtime System.Console System.Linq \
    System.Runtime.InteropServices.RuntimeInformation; do
    references+=("-r:$scratch/$framework/$assembly.dll")
  done
  [ -f "$runtime" ] || { echo "cannot build dotnet-hello: $runtime is not there (tools/dev/fetch_apps.sh)" >&2; return 1; }
  mkdir -p "$scratch/dotnet-hello"
  tar -xzf "$runtime" -C "$scratch" "${references[@]#-r:$scratch/}"
  mcs -nologo -noconfig -nostdlib -target:exe "${references[@]}" -out:"$scratch/dotnet-hello/hello.dll" \
    tests/apps/dotnet_hello/hello.cs
  cp tests/apps/dotnet_hello/hello.runtimeconfig.json "$scratch/dotnet-hello/"
}

mkdir -p "$output"
scratch=$(mktemp -d "$output/.build.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
compile console_hello/console_hello console-hello
compile winsock_server/winsock_server winsock-server -lws2_32
compile registry_reader/registry_reader registry-reader
compile service_control/service_host service-control
compile service_control/service_control service-control
compile_dotnet_hello
for folder in console-hello winsock-server registry-reader service-control dotnet-hello; do
  rm -rf "${output:?}/$folder"
  mv "$scratch/$folder" "$output/$folder"
  echo "built $output/$folder: $(cd "$output/$folder" && echo *)"
done
