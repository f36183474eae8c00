// Cabinets of our own making: stored, MSZIP, or LZX in blocks that are not compressed; with reserved fields, several
// folders, bytes behind the end, and whatever names a test wants.
#pragma once

#include <libdeflate.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"

namespace winnow::testing {

class CabinetBuilder {
 public:
  enum class Method : std::uint16_t { stored = 0, mszip = 1, lzx = 0x1503 };  // LZX with a window of 2 MiB

  explicit CabinetBuilder(Method method = Method::mszip) { folder(method); }

  // Files from here on are compressed together, by another method.
  CabinetBuilder& folder(Method method) {
    if (folders_.empty() || !folders_.back().data.empty()) folders_.push_back({method, {}});
    folders_.back().method = method;
    return *this;
  }
  // Name as it is to be stored: '\' between components.
  CabinetBuilder& file(const std::string& name, std::string_view content) {
    Bytes& data = folders_.back().data;
    files_.push_back({name, content.size(), data.size(), folders_.size() - 1});
    data.insert(data.end(), as_bytes(content).begin(), as_bytes(content).end());
    return *this;
  }
  CabinetBuilder& reserve(std::uint16_t header, std::uint8_t folder, std::uint8_t data) {
    reserved_header_ = header, reserved_folder_ = folder, reserved_data_ = data;
    return *this;
  }
  CabinetBuilder& flags(std::uint16_t flags) { return flags_ = flags, *this; }
  // A signature, say, behind what the header counts.
  CabinetBuilder& behind(std::string_view bytes) { return behind_ = bytes, *this; }

  [[nodiscard]] Bytes finish() const {
    const bool reserves = reserved_header_ + reserved_folder_ + reserved_data_ > 0;
    Bytes out;
    ByteWriter writer(out);
    writer.text("MSCF");
    writer.zeros(4 + 4 + 4 + 4 + 4);  // size at 8, first file at 16
    writer.le16(0x0103);
    writer.le16(static_cast<std::uint16_t>(folders_.size()));
    writer.le16(static_cast<std::uint16_t>(files_.size()));
    writer.le16(static_cast<std::uint16_t>(flags_ | (reserves ? 4 : 0)));
    writer.le32(7);
    if (reserves) {
      writer.le16(reserved_header_);
      writer.u8(reserved_folder_);
      writer.u8(reserved_data_);
      writer.zeros(reserved_header_);
    }
    std::vector<std::size_t> folder_at;
    for (const Folder& folder : folders_) {
      folder_at.push_back(out.size());
      writer.le32(0);
      writer.le16(static_cast<std::uint16_t>((folder.data.size() + kBlock - 1) / kBlock));
      writer.le16(static_cast<std::uint16_t>(folder.method));
      writer.zeros(reserved_folder_);
    }
    writer.put_le32_at(16, static_cast<std::uint32_t>(out.size()));
    for (const File& file : files_) write_file(writer, file);
    for (std::size_t i = 0; i < folders_.size(); ++i) {
      writer.put_le32_at(folder_at[i], static_cast<std::uint32_t>(out.size()));
      write_blocks(writer, folders_[i]);
    }
    writer.put_le32_at(8, static_cast<std::uint32_t>(out.size()));
    writer.text(behind_);
    return out;
  }

 private:
  static constexpr std::size_t kBlock = 32768;
  struct Folder {
    Method method;
    Bytes data;
  };
  struct File {
    std::string name;
    std::size_t size, at, folder;
  };

  static void write_file(ByteWriter& writer, const File& file) {
    writer.le32(static_cast<std::uint32_t>(file.size));
    writer.le32(static_cast<std::uint32_t>(file.at));
    writer.le16(static_cast<std::uint16_t>(file.folder));
    writer.le16(0x4F4F);  // 2019-10-15
    writer.le16(0x6E40);
    const bool is_utf8 = std::any_of(file.name.begin(), file.name.end(), [](char c) { return c < 0; });
    writer.le16(static_cast<std::uint16_t>(0x20 | (is_utf8 ? 0x80 : 0)));
    writer.text(file.name);
    writer.u8(0);
  }

  void write_blocks(ByteWriter& writer, const Folder& folder) const {
    for (std::size_t at = 0; at < folder.data.size(); at += kBlock) {
      const ByteView plain = ByteView(folder.data).subspan(at, std::min(kBlock, folder.data.size() - at));
      const Bytes packed = pack(folder, plain, at == 0);
      Bytes sizes;
      ByteWriter fields(sizes);
      fields.le16(static_cast<std::uint16_t>(packed.size()));
      fields.le16(static_cast<std::uint16_t>(plain.size()));
      fields.zeros(reserved_data_);
      writer.le32(checksum(sizes, checksum(packed, 0)));
      writer.bytes(sizes);
      writer.bytes(packed);
    }
  }
  static Bytes pack(const Folder& folder, ByteView plain, bool is_first) {
    Bytes packed;
    ByteWriter writer(packed);
    if (folder.method == Method::mszip) {
      writer.text("CK");
      writer.bytes(deflated(plain));
      return packed;
    }
    if (folder.method == Method::lzx && is_first) {
      // One bit "no x86 call translation", three "block as it is", 24 of its size, in words from the high bit down.
      const std::size_t head = 3u << 28 | folder.data.size() << 4;
      writer.le16(static_cast<std::uint16_t>(head >> 16));
      writer.le16(static_cast<std::uint16_t>(head));
      for (int i = 0; i < 3; ++i) writer.le32(1);  // the last three distances
    }
    writer.bytes(plain);
    if (folder.method == Method::lzx && plain.size() % 2 != 0) writer.u8(0);
    return packed;
  }
  static Bytes deflated(ByteView plain) {
    const std::unique_ptr<libdeflate_compressor, void (*)(libdeflate_compressor*)> compressor(
        libdeflate_alloc_compressor(9), libdeflate_free_compressor);
    Bytes out(libdeflate_deflate_compress_bound(compressor.get(), plain.size()));
    out.resize(libdeflate_deflate_compress(compressor.get(), plain.data(), plain.size(), out.data(), out.size()));
    return out;
  }
  // Words xored; what is left over counts from the high byte down.
  static std::uint32_t checksum(ByteView bytes, std::uint32_t sum) {
    while (bytes.size() >= 4) {
      sum ^= *read_le<std::uint32_t>(bytes, 0);
      bytes = bytes.subspan(4);
    }
    std::uint32_t rest = 0;
    for (const std::uint8_t byte : bytes) rest = rest << 8 | byte;
    return sum ^ rest;
  }

  std::vector<Folder> folders_;
  std::vector<File> files_;
  std::uint16_t reserved_header_ = 0, flags_ = 0;
  std::uint8_t reserved_folder_ = 0, reserved_data_ = 0;
  std::string behind_;
};

}  // namespace winnow::testing
