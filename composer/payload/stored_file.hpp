// Files as a component store keeps them: plain, or in one of Windows' own compressed forms (servicing.md 11).
//   DCN  PA30 against nothing: expanded
//   DCS  blocks of LZMS: expanded, by libwim
//   DCD  PA30 against the same file of another version of the component: refused, with that version
//   DCX, DCH: refused
// The layouts of DCS and DCD are those that public projects report; no file of Microsoft's in these forms was at hand.
#pragma once

#include <string>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "payload/content.hpp"

namespace winnow {

inline constexpr ByteCount kMaxExpandedFile = ByteCount{1} << 30;

// Whether it begins as one of these forms does. A file that cannot be read is none: whoever reads it is told why.
[[nodiscard]] bool is_stored_packed(const Content& stored);

// What `stored` stands for: itself when it is plain, else bytes that are expanded when they are read. Only the
// beginning of a plain file is read. Errors "cannot expand <name>: <reason>", and those of reading it.
[[nodiscard]] Result<Content> expand_stored_file(const Content& stored, const std::string& name);

}  // namespace winnow
