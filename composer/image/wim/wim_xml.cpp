#include "image/wim/wim_xml.hpp"

#include <array>
#include <charconv>
#include <vector>

#include "base/utf16.hpp"
#include "formats/wim.hpp"
#include "plan/file_tree.hpp"

namespace winnow {

namespace {

std::string element(const std::string& name, const std::string& content) {
  return "<" + name + ">" + content + "</" + name + ">";
}

std::string number(const std::string& name, std::uint64_t value) { return element(name, std::to_string(value)); }

std::string text(const std::string& name, const std::string& value) {
  if (value.empty()) return "";
  std::string escaped;
  for (const char c : value) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      default:
        escaped += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  }
  return element(name, escaped);
}

std::string hex(std::uint32_t value) {
  std::string digits;
  for (int shift = 28; shift >= 0; shift -= 4) digits += "0123456789ABCDEF"[value >> shift & 0xF];
  return "0x" + digits;
}

std::string time(const std::string& name, std::uint64_t filetime) {
  return element(name, element("HIGHPART", hex(static_cast<std::uint32_t>(filetime >> 32))) +
                           element("LOWPART", hex(static_cast<std::uint32_t>(filetime))));
}

std::string counts(const VolumeTree& tree) {
  std::uint64_t folders = 0;
  std::uint64_t files = 0;
  ByteCount bytes = 0;
  ByteCount linked_bytes = 0;
  std::vector<bool> seen(tree.inodes.size(), false);
  for (const Dentry& dentry : tree.names) {
    const Inode& inode = tree.inodes[dentry.inode];
    ++((inode.attributes & kAttributeDirectory) != 0 ? folders : files);
    ByteCount size = inode.content ? inode.content->size() : 0;
    if (inode.extras) {
      for (const NamedStream& stream : inode.extras->streams) size += stream.content.size();
    }
    bytes += size;
    if (seen[dentry.inode]) linked_bytes += size;
    seen[dentry.inode] = true;
  }
  return number("DIRCOUNT", folders) + number("FILECOUNT", files) + number("TOTALBYTES", bytes) +
         number("HARDLINKBYTES", linked_bytes);
}

std::string windows(const WimOptions& options) {
  if (options.os_version == Version{}) return "";
  const std::uint32_t architecture = options.architecture == "arm64" ? wim::kArchArm64
                                     : options.architecture == "386" ? wim::kArchX86
                                                                     : wim::kArchAmd64;
  const auto& parts = options.os_version.parts;
  return element("WINDOWS", number("ARCH", architecture) +
                                element("VERSION", number("MAJOR", parts[0]) + number("MINOR", parts[1]) +
                                                       number("BUILD", parts[2]) + number("SPBUILD", parts[3])) +
                                text("SYSTEMROOT", "WINDOWS"));
}

}  // namespace

Bytes make_wim_xml(const VolumeTree& tree, const WimOptions& options, ByteCount total_bytes) {
  const std::uint64_t created = to_filetime(options.created);
  const std::string image = counts(tree) + time("CREATIONTIME", created) + time("LASTMODIFICATIONTIME", created) +
                            windows(options) + text("NAME", options.name) + text("DESCRIPTION", options.description) +
                            text("DISPLAYNAME", options.name) + text("DISPLAYDESCRIPTION", options.description) +
                            text("FLAGS", options.flags);
  const std::string xml =
      "<WIM>" + number("TOTALBYTES", total_bytes) + "<IMAGE INDEX=\"1\">" + image + "</IMAGE></WIM>";
  Bytes bytes = {0xFF, 0xFE};
  const Bytes encoded = to_utf16le(xml, false).value_or(Bytes{});
  bytes.insert(bytes.end(), encoded.begin(), encoded.end());
  return bytes;
}

}  // namespace winnow
