#include "plan/tree_text.hpp"

#include <charconv>

namespace winnow {

namespace {

std::string hex_number(std::uint32_t value) {
  std::array<char, 8> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, 16).ptr;
  return std::string(buffer.data(), end);
}

void print_key(const ImagePlan& plan, const PlannedKey& key, const std::string& path, std::string& out) {
  for (const auto& [index, value] : key.values) {
    out += "v\t" + path + "\\" + (value.name.empty() ? "(default)" : value.name) + "\ttype=" + hex_number(value.type) +
           "\tdata=" + to_hex(value.data) + "\towner=" + plan.owners[value.owner].name + "\n";
  }
  for (const auto& [index, child] : key.children) {
    const std::string below = path + "\\" + child.name;
    out += "k\t" + below + "\towner=" + plan.owners[child.owner].name + "\n";
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

std::string print_plan(const ImagePlan& plan) {
  std::string out = "image\t" + plan.tag + "\n";
  out += "os-version\t" + to_string(plan.os_version) + "\n";
  out += "architecture\t" + plan.architecture + "\n";
  out += "time\t" + std::to_string(plan.created) + "\n";
  for (const std::string& argument : plan.container.command) out += "command\t" + argument + "\n";
  out += "working-directory\t" + plan.container.working_directory + "\n";
  out += "user\t" + plan.container.user + "\n";
  for (const auto& [name, value] : plan.container.environment) out += "environment\t" + name + "=" + value + "\n";
  for (std::size_t i = 0; i < plan.security_descriptors.size(); ++i) {
    out += "sd\t" + std::to_string(i) + "\t" + to_base64(plan.security_descriptors[i]) + "\n";
  }
  return out + print_file_tree(plan) + print_registry(plan);
}

}  // namespace winnow
