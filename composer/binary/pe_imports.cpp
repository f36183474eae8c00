#include "binary/pe_imports.hpp"

#include <algorithm>

#include "binary/text_budget.hpp"

namespace winnow {
namespace {

// Limits against hostile input; the largest real files import from some 60 modules and 5,000 functions.
constexpr std::size_t kMaxModules = 4096;
constexpr std::size_t kMaxFunctions = 262'144;
constexpr std::size_t kMaxText = std::size_t{16} << 20;

// Reads one table of imports after the other, within limits that hold for all of them together.
class ImportReader {
 public:
  explicit ImportReader(const PeImage& image) : image_(image) {}

  // Appends the module whose name and lookup table are at these addresses, which count from `base`, as do those in the
  // lookup table: 0 for RVAs. An address below the base wraps to an RVA that no section holds.
  [[nodiscard]] Result<void> add(std::uint64_t name, std::uint64_t lookup, std::uint64_t base = 0) {
    if (modules_.size() == kMaxModules) {
      return image_.broken("it imports from more than " + std::to_string(kMaxModules) + " modules");
    }
    WINNOW_TRY(ImportedModule module, read_name(name - base));
    WINNOW_TRY(module.functions, read_functions(lookup - base, base));
    modules_.push_back(std::move(module));
    return {};
  }
  [[nodiscard]] std::vector<ImportedModule> take() && { return std::move(modules_); }

 private:
  [[nodiscard]] Result<ImportedModule> read_name(std::uint64_t rva) {
    WINNOW_TRY(std::string name, image_.name_at(rva, "the name of an imported module"));
    if (name.empty()) return image_.broken("the name of an imported module is empty");
    if (!budget_.take(name.size())) return too_much_text();
    return ImportedModule{std::move(name), {}};
  }

  [[nodiscard]] Result<std::vector<std::string>> read_functions(std::uint64_t rva, std::uint64_t base) {
    std::vector<std::string> functions;
    const std::uint64_t width = image_.is_64_bit() ? sizeof(std::uint64_t) : sizeof(std::uint32_t);
    for (;; rva += width) {
      WINNOW_TRY(const std::uint64_t thunk, read_thunk(rva));
      if (thunk == 0) return functions;
      if (++function_count_ > kMaxFunctions) {
        return image_.broken("it imports more than " + std::to_string(kMaxFunctions) + " functions");
      }
      WINNOW_TRY(std::string function, read_function(thunk, base));
      if (!budget_.take(function.size())) return too_much_text();
      functions.push_back(std::move(function));
    }
  }

  [[nodiscard]] Result<std::uint64_t> read_thunk(std::uint64_t rva) const {
    constexpr std::string_view kWhat = "an import lookup table";
    if (image_.is_64_bit()) return image_.le64_at(rva, kWhat);
    WINNOW_TRY(const std::uint32_t thunk, image_.le32_at(rva, kWhat));
    return std::uint64_t{thunk};
  }

  [[nodiscard]] Result<std::string> read_function(std::uint64_t thunk, std::uint64_t base) const {
    const std::uint64_t flag = image_.is_64_bit() ? pe::kOrdinalFlag64 : pe::kOrdinalFlag32;
    if ((thunk & flag) != 0) return "#" + std::to_string(thunk & 0xffff);
    return image_.name_at(thunk - base + pe::kHintSize, "the name of an imported function");
  }

  [[nodiscard]] tl::unexpected<Error> too_much_text() const {
    return image_.broken("its import names are longer than " + std::to_string(kMaxText) + " bytes in all");
  }

