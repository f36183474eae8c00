#include "compose/app_files.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <optional>
#include <system_error>

#include "base/parallel.hpp"
#include "binary/binary_needs.hpp"
#include "payload/payload_source.hpp"

namespace winnow {

namespace {

bool is_wanted(const AppPayload& payload, const std::string& path) {
  if (payload.only.empty()) return true;
  return std::any_of(payload.only.begin(), payload.only.end(),
                     [&path](const std::string& pattern) { return ::fnmatch(pattern.c_str(), path.c_str(), 0) == 0; });
}

// The entries of one payload that land in the image, placed; digests are still missing.
Result<std::vector<AppFile>> place_entries(const AppPayload& payload, const Payload& loaded) {
  std::vector<AppFile> files;
  for (const PayloadEntry& entry : loaded.entries) {
    if (!entry.path.starts_with(payload.strip)) continue;
    const std::string path = entry.path.substr(payload.strip.size());
    if (!is_wanted(payload, path)) continue;
    auto placed = WindowsPath::parse(path);
    if (!placed) return fail(std::move(placed).error().with_note("in " + payload.source.string()));
    files.push_back({payload.destination / *placed, entry.content, {}, payload.place});
  }
  if (!files.empty()) return files;
  return fail("cannot use " + payload.source.string() + ": no file in it is wanted",
              {"it holds " + std::to_string(loaded.entries.size()) + " files; look at strip=\"" + payload.strip +
               "\" and <only>"});
}

// A file, or a folder with all that is in it, below its own name.
Result<std::vector<AppFile>> place_copy(const MachineCopy& copy) {
  namespace fs = std::filesystem;
  const fs::path source = copy.path.has_filename() ? copy.path : copy.path.parent_path();
  WINNOW_TRY(const WindowsPath name, WindowsPath::parse(source.filename().string()));
  const WindowsPath destination = copy.destination / name;
  std::error_code code;
  if (fs::is_regular_file(source, code)) {
    const ByteCount size = fs::file_size(source, code);
    return std::vector<AppFile>{{destination, Content::of_file(source, size), {}, copy.place}};
  }
  WINNOW_TRY(const Payload folder, load_payload(source, std::nullopt));
  std::vector<AppFile> files;
  for (const PayloadEntry& entry : folder.entries) {
    WINNOW_TRY(const WindowsPath path, WindowsPath::parse(entry.path));
    files.push_back({destination / path, entry.content, {}, copy.place});
  }
  return files;
}

// What reading one file's bytes gives. Filled by two tasks, one a field each.
struct Scan {
  std::optional<Error> digest_error;
  Digest digest;
  std::optional<Error> needs_error;
  std::optional<BinaryNeeds> needs;
};

void scan_digest(const AppFile& file, Scan& scan) {
  const auto content = file.content.load();
  if (!content) {
    scan.digest_error = content.error();
    return;
  }
  scan.digest = sha256(content->bytes());
}

void scan_needs(const AppFile& file, const std::set<std::string, std::less<>>& known_modules, Scan& scan) {
  const auto content = file.content.load();
  if (!content || !looks_like_pe(content->bytes())) return;  // an unreadable file is reported by scan_digest
  auto needs = read_binary_needs(content->bytes(), file.path.text(), known_modules);
  if (needs) {
    scan.needs = std::move(*needs);
  } else {
    scan.needs_error = needs.error();
  }
}

// The faults of a payload are those of the <files> element that names it.
void add_at(Diagnostics& faults, const Error& error, const Place& place) {
  for (const Fault& fault : error.faults()) faults.add(place, fault.message, fault.notes);
}

// A folder has no digest of its own: the digest of its wanted files stands for it.
Digest digest_of_files(const std::vector<AppFile>& files, std::size_t first, std::size_t end) {
  Sha256 hash;
  for (std::size_t i = first; i < end; ++i) {
    hash.update(as_bytes(files[i].path.text() + "\n" + files[i].digest.hex() + "\n"));
  }
  return hash.finish();
}

}  // namespace

Result<AppFiles> load_app_files(const AppManifest& app, const std::set<std::string, std::less<>>& known_modules) {
  AppFiles result;
  Diagnostics faults;
  std::vector<std::pair<std::size_t, std::optional<Digest>>> starts;  // first file and archive digest of each payload
  for (const AppPayload& payload : app.payloads) {
    starts.emplace_back(result.files.size(), std::nullopt);
    auto loaded = load_payload(payload.source, payload.digest);
    auto placed = loaded ? place_entries(payload, *loaded) : Result<std::vector<AppFile>>(fail(loaded.error()));
    if (!placed) {
      add_at(faults, placed.error(), payload.place);
      continue;
    }
    starts.back().second = loaded->digest;
    result.files.insert(result.files.end(), placed->begin(), placed->end());
  }
  for (const MachineCopy& copy : app.machine.copies) {
    starts.emplace_back(result.files.size(), std::nullopt);
    auto placed = place_copy(copy);
    if (!placed) {
      add_at(faults, placed.error(), copy.place);
      continue;
    }
    result.files.insert(result.files.end(), placed->begin(), placed->end());
  }
  if (!faults.empty()) return fail(std::move(faults).error());

  std::vector<Scan> scans(result.files.size());
  parallel_for(2 * scans.size(), [&](std::size_t task) {
    const std::size_t i = task / 2;
    if (task % 2 == 0) {
      scan_digest(result.files[i], scans[i]);
    } else {
      scan_needs(result.files[i], known_modules, scans[i]);
    }
  });
  for (std::size_t i = 0; i < scans.size(); ++i) {
    for (const auto& error : {scans[i].digest_error, scans[i].needs_error}) {
      if (error) add_at(faults, *error, result.files[i].place);
    }
    result.files[i].digest = scans[i].digest;
    if (scans[i].needs)
      result.modules.push_back({result.files[i].path, std::move(*scans[i].needs), result.files[i].place});
  }
  if (!faults.empty()) return fail(std::move(faults).error());
  const std::size_t payloads = app.payloads.size();
  for (std::size_t i = 0; i < starts.size(); ++i) {
    const bool is_payload = i < payloads;
    const std::size_t next = is_payload ? payloads : i + 1;
    const std::size_t end = next < starts.size() ? starts[next].first : result.files.size();
    const Digest digest = starts[i].second ? *starts[i].second : digest_of_files(result.files, starts[i].first, end);
    const auto& source = is_payload ? app.payloads[i].source : app.machine.copies[i - payloads].path;
    result.inputs.push_back({is_payload ? "payload" : "copy", source.filename().string(), digest});
  }
  return result;
}

}  // namespace winnow
