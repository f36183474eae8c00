// <file> and <directories> of a component manifest (servicing.md 4.3, 4.4).
#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "base/utf16.hpp"
#include "base/windows_path.hpp"
#include "manifest/component_parts.hpp"

namespace winnow {
namespace {

constexpr std::string_view kSha256Method = "http://www.w3.org/2000/09/xmldsig#sha256";
constexpr std::string_view kIdentityTransform = "urn:schemas-microsoft-com:HashTransforms.Identity";

// FILE_ATTRIBUTE_* (winnt.h) by the words of `attributes`.
constexpr std::array<std::pair<std::string_view, std::uint32_t>, 10> kAttributes = {{{"readOnly", 0x1},
                                                                                     {"hidden", 0x2},
                                                                                     {"system", 0x4},
                                                                                     {"archive", 0x20},
                                                                                     {"normal", 0x80},
                                                                                     {"temporary", 0x100},
                                                                                     {"compressed", 0x800},
                                                                                     {"offline", 0x1000},
                                                                                     {"notContentIndexed", 0x2000},
                                                                                     {"encrypted", 0x4000}}};

// One word of `attributes`: a name, or the bits without one as 0x….
std::optional<std::uint32_t> attribute_bits(std::string_view word) {
  for (const auto& [name, bit] : kAttributes) {
    if (ascii_iequals(name, word)) return bit;
  }
  std::uint32_t bits = 0;
  if (!word.starts_with("0x")) return std::nullopt;
  const auto [end, error] = std::from_chars(word.data() + 2, word.data() + word.size(), bits, 16);
  return error == std::errc{} && end == word.data() + word.size() ? std::optional(bits) : std::nullopt;
}

std::uint32_t read_attributes(const ComponentReader& reader, const XmlElement& element) {
  const std::string words = element.attribute_text("attributes");
  std::uint32_t all = 0;
  for (std::size_t start = words.find_first_not_of(' '); start != std::string::npos;) {
    const std::size_t end = std::min(words.find(' ', start), words.size());
    const std::string word = words.substr(start, end - start);
    const auto bits = attribute_bits(word);
    if (bits) all |= *bits;
    if (!bits) reader.refuse(element.place(), "cannot read attributes \"" + words + "\": \"" + word + "\" is unknown");
    start = words.find_first_not_of(' ', end);
  }
  return all;
}

std::string print_attributes(std::uint32_t attributes) {
  std::string words;
  for (const auto& [name, bit] : kAttributes) {
    if ((attributes & bit) == 0) continue;
    words += (words.empty() ? "" : " ") + std::string(name);
    attributes &= ~bit;
  }
  if (attributes == 0) return words;
  Bytes rest;
  ByteWriter(rest).be32(attributes);
  return words + (words.empty() ? "0x" : " 0x") + to_hex(rest);
}

// asmv2:hash: the SHA-256 of the expanded file in Base64. No other method and no transform is in use.
void read_hash(const ComponentReader& reader, const XmlElement& hash, ComponentFile& file) {
  const auto refuse = [&](const std::string& reason) {
    reader.refuse(hash.place(), "cannot read the hash of file \"" + file.name + "\": " + reason);
  };
  const auto method = hash.child("DigestMethod");
  if (method && method->attribute("Algorithm").value_or(kSha256Method) != kSha256Method) {
    return refuse("its method is not SHA-256");
  }
  const auto transforms = hash.child("Transforms");
  const auto transform = transforms ? transforms->child("Transform") : std::nullopt;
  if (transform && transform->attribute("Algorithm").value_or(kIdentityTransform) != kIdentityTransform) {
    return refuse("its transform is not Identity");
  }
  const auto value = hash.child("DigestValue");
  const auto bytes = value ? from_base64(value->text()) : std::nullopt;
  if (!bytes || bytes->size() != file.digest.bytes.size()) return refuse("its value is not 32 bytes in Base64");
  std::copy(bytes->begin(), bytes->end(), file.digest.bytes.begin());
}

void write_hash(XmlWriter& xml, const Digest& digest) {
  xml.open("asmv2:hash");
  xml.open("dsig:Transforms");
  xml.open("dsig:Transform");
  xml.attribute("Algorithm", kIdentityTransform);
  xml.close();
  xml.close();
  xml.open("dsig:DigestMethod");
  xml.attribute("Algorithm", kSha256Method);
  xml.close();
  xml.text_element("dsig:DigestValue", to_base64(digest.bytes));
  xml.close();
}

void read_size(const ComponentReader& reader, const XmlElement& element, ComponentFile& file) {
  const auto text = element.attribute(kWinnowNamespace, "size");
  if (!text) return;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), file.size);
  if (error == std::errc{} && end == text->data() + text->size()) return;
  reader.refuse(element.place(), "cannot read size of file \"" + file.name + "\": \"" + std::string(*text) +
                                     "\" is not a number of bytes");
}

