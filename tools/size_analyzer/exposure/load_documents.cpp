#include "size_analyzer/exposure/load_documents.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "base/file_system.hpp"
#include "base/parallel.hpp"
#include "base/utf16.hpp"
#include "image_reader/layer_stream.hpp"
#include "size_analyzer/exposure/csaf_json.hpp"
#include "size_analyzer/exposure/cvrf_json.hpp"
#include "size_analyzer/exposure/cvrf_xml.hpp"

namespace winnow {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

enum class Packing { none, packed };

// What a file name promises; nothing for files that are no documents.
std::optional<Packing> packing_of(const std::string& path) {
  std::string name = ascii_lower(path);
  Packing packing = Packing::none;
  for (const std::string_view suffix : {".zst", ".gz"}) {
    if (!name.ends_with(suffix)) continue;
    name.resize(name.size() - suffix.size());
    packing = Packing::packed;
    break;
  }
  if (name.ends_with(".xml") || name.ends_with(".json")) return packing;
  return std::nullopt;
}

Result<std::string> unpack(ByteView bytes, const std::string& file) {
  auto stream = LayerStream::open(bytes);
  if (!stream) return fail("cannot unpack " + file + ": " + to_string(stream.error()));
  std::string text;
  for (;;) {
    const auto block = stream->next();
    if (!block) return fail("cannot unpack " + file + ": " + to_string(block.error()));
    if (block->empty()) return text;
    if (block->size() > kMaxSecurityDocumentBytes - text.size()) {
      return fail("cannot unpack " + file + ": it has more than " + std::to_string(kMaxSecurityDocumentBytes) +
                  " bytes");
    }
    text.append(reinterpret_cast<const char*>(block->data()), block->size());
  }
}

Result<ParsedDocument> load_document(const std::filesystem::path& path, const std::string& file) {
  WINNOW_TRY(const Bytes bytes, read_file(path, kMaxSecurityDocumentFile));
  if (packing_of(file) == Packing::packed) {
    WINNOW_TRY(const std::string text, unpack(bytes, file));
    return parse_security_document(text, file);
  }
  return parse_security_document({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, file);
}

// One document for each id, in the order of months; what is left out is warned of.
void keep_first_of_each_id(std::vector<SecurityDocument>& documents, WarningCounter& warnings) {
  std::map<std::string, std::string> files;  // by id
  std::erase_if(documents, [&](const SecurityDocument& document) {
    const auto [place, is_first] = files.try_emplace(document.id, document.file);
    if (!is_first) {
      warnings.add("the document \"" + document.id + "\" of " + place->second + " is there again; left out",
                   document.file);
    }
    return !is_first;
  });
  std::stable_sort(documents.begin(), documents.end(),
                   [](const SecurityDocument& a, const SecurityDocument& b) { return a.month < b.month; });
}

}  // namespace

Result<ParsedDocument> parse_security_document(std::string_view text, const std::string& file) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  if (text.size() > kMaxSecurityDocumentBytes) {
    return fail("cannot read " + file + ": it has more than " + std::to_string(kMaxSecurityDocumentBytes) + " bytes");
  }
  DocumentBuilder builder(file);
  const std::size_t start = text.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos) return fail("cannot read " + file + ": it is empty");
  if (text[start] == '<') {
    WINNOW_TRY(const XmlDocument xml, XmlDocument::parse(text, file));
    WINNOW_CHECK(read_cvrf_xml(xml.root(), builder));
  } else {
    WINNOW_TRY(const Json json, parse_json(text, file));
    const bool is_csaf = json.is_object() && json.contains("document");
    const bool is_cvrf = json.is_object() && json.contains("DocumentTracking");
    if (!is_csaf && !is_cvrf) return fail("cannot read " + file + ": it is neither CVRF nor CSAF");
    WINNOW_CHECK(is_csaf ? read_csaf_json(json, builder) : read_cvrf_json(json, builder));
  }
  std::vector<DocumentWarning> warnings = builder.warnings().sorted();
  return ParsedDocument{std::move(builder).take(), std::move(warnings)};
}

Result<SecurityDocuments> load_security_documents(const std::filesystem::path& folder) {
  WINNOW_TRY(std::vector<DirectoryEntry> entries, list_tree(folder));
  std::erase_if(entries, [](const DirectoryEntry& e) { return e.is_directory || !packing_of(e.path); });
  if (entries.empty()) {
    return fail("cannot read " + folder.string() +
                ": it has no security document (.xml or .json; .zst or .gz behind it)");
  }
  std::vector<std::optional<Result<ParsedDocument>>> parsed(entries.size());
  parallel_for(entries.size(),
               [&](std::size_t i) { parsed[i] = load_document(folder / entries[i].path, entries[i].path); });
  SecurityDocuments all;
  WarningCounter warnings;
  for (auto& result : parsed) {
    if (!*result) return fail(std::move(*result).error());
    warnings.add((*result)->warnings);
    all.documents.push_back(std::move((*result)->document));
  }
  keep_first_of_each_id(all.documents, warnings);
  all.warnings = warnings.sorted();
  return all;
}

}  // namespace winnow
