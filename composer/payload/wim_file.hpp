// A WIM or ESD file (one part) wherever its bytes are: its images as lists of files. Headers and folders are read here,
// since libwim opens nothing but files of the host; libwim decompresses. Pipable and split files are refused.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "payload/content.hpp"
#include "payload/payload_source.hpp"

namespace winnow {

// Limits against hostile files.
inline constexpr ByteCount kMaxWimXml = ByteCount{16} << 20;
inline constexpr ByteCount kMaxWimBlobTable = ByteCount{512} << 20;  // ten million blobs
inline constexpr ByteCount kMaxWimMetadata = ByteCount{1} << 30;     // of one image
inline constexpr ByteCount kMaxWimBlob = ByteCount{64} << 30;
inline constexpr ByteCount kMaxWimSolidResource = ByteCount{1} << 40;
inline constexpr std::uint32_t kMaxWimImages = 4096;
inline constexpr std::size_t kMaxWimDepth = 256;  // folders in folders

[[nodiscard]] bool is_wim(ByteView start);

class WimReader {
 public:
  // Reads header, XML and the table of contents. `name` stands for the file in messages; all errors of it:
  // "cannot read <name>: <reason>".
  [[nodiscard]] static Result<WimReader> open(const Content& content, const std::string& name);

  [[nodiscard]] std::uint32_t image_count() const;
  // What the file says about its images, as UTF-8 without a byte order mark.
  [[nodiscard]] const std::string& xml() const;
  // The files of an image, from 1, '/' between components. In the order in which their contents lie in the file:
  // reading them so unpacks no part of it twice. Folders, streams with names, reparse points and encrypted files are
  // left out; each content read whole is compared with its SHA-1. Names that leave their folder are refused:
  // "cannot take <entry> from <name>: <reason>".
  [[nodiscard]] Result<std::vector<PayloadEntry>> files(std::uint32_t image) const;

 private:
  struct State;
  explicit WimReader(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  std::shared_ptr<const State> state_;
};

}  // namespace winnow
