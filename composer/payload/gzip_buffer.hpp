// gzip in one piece (libdeflate): unpacked several times as fast as a stream, for the usual file of one member.
#pragma once

#include <optional>

#include "base/bytes.hpp"
#include "payload/content.hpp"

namespace winnow {

// The unpacked bytes of `file` when it is one gzip member whose trailer tells the truth and which unpacks to at most
// `limit` bytes. Nothing for everything else: no gzip, several members, damage, a lie about the size; a streaming
// reader then finds out which and says so.
[[nodiscard]] std::optional<SharedBytes> unpack_gzip(ByteView file, ByteCount limit);

// How many bytes DEFLATE makes of `bytes` alone, at the level that layers are compressed with unless asked otherwise.
[[nodiscard]] ByteCount deflated_size(ByteView bytes);

}  // namespace winnow
