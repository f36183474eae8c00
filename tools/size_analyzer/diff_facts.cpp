#include "size_analyzer/diff_facts.hpp"

#include <map>
#include <tuple>
#include <utility>

#include "size_analyzer/normalised_size.hpp"

namespace winnow {

namespace {

constexpr ByteCount kMaxTotal = ByteCount{1} << 62;  // so that every difference fits

std::int64_t difference(ByteCount before, ByteCount after) { return static_cast<std::int64_t>(after - before); }

std::vector<std::size_t> rows_by_index(const std::vector<MatchedPair>& pairs, std::size_t MatchedPair::*side,
                                       std::size_t count) {
  std::vector<std::size_t> rows(count, kNoRow);
  for (std::size_t row = 0; row < pairs.size(); ++row) {
    if (pairs[row].*side != kNoMatch) rows[pairs[row].*side] = row;
  }
  return rows;
}

class Comparison {
 public:
  Comparison(const ImageFacts& before, const ImageFacts& after) : before_(before), after_(after) {}

  FactsDiff compare() {
    diff_.before_name = before_.name;
    diff_.after_name = after_.name;
    diff_.before = before_.total;
    diff_.after = after_.total;
    diff_.before_normalised = normalised_size(before_);
    diff_.after_normalised = normalised_size(after_);
    add_owners();
    for (const MatchedFiles& pair : match_files(before_, after_)) add_file(pair);
    add_overheads();
    for (const auto& [kind, sizes] : kinds_) diff_.kinds.push_back({sizes, kind});
    add_counts();
    return std::move(diff_);
  }

 private:
  void add_owners() {
    const std::vector<MatchedPair> pairs = match_owners(before_, after_);
    before_rows_ = rows_by_index(pairs, &MatchedPair::before, before_.owners.size());
    after_rows_ = rows_by_index(pairs, &MatchedPair::after, after_.owners.size());
    for (const MatchedPair& pair : pairs) {
      OwnerDiff row;
      row.index = pair;
      const OwnerFacts* before = pair.before == kNoMatch ? nullptr : &before_.owners[pair.before];
      const OwnerFacts* after = pair.after == kNoMatch ? nullptr : &after_.owners[pair.after];
      const OwnerFacts& newest = after != nullptr ? *after : *before;
      row.kind = newest.kind;
      row.name = newest.name;
      row.package = newest.package;
      if (before != nullptr) row.before_version = before->version;
      if (after != nullptr) row.after_version = after->version;
      row.is_moved = before != nullptr && after != nullptr && before->package != after->package;
      diff_.owners.push_back(std::move(row));
    }
  }

  void add_file(const MatchedFiles& pair) {
    const FileFacts* before = pair.before == kNoMatch ? nullptr : &before_.files[pair.before];
    const FileFacts* after = pair.after == kNoMatch ? nullptr : &after_.files[pair.after];
    FileDiff row;
    row.index = pair;
    const FileFacts& newest = after != nullptr ? *after : *before;
    row.kind = newest.kind;
    row.language = newest.language;
    if (before != nullptr) {
      row.before_path = before->path;
      row.before = before->sizes;
      row.before_owner = row.after_owner = before_rows_[before->owner];
      ++diff_.owners[row.before_owner].before_files;
    }
    if (after != nullptr) {
      row.after_path = after->path;
      row.after = after->sizes;
      row.after_owner = after_rows_[after->owner];
      if (before == nullptr) row.before_owner = row.after_owner;
      ++diff_.owners[row.after_owner].after_files;
    }
    const bool is_in_both = before != nullptr && after != nullptr;
    if (before == nullptr) ++diff_.owners[row.after_owner].files_appeared;
    if (after == nullptr) ++diff_.owners[row.before_owner].files_vanished;
    row.is_same_content = is_in_both && !before->digest.empty() && before->digest == after->digest;
    const bool has_pieces = add_pieces(before, after);
    const bool is_changed_content = is_in_both && before->digest != after->digest;
    if (has_pieces || !is_in_both || row.before_path != row.after_path || row.before_owner != row.after_owner ||
        is_changed_content) {
      diff_.files.push_back(std::move(row));
    } else {
      ++diff_.same_files;
    }
  }

  // What differs of one file, as the next row of FactsDiff::files. Returns whether anything does.
  bool add_pieces(const FileFacts* before, const FileFacts* after) {
    std::map<std::tuple<std::size_t, ByteKind, std::string>, std::pair<BeforeAfter, bool>> pieces;
    const auto collect = [&](const FileFacts& file, const std::vector<std::size_t>& rows, Sizes BeforeAfter::*side) {
      visit_parts(file, [&](OwnerIndex owner, ByteKind kind, const std::string& name, const Sizes& sizes, bool counts) {
        auto& [both, is_counted] = pieces[{rows[owner], kind, name}];
        both.*side += sizes;
        is_counted = counts;
        diff_.owners[rows[owner]].*side += sizes;
        kinds_[kind].*side += sizes;
      });
    };
    if (before != nullptr) collect(*before, before_rows_, &BeforeAfter::before);
    if (after != nullptr) collect(*after, after_rows_, &BeforeAfter::after);
    const std::size_t count = diff_.pieces.size();
    for (const auto& [key, piece] : pieces) {
      if (piece.first.before == piece.first.after) continue;
      const auto& [owner, kind, name] = key;
      diff_.pieces.push_back({piece.first, owner, diff_.files.size(), kNoRow, kind, name, piece.second});
    }
    return diff_.pieces.size() != count;
  }

