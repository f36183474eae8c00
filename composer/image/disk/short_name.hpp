// DOS names (8.3) as Windows generates them, for FAT and NTFS alike: LongFileName.html is LONGFI~1.HTM; from the fifth
// of such names on two characters and a hash of the long name, LOAB12~1.HTM. Characters beyond ASCII are left out, as
// Windows does on NTFS, so that names depend on no code page.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>

#include "image/disk/volume_tree.hpp"

namespace winnow {

// Is `name` an 8.3 name as it stands, letters in either case? Then it needs no other.
[[nodiscard]] bool is_short_name(std::u16string_view name);

// The 8.3 names of one directory.
class ShortNames {
 public:
  // `name`, in upper case, is in use. False when it was already.
  bool take(std::u16string_view name);
  // Generates one for `long_name` that is not in use, and takes it.
  [[nodiscard]] std::u16string make(std::u16string_view long_name);

 private:
  std::unordered_set<std::u16string> taken_;
};

// What Windows puts into names from the fifth on, as the four digits it shows: 0xBC84 for "SomeStuff.aspx".
[[nodiscard]] std::uint16_t short_name_hash(std::u16string_view long_name);

// Gives a short name to every name of the tree that is no 8.3 name and has none: in each directory in the order of the
// tree, after those that are there already.
void add_short_names(VolumeTree& tree);

}  // namespace winnow
