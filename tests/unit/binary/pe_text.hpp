// What a PE reader returned, as text that a test compares whole.
#pragma once

#include <string>
#include <vector>

#include "base/error.hpp"
#include "binary/pe_file.hpp"

namespace winnow::testing {

// "KERNEL32.dll: ExitProcess #7\n" per module.
inline std::string to_text(const Result<std::vector<ImportedModule>>& modules) {
  if (!modules) return to_string(modules.error());
  std::string text;
  for (const ImportedModule& module : *modules) {
    text += module.name + ":";
    for (const std::string& function : module.functions) text += " " + function;
    text += "\n";
  }
  return text;
}

// "2 Alpha -> NTDLL.RtlAllocateHeap\n" per symbol.
inline std::string to_text(const Result<std::vector<ExportedSymbol>>& symbols) {
  if (!symbols) return to_string(symbols.error());
  std::string text;
  for (const ExportedSymbol& symbol : *symbols) {
    text += std::to_string(symbol.ordinal) + " " + symbol.name;
    if (!symbol.forwarder.empty()) text += " -> " + symbol.forwarder;
    text += "\n";
  }
  return text;
}

// "#16 #1 1033: 52 bytes\n" per resource.
inline std::string to_text(const Result<std::vector<Resource>>& resources) {
  if (!resources) return to_string(resources.error());
  std::string text;
  for (const Resource& resource : *resources) {
    text += resource.type + " " + resource.name + " " + std::to_string(resource.language) + ": " +
            std::to_string(resource.data.size()) + " bytes\n";
  }
  return text;
}

template <class T>
std::string error_text(const Result<T>& result) {
  return result ? "no error" : to_string(result.error());
}

}  // namespace winnow::testing
