#include "tree_facts.hpp"

#include <openssl/evp.h>

#include <array>
#include <set>
#include <stdexcept>

#include "base/utf16.hpp"
#include "plan/file_tree.hpp"

namespace winnow::ntfs::testing {
namespace {

constexpr std::size_t kShown = 20;
constexpr std::size_t kSha1Size = 20;

std::string utf8(std::u16string_view text) {
  if (auto converted = to_utf8(text)) return *converted;
  throw std::runtime_error("a name of the tree is no text");
}

std::string content_text(const std::optional<Content>& content) {
  return content ? stream_text(content->load().value().bytes()) : stream_text(ByteView());
}

Facts facts_of_inode(const VolumeTree& tree, const Inode& inode) {
  Facts facts;
  facts["attributes"] = std::to_string(inode.attributes);
  facts["created"] = std::to_string(inode.times.created);
  facts["modified"] = std::to_string(inode.times.modified);
  facts["changed"] = std::to_string(inode.times.changed);
  facts["accessed"] = std::to_string(inode.times.accessed);
  facts["descriptor"] = stream_text(tree.security_descriptors[inode.security]);
  if ((inode.attributes & kAttributeDirectory) == 0) facts["content"] = content_text(inode.content);
  if (inode.extras == nullptr) return facts;
  for (const NamedStream& stream : inode.extras->streams) {
    facts["stream " + utf8(stream.name)] = content_text(stream.content);
  }
  if (inode.extras->reparse) {
    facts["reparse tag"] = std::to_string(inode.extras->reparse->tag);
    facts["reparse data"] = stream_text(inode.extras->reparse->data);
  }
  return facts;
}

std::set<std::string> known_fields(const TreeFacts& read) {
  std::set<std::string> fields;
  for (const auto& [path, facts] : read) {
    for (const auto& [field, value] : facts) fields.insert(field.substr(0, field.find(' ')));
  }
  return fields;
}

}  // namespace

std::string stream_text(ByteCount size, ByteView sha1) {
  return std::to_string(size) + " bytes" + (size == 0 ? "" : ", SHA-1 " + to_hex(sha1));
}

std::string stream_text(ByteView bytes) {
  std::array<std::uint8_t, kSha1Size> digest{};
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha1(), nullptr) != 1) {
    throw std::runtime_error("SHA-1 does not work");
  }
  return stream_text(bytes.size(), digest);
}

void add_links(TreeFacts& facts, const std::map<std::string, std::uint64_t>& numbers) {
  std::map<std::uint64_t, std::string> together;
  for (const auto& [path, number] : numbers) together[number] += (together[number].empty() ? "" : ", ") + path;
  for (const auto& [path, number] : numbers) facts.at(path)["links"] = together[number];
}

TreeFacts facts_of_tree(const VolumeTree& tree) {
  TreeFacts facts;
  std::vector<std::string> paths(tree.names.size());
  std::map<std::string, std::uint64_t> numbers;
  for (std::size_t i = 0; i < tree.names.size(); ++i) {
    const Dentry& dentry = tree.names[i];
    if (i != 0) paths[i] = (dentry.parent == 0 ? "" : paths[dentry.parent] + "/") + utf8(dentry.name);
    Facts& found = facts[paths[i]] = facts_of_inode(tree, tree.inodes[dentry.inode]);
    if (!dentry.short_name.empty()) found["short name"] = utf8(dentry.short_name);
    numbers[paths[i]] = dentry.inode;
  }
  add_links(facts, numbers);
  return facts;
}

std::vector<std::string> disagreements(const TreeFacts& expected, const TreeFacts& read) {
  std::vector<std::string> found;
  const std::set<std::string> fields = known_fields(read);
  const auto relevant = [&](const Facts& facts) {
    Facts result;
    for (const auto& [field, value] : facts) {
      if (fields.contains(field.substr(0, field.find(' ')))) result.emplace(field, value);
    }
    return result;
  };
  for (const auto& [path, facts] : expected) {
    if (!read.contains(path)) found.push_back("missing: " + path);
  }
  for (const auto& [path, facts] : read) {
    const auto wanted = expected.find(path);
    if (wanted == expected.end()) {
      found.push_back("not expected: " + path);
      continue;
    }
    Facts left = relevant(wanted->second);
    for (const auto& [field, value] : facts) {
      const std::string theirs = left.contains(field) ? left[field] : "(nothing)";
      if (theirs != value && value != kNotShown)
        found.push_back(path + ": " + field + ": " + value + ", expected " + theirs);
      left.erase(field);
    }
    for (const auto& [field, value] : left) found.push_back(path + ": no " + field + ", expected " + value);
  }
  if (found.size() > kShown) found.resize(kShown);
  return found;
}

}  // namespace winnow::ntfs::testing
