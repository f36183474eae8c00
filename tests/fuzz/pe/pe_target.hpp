// Everything the binary module does with hostile bytes, in one call: for the fuzzer and for the replay of its corpus.
#pragma once

#include "binary/api_set.hpp"
#include "binary/binary_needs.hpp"
#include "binary/pe_file.hpp"

namespace winnow::testing {

// Reads `bytes` as a PE file, as an API-set schema and as a binary with needs. How many of the readings succeeded.
inline int read_everything(ByteView bytes) {
  int good = ApiSetSchema::parse(bytes, "input").has_value();
  good += looks_like_pe(bytes);
  good += read_binary_needs(bytes, "input", {"kernel32.dll", "ws2_32.dll", "winspool.drv"}).has_value();
  const auto file = PeFile::parse(bytes, "input");
  if (!file) return good;
  good += file->imports().has_value();
  good += file->delay_imports().has_value();
  good += file->exports().has_value();
  good += file->resources().has_value();
  good += file->version_info().has_value();
  good += file->embedded_manifest().has_value();
  good += file->platform_invoke_modules().has_value();
  if (const auto section = file->section(".apiset")) good += ApiSetSchema::parse(*section, "input").has_value();
  return good;
}

}  // namespace winnow::testing
