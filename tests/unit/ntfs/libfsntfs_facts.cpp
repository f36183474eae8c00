// A volume as libfsntfs sees it. Descriptors are left to libwim: libfsntfs 20200921 finds none once $Secure:$SII has
// blocks, on volumes of libntfs-3g neither. It knows no short names, extended attributes and reparse points.
#include <libfsntfs.h>

#include <memory>
#include <stdexcept>

#include "base/utf16.hpp"
#include "formats/ntfs.hpp"
#include "plan/file_tree.hpp"
#include "tree_facts.hpp"

namespace winnow::ntfs::testing {
namespace {

[[noreturn]] void refuse(const std::string& what, libfsntfs_error_t* error) {
  std::string text(2000, '\0');
  libfsntfs_error_backtrace_sprint(error, text.data(), text.size());
  text.resize(text.find('\0'));
  libfsntfs_error_free(&error);
  throw std::runtime_error("libfsntfs: " + what + ": " + text);
}

// Calls a function of the library; anything but what it returns on success is thrown.
template <class Function, class... Arguments>
void call(const std::string& what, Function function, Arguments... arguments) {
  libfsntfs_error_t* error = nullptr;
  if (function(arguments..., &error) != 1) refuse(what, error);
}

// All handles of the library are one C++ type.
template <auto free>
struct Free {
  void operator()(intptr_t* handle) const { free(&handle, nullptr); }
};
using Entry = std::unique_ptr<libfsntfs_file_entry_t, Free<libfsntfs_file_entry_free>>;
using Stream = std::unique_ptr<libfsntfs_data_stream_t, Free<libfsntfs_data_stream_free>>;
using Volume = std::unique_ptr<libfsntfs_volume_t, Free<libfsntfs_volume_free>>;

template <class Handle, class Size, class Read>
std::string name_of(Handle* handle, Size size_of, Read read) {
  std::size_t size = 0;
  call("name", size_of, handle, &size);
  std::string name(size, '\0');
  call("name", read, handle, reinterpret_cast<std::uint8_t*>(name.data()), size);
  name.resize(size == 0 ? 0 : size - 1);
  return name;
}

template <class Handle, class Size, class Read>
std::string stream_of(const std::string& path, Handle* handle, Size size_of, Read read) {
  size64_t size = 0;
  call(path + ": size", size_of, handle, &size);
  Bytes bytes(size);
  libfsntfs_error_t* error = nullptr;
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t got = read(handle, bytes.data() + done, bytes.size() - done, &error);
    if (got <= 0) refuse(path + ": content", error);
    done += static_cast<std::size_t>(got);
  }
  return stream_text(bytes);
}

class Reader {
 public:
  explicit Reader(const std::filesystem::path& path) {
    libfsntfs_volume_t* volume = nullptr;
    call("volume", libfsntfs_volume_initialize, &volume);
    volume_.reset(volume);
    call("volume", libfsntfs_volume_open, volume, path.c_str(), libfsntfs_get_access_flags_read());
  }

  TreeFacts read() {
    libfsntfs_file_entry_t* root = nullptr;
    call("root", libfsntfs_volume_get_root_directory, volume_.get(), &root);
    add(Entry(root), "");
    add_links(facts_, numbers_);
    return std::move(facts_);
  }

 private:
  void add(Entry entry, const std::string& path);
  void add_metadata(libfsntfs_file_entry_t* entry, const std::string& path, Facts& facts);
  void add_streams(libfsntfs_file_entry_t* entry, const std::string& path, Facts& facts);

  Volume volume_;
  TreeFacts facts_;
  std::map<std::string, std::uint64_t> numbers_;
};

void Reader::add(Entry entry, const std::string& path) {
  Facts& facts = facts_[path];
  std::uint64_t reference = 0;
  call(path, libfsntfs_file_entry_get_file_reference, entry.get(), &reference);
  numbers_[path] = reference;
  add_metadata(entry.get(), path, facts);
  add_streams(entry.get(), path, facts);
  const int is_directory = libfsntfs_file_entry_has_directory_entries_index(entry.get(), nullptr);
  if (is_directory != 1) return;
  int count = 0;
  call(path, libfsntfs_file_entry_get_number_of_sub_file_entries, entry.get(), &count);
  for (int i = 0; i < count; ++i) {
    libfsntfs_file_entry_t* child = nullptr;
    call(path, libfsntfs_file_entry_get_sub_file_entry_by_index, entry.get(), i, &child);
    Entry owned(child);
    const std::string name =
        name_of(child, libfsntfs_file_entry_get_utf8_name_size, libfsntfs_file_entry_get_utf8_name);
    if (path.empty() && (name.starts_with("$") || name == ".")) continue;
    add(std::move(owned), path.empty() ? name : path + "/" + name);
  }
}

void Reader::add_metadata(libfsntfs_file_entry_t* entry, const std::string& path, Facts& facts) {
  std::uint32_t flags = 0;
  call(path, libfsntfs_file_entry_get_file_attribute_flags, entry, &flags);
  const bool is_directory = libfsntfs_file_entry_has_directory_entries_index(entry, nullptr) == 1;
  flags &= ~(file_name::kDirectoryAttribute | file_name::kViewIndexAttribute);
  facts["attributes"] = std::to_string(flags | (is_directory ? kAttributeDirectory : 0u));
  const auto time = [&](const char* field, auto function) {
    std::uint64_t value = 0;
    call(path, function, entry, &value);
    facts[field] = std::to_string(value);
  };
  time("created", libfsntfs_file_entry_get_creation_time);
  time("modified", libfsntfs_file_entry_get_modification_time);
  time("changed", libfsntfs_file_entry_get_entry_modification_time);
  time("accessed", libfsntfs_file_entry_get_access_time);
}

void Reader::add_streams(libfsntfs_file_entry_t* entry, const std::string& path, Facts& facts) {
  if (libfsntfs_file_entry_has_default_data_stream(entry, nullptr) == 1) {
    facts["content"] = stream_of(path, entry, libfsntfs_file_entry_get_size, libfsntfs_file_entry_read_buffer);
  }
  int count = 0;
  call(path, libfsntfs_file_entry_get_number_of_alternate_data_streams, entry, &count);
  for (int i = 0; i < count; ++i) {
    libfsntfs_data_stream_t* stream = nullptr;
    call(path, libfsntfs_file_entry_get_alternate_data_stream_by_index, entry, i, &stream);
    const Stream owned(stream);
    const std::string name =
        name_of(stream, libfsntfs_data_stream_get_utf8_name_size, libfsntfs_data_stream_get_utf8_name);
    facts["stream " + name] =
        stream_of(path + ":" + name, stream, libfsntfs_data_stream_get_size, libfsntfs_data_stream_read_buffer);
  }
}

}  // namespace

TreeFacts facts_by_libfsntfs(const std::filesystem::path& volume) { return Reader(volume).read(); }

}  // namespace winnow::ntfs::testing