// Payloads are looked up by these names, so neither may lead out of its folder.
void check_file_name(const ComponentReader& reader, const XmlElement& element, const std::string& name) {
  const auto path = WindowsPath::parse(name);
  const std::string what = "cannot read <file>: ";
  if (!path) return reader.refuse(element.place(), what + path.error().faults().front().message);
  if (path->is_root()) reader.refuse(element.place(), what + "it has no name");
}

// What is done with a file when Windows runs.
constexpr std::array<std::string_view, 4> kFileWork = {"gac", "ngen", "lodctr", "lodctrDat"};

void read_file_part(const ComponentReader& reader, const XmlElement& element, ComponentFile& file) {
  const std::string_view name = element.name();
  if (name == "hash") return read_hash(reader, element, file);
  if (name == "securityDescriptor") return;
  if (name == "link") {
    ignore_others(reader, element, "file/link", {"destination"});
    std::string destination = without_final_backslash(element.attribute_text("destination"));
    if (destination.empty()) return reader.refuse(element.place(), "cannot read <link>: it has no destination");
    file.links.push_back(std::move(destination));
    return;
  }
  if (std::find(kFileWork.begin(), kFileWork.end(), name) != kFileWork.end()) {
    return read_plain_work(reader, element, file.work);
  }
  // Most files have an empty <dependencies>: it says nothing.
  if (name == "dependencies" && element.children().empty()) return;
  reader.ignore("file/" + std::string(name));
}

}  // namespace

void read_file(const ComponentReader& reader, const XmlElement& element) {
  ComponentFile file;
  ignore_others(reader, element, "file",
                {"name", "sourceName", "sourcePath", "importPath", "destinationPath", "destinationName", "attributes",
                 "writeableType", "buildFilter"});
  file.name = element.attribute_text("name");
  file.source_name = element.attribute_text("sourceName");
  if (file.source_name.empty()) file.source_name = file.name;
  check_file_name(reader, element, file.name);
  if (file.source_name != file.name) check_file_name(reader, element, file.source_name);
  file.destination = without_final_backslash(element.attribute_text("destinationPath"));
  file.destination_name = element.attribute_text("destinationName");
  if (!file.destination_name.empty()) check_file_name(reader, element, file.destination_name);
  file.writeable_type = element.attribute_text("writeableType");
  file.attributes = read_attributes(reader, element);
  file.security_descriptor = descriptor_name(element);
  read_size(reader, element, file);
  for (const XmlElement& child : element.children()) read_file_part(reader, child, file);
  reader.manifest.files.push_back(std::move(file));
}

void write_files(XmlWriter& xml, const ComponentManifest& manifest) {
  for (const ComponentFile& file : manifest.files) {
    xml.open("file");
    xml.attribute("name", file.name);
    xml.attribute("sourceName", file.source_name);
    if (!file.destination.empty()) xml.attribute("destinationPath", file.destination + '\\');
    xml.optional_attribute("destinationName", file.destination_name);
    xml.optional_attribute("attributes", print_attributes(file.attributes));
    xml.optional_attribute("writeableType", file.writeable_type);
    if (file.size != 0) xml.attribute("winnow:size", std::to_string(file.size));
    write_descriptor_name(xml, file.security_descriptor);
    for (const std::string& link : file.links) {
      xml.open("link");
      xml.attribute("destination", link);
      xml.close();
    }
    write_work(xml, file.work);
    if (file.digest != Digest{}) write_hash(xml, file.digest);
    xml.close();
  }
}

void read_directories(const ComponentReader& reader, const XmlElement& element) {
  for (const XmlElement& child : element.children()) {
    if (child.name() != "directory") {
      reader.ignore("directories/" + std::string(child.name()));
      continue;
    }
    ComponentDirectory directory;
    ignore_others(reader, child, "directory", {"destinationPath", "owner", "attributes"});
    for (const XmlElement& part : child.children()) {
      if (part.name() != "securityDescriptor") reader.ignore("directory/" + std::string(part.name()));
    }
    directory.destination = without_final_backslash(child.attribute_text("destinationPath"));
    directory.attributes = read_attributes(reader, child);
    directory.owner = is_set(child, "owner");
    directory.security_descriptor = descriptor_name(child);
    if (directory.destination.empty())
      reader.refuse(child.place(), "cannot read <directory>: it has no destinationPath");
    reader.manifest.directories.push_back(std::move(directory));
  }
}

void write_directories(XmlWriter& xml, const ComponentManifest& manifest) {
  if (manifest.directories.empty()) return;
  xml.open("directories");
  for (const ComponentDirectory& directory : manifest.directories) {
    xml.open("directory");
    xml.attribute("destinationPath", directory.destination + '\\');
    if (directory.owner) xml.attribute("owner", "true");
    xml.optional_attribute("attributes", print_attributes(directory.attributes));
    write_descriptor_name(xml, directory.security_descriptor);
    xml.close();
  }
  xml.close();
}

}  // namespace winnow
