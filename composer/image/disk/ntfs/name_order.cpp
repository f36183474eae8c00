#include "image/disk/ntfs/name_order.hpp"

#include <algorithm>
#include <compare>

#include "formats/upcase_table.hpp"
#include "image/disk/ntfs/inode_shape.hpp"
#include "image/disk/ntfs/tree_check.hpp"

namespace winnow::ntfs {

namespace {

std::strong_ordering compare_without_case(std::u16string_view a, std::u16string_view b, const UpcaseTable& upcase) {
  const std::size_t shorter = std::min(a.size(), b.size());
  for (std::size_t i = 0; i < shorter; ++i) {
    if (a[i] == b[i]) continue;
    const char16_t upper_a = upcase[a[i]], upper_b = upcase[b[i]];
    if (upper_a != upper_b) return upper_a <=> upper_b;
  }
  return a.size() <=> b.size();
}

// counts[i] items in group i -> where each group starts.
std::vector<std::uint32_t> starts_of(std::vector<std::uint32_t> counts) {
  std::uint32_t total = 0;
  for (std::uint32_t& count : counts) {
    const std::uint32_t own = count;
    count = total;
    total += own;
  }
  counts.push_back(total);
  return counts;
}

void group_names(VolumePlan& plan) {
  const auto& names = plan.tree.names;
  std::vector<std::uint32_t> counts(plan.tree.inodes.size());
  for (const Dentry& dentry : names) ++counts[dentry.inode];
  plan.names.starts = starts_of(std::move(counts));
  std::vector<std::uint32_t> next(plan.names.starts.begin(), plan.names.starts.end() - 1);
  plan.names.items.resize(names.size());
  for (std::uint32_t i = 0; i < names.size(); ++i) plan.names.items[next[names[i].inode]++] = i;
}

void group_children(VolumePlan& plan) {
  const auto& names = plan.tree.names;
  const auto parent_inode = [&](const Dentry& dentry) { return names[dentry.parent].inode; };
  std::vector<std::uint32_t> counts(plan.tree.inodes.size());
  counts[0] = kSystemFiles;
  for (std::uint32_t i = 1; i < names.size(); ++i)
    counts[parent_inode(names[i])] += names[i].short_name.empty() ? 1u : 2u;
  plan.children.starts = starts_of(std::move(counts));
  std::vector<std::uint32_t> next(plan.children.starts.begin(), plan.children.starts.end() - 1);
  plan.children.items.assign(plan.children.starts.back(), ChildName::of_dentry(0, false));
  for (std::uint32_t i = 0; i < kSystemFiles; ++i) plan.children.items[next[0]++] = ChildName::of_system_file(i);
  for (std::uint32_t i = 1; i < names.size(); ++i) {
    std::uint32_t& place = next[parent_inode(names[i])];
    plan.children.items[place++] = ChildName::of_dentry(i, false);
    if (!names[i].short_name.empty()) plan.children.items[place++] = ChildName::of_dentry(i, true);
  }
}

std::string describe(const VolumePlan& plan, ChildName child) {
  if (!child.is_system()) return path_text(plan.tree, child.dentry());
  return plan.system_files[child.record()].name == u"." ? "." : "a system file of NTFS";
}

}  // namespace

Result<void> order_names(VolumePlan& plan) {
  group_names(plan);
  group_children(plan);
  const UpcaseTable& upcase = upcase_table();
  for (std::uint32_t inode = 0; inode < plan.tree.inodes.size(); ++inode) {
    const auto begin = plan.children.items.begin() + plan.children.starts[inode];
    const auto end = plan.children.items.begin() + plan.children.starts[inode + 1];
    std::sort(begin, end, [&](ChildName a, ChildName b) {
      return compare_without_case(plan.name_of(a), plan.name_of(b), upcase) < 0;
    });
    const auto same = std::adjacent_find(begin, end, [&](ChildName a, ChildName b) {
      return compare_without_case(plan.name_of(a), plan.name_of(b), upcase) == 0;
    });
    if (same == end) continue;
    std::string first = describe(plan, *same), second = describe(plan, *(same + 1));
    if (second < first) std::swap(first, second);
    return fail("cannot write NTFS volume: cannot hold \"" + first + "\" beside \"" + second +
                "\": names of one directory must differ in more than case");
  }
  return {};
}

}  // namespace winnow::ntfs
