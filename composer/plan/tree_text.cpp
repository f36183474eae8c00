#include "plan/tree_text.hpp"

#include <charconv>

namespace winnow {

namespace {

std::string hex_number(std::uint32_t value) {
  std::array<char, 8> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, 16).ptr;
  return std::string(buffer.data(), end);
}

std::string link_field(const TreeEntry& entry) { return entry.link.is_root() ? "" : "\tlink=" + entry.link.text(); }

void print_key(const ImagePlan& plan, const PlannedKey& key, const std::string& path, std::string& out) {
  for (const auto& [index, value] : key.values) {
    out += "v\t" + path + "\\" + (value.name.empty() ? "(default)" : value.name) + "\ttype=" + hex_number(value.type) +
           "\tdata=" + to_hex(value.data) + "\towner=" + plan.owners[value.owner].name + "\n";
  }
  for (const auto& [index, child] : key.children) {
    const std::string below = path + "\\" + child.name;
    out += "k\t" + below + (child.security ? "\tsd=k" + std::to_string(*child.security) : "") +
           "\towner=" + plan.owners[child.owner].name + "\n";
    print_key(plan, child, below, out);
  }
}

}  // namespace

std::string print_file_tree(const ImagePlan& plan) {
  std::string out;
  for (const auto& [path, entry] : plan.tree) {
    out += entry.is_directory() ? "d\t" : "f\t";
    out += path.text() + "\tattr=" + hex_number(entry.attributes) + "\tsd=" + std::to_string(entry.security);
    if (!entry.is_directory()) out += "\tsize=" + std::to_string(entry.size) + "\tsha256=" + entry.digest.hex();
    out += link_field(entry);
    out += "\towner=" + plan.owners[entry.owner].name + "\n";
  }
  return out;
}

std::string print_registry(const ImagePlan& plan) {
  std::string out;
  for (const auto& [hive, root] : plan.registry.hives) {
    out += "k\t" + std::string(to_string(hive)) + "\towner=winnow\n";
    print_key(plan, root, std::string(to_string(hive)), out);
  }
  return out;
}

namespace {

std::string print_header(const ImagePlan& plan) {
  std::string out = "image\t" + plan.tag + "\n";
  out += "os-version\t" + to_string(plan.os_version) + "\n";
  out += "architecture\t" + plan.architecture + "\n";
  if (!plan.servicing.empty()) out += "servicing\t" + plan.servicing + "\n";
  out += "time\t" + std::to_string(plan.created) + "\n";
  for (const std::string& argument : plan.container.command) out += "command\t" + argument + "\n";
  out += "working-directory\t" + plan.container.working_directory + "\n";
  out += "user\t" + plan.container.user + "\n";
  for (const auto& [name, value] : plan.container.environment) out += "environment\t" + name + "=" + value + "\n";
  return out;
}

std::string print_descriptor(const std::string& number, ByteView descriptor) {
  return "sd\t" + number + "\t" + to_base64(descriptor) + "\n";
}

std::string print_first_boot(const ImagePlan& plan) {
  std::string out;
  for (const PlannedWork& work : plan.first_boot) {
    out += "b\t" + work.element;
    if (!work.subject.empty()) out += "\t" + work.subject;
    for (const auto& [name, value] : work.settings) out += "\t" + name + "=" + value;
    out += "\towner=" + plan.owners[work.owner].name + "\n";
  }
  return out;
}

void print_bare_key(const PlannedKey& key, const std::string& path, std::string& out) {
  out += "k\t" + path + "\n";
  for (const auto& [index, value] : key.values) {
    out += "v\t" + path + "\\" + (value.name.empty() ? "(default)" : value.name) + "\ttype=" + hex_number(value.type) +
           "\tdata=" + to_hex(value.data) + "\n";
  }
  for (const auto& [index, child] : key.children) print_bare_key(child, path + "\\" + child.name, out);
}

// Descriptors in the order in which the tree uses them.
class DescriptorNumbers {
 public:
  explicit DescriptorNumbers(const ImagePlan& plan) : plan_(plan) {}

  std::size_t number_of(std::uint32_t security) {
    const Bytes& descriptor = plan_.security_descriptors.at(security);
    const auto [place, is_new] = numbers_.emplace(descriptor, numbers_.size());
    if (is_new) lines_ += print_descriptor(std::to_string(place->second), descriptor);
    return place->second;
  }
  [[nodiscard]] const std::string& lines() const { return lines_; }

 private:
  const ImagePlan& plan_;
  std::map<Bytes, std::size_t> numbers_;
  std::string lines_;
};

}  // namespace

std::string print_plan(const ImagePlan& plan) {
  std::string out = print_header(plan);
  for (std::size_t i = 0; i < plan.security_descriptors.size(); ++i) {
    out += print_descriptor(std::to_string(i), plan.security_descriptors[i]);
  }
  for (std::size_t i = 0; i < plan.registry.security_descriptors.size(); ++i) {
    out += print_descriptor("k" + std::to_string(i), plan.registry.security_descriptors[i]);
  }
  return out + print_file_tree(plan) + print_registry(plan) + print_first_boot(plan);
}

std::string print_image_tree(const ImagePlan& plan, const TreeTextExtras& extras) {
  DescriptorNumbers descriptors(plan);
  std::string files;
  for (const auto& [path, entry] : plan.tree) {
    files += std::string(entry.is_directory() ? "d" : "f") + "\t" + path.text() +
             "\tattr=" + hex_number(entry.attributes) + "\tsd=" + std::to_string(descriptors.number_of(entry.security));
    if (!entry.is_directory()) {
      files += "\tsize=" + std::to_string(entry.size) + "\tsha256=" + entry.digest.hex();
    }
    if (entry.time != plan.created) files += "\ttime=" + std::to_string(entry.time);
    if (const std::string& owner = plan.owners[entry.owner].name; !owner.empty()) files += "\towner=" + owner;
    files += link_field(entry);
    const auto extra = extras.find(path);
    files += extra == extras.end() ? "\n" : extra->second.fields + "\n" + extra->second.lines;
  }
  std::string registry;
  for (const auto& [hive, root] : plan.registry.hives) print_bare_key(root, std::string(to_string(hive)), registry);
  return print_header(plan) + descriptors.lines() + files + registry;
}

}  // namespace winnow
