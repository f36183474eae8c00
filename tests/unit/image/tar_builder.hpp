// Layer tars as tests want them, right or wrong: every field can be bent. Shares nothing with the layer writer.
#pragma once

#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include "base/bytes.hpp"

namespace winnow::test {

struct TarItem {
  std::string name;
  char type = '0';
  std::string content;
  std::string link;
  std::map<std::string, std::string> records;
  std::string magic{
      "ustar\0"
      "00",
      8};
  bool wrong_checksum = false;
};

inline std::string tar_block(const TarItem& item, std::size_t size) {
  std::string block(512, '\0');
  const auto octal = [&](std::size_t offset, int digits, unsigned long value) {
    std::snprintf(block.data() + offset, static_cast<std::size_t>(digits) + 1, "%0*lo", digits, value);
  };
  block.replace(0, std::min<std::size_t>(item.name.size(), 100), item.name, 0, 100);
  octal(100, 7, 0);
  octal(108, 7, 0);
  octal(116, 7, 0);
  octal(124, 11, size);
  octal(136, 11, 1'700'000'000);
  block[156] = item.type;
  block.replace(157, std::min<std::size_t>(item.link.size(), 100), item.link, 0, 100);
  block.replace(257, item.magic.size(), item.magic);
  block.replace(148, 8, "        ");
  unsigned long sum = item.wrong_checksum ? 1 : 0;
  for (const char c : block) sum += static_cast<unsigned char>(c);
  octal(148, 6, sum);
  return block;
}

inline std::string padded(std::string text) {
  text.resize((text.size() + 511) / 512 * 512);
  return text;
}

inline std::string pax_record(const std::string& key, const std::string& value) {
  const std::string rest = " " + key + "=" + value + "\n";
  std::size_t length = rest.size() + 1;
  while (std::to_string(length).size() + rest.size() != length) ++length;
  return std::to_string(length) + rest;
}

inline std::string tar_item(const TarItem& item) {
  std::string out;
  std::string records;
  for (const auto& [key, value] : item.records) records += pax_record(key, value);
  if (!records.empty()) {
    TarItem header{"PaxHeaders.0/x", 'x', "", "", {}};
    out += tar_block(header, records.size()) + padded(records);
  }
  return out + tar_block(item, item.content.size()) + padded(item.content);
}

inline std::string tar_of(const std::vector<TarItem>& items) {
  std::string out;
  for (const TarItem& item : items) out += tar_item(item);
  return out + std::string(1024, '\0');
}

}  // namespace winnow::test
