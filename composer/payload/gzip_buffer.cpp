#include "payload/gzip_buffer.hpp"

#include <libdeflate.h>

#include <memory>

namespace winnow {

namespace {

// RFC 1952 section 2.3: ID1 ID2 at offset 0; ISIZE, the unpacked size modulo 2^32, is the last four bytes.
constexpr std::uint16_t kGzipMagic = 0x8B1F;
constexpr std::size_t kSmallestGzip = 18;  // header 10, trailer 8
constexpr int kLevel = 6;
constexpr ByteCount kMostPerByte = 1032;  // DEFLATE cannot unpack one byte to more (RFC 1951: 258 bytes in 2 bits)

struct DecompressorDeleter {
  void operator()(libdeflate_decompressor* decompressor) const { libdeflate_free_decompressor(decompressor); }
};
struct CompressorDeleter {
  void operator()(libdeflate_compressor* compressor) const { libdeflate_free_compressor(compressor); }
};

}  // namespace

std::optional<SharedBytes> unpack_gzip(ByteView file, ByteCount limit) {
  if (file.size() < kSmallestGzip || read_le<std::uint16_t>(file, 0) != kGzipMagic) return std::nullopt;
  const std::size_t size = *read_le<std::uint32_t>(file, file.size() - 4);
  if (size > limit || size / kMostPerByte > file.size()) return std::nullopt;
  const std::unique_ptr<libdeflate_decompressor, DecompressorDeleter> decompressor(libdeflate_alloc_decompressor());
  if (decompressor == nullptr) return std::nullopt;
  const auto buffer = std::make_shared_for_overwrite<std::uint8_t[]>(size);
  std::size_t consumed = 0;
  // Without a place for the size written, anything but exactly `size` bytes is a failure.
  const libdeflate_result result = libdeflate_gzip_decompress_ex(decompressor.get(), file.data(), file.size(),
                                                                 buffer.get(), size, &consumed, nullptr);
  if (result != LIBDEFLATE_SUCCESS || consumed != file.size()) return std::nullopt;
  return SharedBytes{buffer, {buffer.get(), size}};
}

ByteCount deflated_size(ByteView bytes) {
  const std::unique_ptr<libdeflate_compressor, CompressorDeleter> compressor(libdeflate_alloc_compressor(kLevel));
  Bytes packed(libdeflate_deflate_compress_bound(compressor.get(), bytes.size()));
  return libdeflate_deflate_compress(compressor.get(), bytes.data(), bytes.size(), packed.data(), packed.size());
}

}  // namespace winnow
