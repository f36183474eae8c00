// The content of a file that Windows' overlay filter (WOF) compressed, from its stream WofCompressedData: the chunks
// are libwim's to unpack. libfsntfs 20200921 would do it, but refuses LZX and some of XPRESS4K.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.hpp"
#include "payload/content.hpp"

namespace winnow {

inline constexpr std::u16string_view kWofStream = u"WofCompressedData";

// `format`: as the reparse point has it (0, 2, 3 = XPRESS of 4, 8, 16 KiB, 1 = LZX). `size`: of the content. Error: a
// format nobody knows; a table of chunks that is not inside `packed`. Reading it fails where a chunk does not unpack.
[[nodiscard]] Result<Content> unpack_wof_content(Content packed, std::uint32_t format, ByteCount size);

}  // namespace winnow