  const PeImage& image_;
  std::vector<ImportedModule> modules_;
  std::size_t function_count_ = 0;
  TextBudget budget_{kMaxText};
};

// A module name as the structural scan takes it: "name.ext", with the characters file names are made of.
bool looks_like_module_name(std::string_view name) {
  const auto is_name_character = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '.';
  };
  return name.find('.') != std::string_view::npos && std::all_of(name.begin(), name.end(), is_name_character);
}

// Is the first entry of the lookup table at `rva` an ordinal or the address of a hint and a name?
bool looks_like_lookup_table(const PeImage& image, std::uint32_t rva) {
  const auto table = image.bytes_from(rva);
  if (!table) return false;
  std::optional<std::uint64_t> thunk = read_le<std::uint32_t>(*table, 0);
  if (image.is_64_bit()) thunk = read_le<std::uint64_t>(*table, 0);
  if (!thunk || *thunk == 0) return false;
  const std::uint64_t flag = image.is_64_bit() ? pe::kOrdinalFlag64 : pe::kOrdinalFlag32;
  if ((*thunk & flag) != 0) return (*thunk & ~flag) <= 0xffff;
  const auto name = image.name_at(*thunk + pe::kHintSize, {});
  return name && !name->empty();
}

bool looks_like_descriptor(const PeImage& image, ByteView entry) {
  using Field = pe::DelayDescriptor;
  const auto field = [&](std::size_t offset) { return *read_le<std::uint32_t>(entry, offset); };
  if (field(Field::kAttributes) != Field::kFieldsAreRvas || field(Field::kBoundAddressTable) != 0 ||
      field(Field::kUnloadAddressTable) != 0 || field(Field::kTimestamp) != 0) {
    return false;
  }
  if (!image.bytes_from(field(Field::kModuleHandle)) || !image.bytes_from(field(Field::kAddressTable))) return false;
  const auto name = image.name_at(field(Field::kName), {});
  return name && looks_like_module_name(*name) && looks_like_lookup_table(image, field(Field::kNameTable));
}

}  // namespace

Result<std::vector<ImportedModule>> read_imports(const PeImage& image) {
  ImportReader reader(image);
  std::uint64_t rva = image.directory(pe::Directory::imports).rva;
  if (rva == 0) return std::move(reader).take();
  constexpr std::string_view kWhat = "the import directory";
  // The loader ignores the directory's size: the entry without a name is the end.
  for (;; rva += pe::ImportDescriptor::kSize) {
    WINNOW_TRY(const std::uint32_t name, image.le32_at(rva + pe::ImportDescriptor::kName, kWhat));
    if (name == 0) return std::move(reader).take();
    WINNOW_TRY(const std::uint32_t lookup, image.le32_at(rva + pe::ImportDescriptor::kLookupTable, kWhat));
    WINNOW_TRY(const std::uint32_t addresses, image.le32_at(rva + pe::ImportDescriptor::kAddressTable, kWhat));
    WINNOW_CHECK(reader.add(name, lookup != 0 ? lookup : addresses));
  }
}

Result<std::vector<ImportedModule>> read_delay_imports(const PeImage& image) {
  ImportReader reader(image);
  std::uint64_t rva = image.directory(pe::Directory::delay_imports).rva;
  if (rva == 0) return std::move(reader).take();
  constexpr std::string_view kWhat = "the delay-load directory";
  for (;; rva += pe::DelayDescriptor::kSize) {
    WINNOW_TRY(const std::uint32_t name, image.le32_at(rva + pe::DelayDescriptor::kName, kWhat));
    if (name == 0) return std::move(reader).take();
    WINNOW_TRY(const std::uint32_t attributes, image.le32_at(rva + pe::DelayDescriptor::kAttributes, kWhat));
    WINNOW_TRY(const std::uint32_t lookup, image.le32_at(rva + pe::DelayDescriptor::kNameTable, kWhat));
    const bool are_rvas = (attributes & pe::DelayDescriptor::kFieldsAreRvas) != 0;
    WINNOW_CHECK(reader.add(name, lookup, are_rvas ? 0 : image.image_base()));
  }
}

Result<std::vector<ImportedModule>> read_hidden_delay_imports(const PeImage& image) {
  ImportReader reader(image);
  const PeSection* data = image.find_section(".data");
  if (data == nullptr) return std::move(reader).take();
  constexpr std::size_t kAlignment = sizeof(std::uint32_t);
  for (std::size_t offset = 0; slice(data->raw, offset, pe::DelayDescriptor::kSize);) {
    const ByteView entry = data->raw.subspan(offset, pe::DelayDescriptor::kSize);
    if (!looks_like_descriptor(image, entry)) {
      offset += kAlignment;
      continue;
    }
    WINNOW_CHECK(reader.add(*read_le<std::uint32_t>(entry, pe::DelayDescriptor::kName),
                            *read_le<std::uint32_t>(entry, pe::DelayDescriptor::kNameTable)));
    offset += pe::DelayDescriptor::kSize;
  }
  return std::move(reader).take();
}

}  // namespace winnow
