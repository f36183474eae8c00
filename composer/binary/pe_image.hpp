// A PE file as the loader would map it: headers, section table, and checked reads by RVA. What the tables mean is left
// to the readers built on it (pe_imports, pe_exports, pe_resources, clr_metadata).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "formats/pe.hpp"

namespace winnow {

struct DataDirectory {
  std::uint32_t rva = 0;  // 0 = absent
  std::uint32_t size = 0;
};

// Addresses [rva, rva + size) hold `raw`, then zeros.
struct PeSection {
  std::string name;
  std::uint32_t rva = 0;
  std::uint64_t size = 0;  // in memory, never less than raw.size()
  ByteView raw;            // into the file
};

// The longest name taken from any table; C++ decorated names end at 4,096 characters.
inline constexpr std::size_t kMaxPeNameLength = 4096;

class PeImage {
 public:
  PeImage() = default;
  // The bytes must outlive the object. Error: "cannot read PE file <name>: <reason>".
  [[nodiscard]] static Result<PeImage> parse(ByteView bytes, const std::string& name);

  [[nodiscard]] ByteView bytes() const { return bytes_; }
  [[nodiscard]] std::uint16_t machine() const { return machine_; }
  [[nodiscard]] std::uint16_t characteristics() const { return characteristics_; }
  [[nodiscard]] bool is_64_bit() const { return is_64_bit_; }
  [[nodiscard]] std::uint64_t image_base() const { return image_base_; }
  [[nodiscard]] const std::vector<PeSection>& sections() const { return sections_; }
  [[nodiscard]] DataDirectory directory(pe::Directory index) const;
  [[nodiscard]] const PeSection* find_section(std::string_view name) const;

  // The file's bytes from `rva` to the end of its section's raw data (empty in the zeros behind it); nothing when no
  // section holds `rva`.
  [[nodiscard]] std::optional<ByteView> bytes_from(std::uint64_t rva) const;
  // `what` names the field in errors: "<what> lies outside the file (RVA 0x…)".
  [[nodiscard]] Result<ByteView> bytes_at(std::uint64_t rva, std::uint64_t count, std::string_view what) const;
  [[nodiscard]] Result<std::uint16_t> le16_at(std::uint64_t rva, std::string_view what) const;
  [[nodiscard]] Result<std::uint32_t> le32_at(std::uint64_t rva, std::string_view what) const;
  [[nodiscard]] Result<std::uint64_t> le64_at(std::uint64_t rva, std::string_view what) const;
  // NUL-terminated UTF-8 without control characters, at most kMaxPeNameLength bytes.
  [[nodiscard]] Result<std::string> name_at(std::uint64_t rva, std::string_view what) const;

  // "cannot read PE file <name>: <reason>", ready to return.
  [[nodiscard]] tl::unexpected<Error> broken(std::string_view reason) const;

 private:
  struct Mapped {
    ByteView raw;
    std::uint64_t zeros = 0;
  };
  [[nodiscard]] std::optional<Mapped> map(std::uint64_t rva) const;
  template <class T>
  [[nodiscard]] Result<T> number_at(std::uint64_t rva, std::string_view what) const;
  [[nodiscard]] tl::unexpected<Error> outside(std::uint64_t rva, std::string_view what) const;

  [[nodiscard]] Result<void> read_headers();
  [[nodiscard]] Result<void> read_optional_header(std::size_t offset, std::size_t size);
  [[nodiscard]] Result<void> read_sections(std::size_t offset, std::size_t count);
  [[nodiscard]] std::string section_name(ByteView header) const;

  ByteView bytes_;
  std::string name_;
  std::uint16_t machine_ = 0;
  std::uint16_t characteristics_ = 0;
  bool is_64_bit_ = false;
  std::uint64_t image_base_ = 0;
  ByteView headers_;           // mapped at RVA 0
  std::uint64_t strings_ = 0;  // file offset of the COFF string table, 0 = none
  std::array<DataDirectory, pe::kMaxDirectories> directories_{};
  std::vector<PeSection> sections_;
};

}  // namespace winnow