  void add_overheads() {
    std::map<std::pair<ByteKind, std::string>, OverheadDiff> rows;
    const auto collect = [&](const ImageFacts& facts, Sizes BeforeAfter::*side, bool OverheadDiff::*is_there) {
      for (const OverheadFacts& overhead : facts.overheads) {
        OverheadDiff& row = rows[{overhead.kind, overhead.name}];
        row.kind = overhead.kind;
        row.name = overhead.name;
        row.*side += overhead.sizes;
        row.*is_there = true;
        kinds_[overhead.kind].*side += overhead.sizes;
      }
    };
    collect(before_, &BeforeAfter::before, &OverheadDiff::is_before);
    collect(after_, &BeforeAfter::after, &OverheadDiff::is_after);
    for (auto& [key, row] : rows) {
      if (row.before != row.after) {
        diff_.pieces.push_back({row, kNoRow, kNoRow, diff_.overheads.size(), row.kind, row.name, false});
      }
      diff_.overheads.push_back(std::move(row));
    }
  }

  void add_counts() {
    std::map<std::string, std::size_t> rows;
    const auto row_of = [&](const std::string& name) -> CountDiff& {
      const auto [found, is_new] = rows.emplace(name, diff_.counts.size());
      if (is_new) diff_.counts.push_back({name, std::nullopt, std::nullopt});
      return diff_.counts[found->second];
    };
    for (const CountFacts& count : before_.counts) row_of(count.name).before = count.value;
    for (const CountFacts& count : after_.counts) row_of(count.name).after = count.value;
  }

  const ImageFacts& before_;
  const ImageFacts& after_;
  FactsDiff diff_;
  std::vector<std::size_t> before_rows_;  // of an owner of the image, by its index there
  std::vector<std::size_t> after_rows_;
  std::map<ByteKind, BeforeAfter> kinds_;
};

Change classify(bool is_before, bool is_after, bool is_moved, std::int64_t change) {
  if (!is_before) return is_after ? Change::appeared : Change::same;
  if (!is_after) return Change::vanished;
  if (change != 0) return change > 0 ? Change::grew : Change::shrank;
  return is_moved ? Change::moved : Change::same;
}

std::string numbers(const SizeChange& change) {
  return std::to_string(change.logical) + " logical, " + std::to_string(change.allocated) + " allocated, " +
         std::to_string(change.stored) + " stored";
}

template <class Rows>
SizeChange sum(const Rows& rows) {
  SizeChange total;
  for (const auto& row : rows) total += row.change();
  return total;
}

}  // namespace

SizeChange& SizeChange::operator+=(const SizeChange& other) {
  logical += other.logical;
  allocated += other.allocated;
  stored += other.stored;
  return *this;
}

SizeChange change_of(const Sizes& before, const Sizes& after) {
  return {difference(before.logical, after.logical), difference(before.allocated, after.allocated),
          difference(before.stored, after.stored)};
}

std::int64_t value_of(const SizeChange& change, Measure measure) {
  switch (measure) {
    case Measure::logical:
      return change.logical;
    case Measure::allocated:
      return change.allocated;
    case Measure::stored:
      break;
  }
  return change.stored;
}

std::string_view to_string(Change change) {
  switch (change) {
    case Change::same:
      return "same";
    case Change::grew:
      return "grew";
    case Change::shrank:
      return "shrank";
    case Change::appeared:
      return "appeared";
    case Change::vanished:
      return "vanished";
    case Change::moved:
      break;
  }
  return "moved";
}

Result<FactsDiff> diff_facts(const ImageFacts& before, const ImageFacts& after) {
  for (const ImageFacts* facts : {&before, &after}) {
    for (const Measure measure : {Measure::logical, Measure::allocated, Measure::stored}) {
      if (value_of(facts->total, measure) < kMaxTotal) continue;
      return fail("cannot compare " + before.name + " with " + after.name + ": " + facts->name + " has " +
                  std::to_string(value_of(facts->total, measure)) + " bytes, at most 2^62 are supported");
    }
  }
  FactsDiff diff = Comparison(before, after).compare();
  WINNOW_CHECK(check_diff(diff));
  return diff;
}

Result<void> check_diff(const FactsDiff& diff) {
  const SizeChange expected = change_of(diff.before, diff.after);
  const SizeChange overheads = sum(diff.overheads);
  SizeChange owners = sum(diff.owners);
  SizeChange files = sum(diff.files);
  owners += overheads;
  files += overheads;
  for (const auto& [what, change] :
       {std::pair{"pieces", sum(diff.pieces)}, {"owners", owners}, {"files", files}, {"kinds", sum(diff.kinds)}}) {
    if (change == expected) continue;
    return fail("cannot compare " + diff.before_name + " with " + diff.after_name + ": the " + what + " add up to " +
                numbers(change) + " bytes, the totals differ by " + numbers(expected));
  }
  return {};
}

Change change_of(const OwnerDiff& owner, Measure measure) {
  return classify(owner.index.before != kNoMatch, owner.index.after != kNoMatch, owner.is_moved,
                  value_of(owner.change(), measure));
}

Change change_of(const FileDiff& file, Measure measure) {
  return classify(file.index.before != kNoMatch, file.index.after != kNoMatch, file.before_path != file.after_path,
                  value_of(file.change(), measure));
}

Change change_of(const OverheadDiff& overhead, Measure measure) {
  return classify(overhead.is_before, overhead.is_after, false, value_of(overhead.change(), measure));
}

}  // namespace winnow
