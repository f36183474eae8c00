// A difference for programs: JSON (diff.schema.json) and CSV.
#include "size_analyzer/diff_views.hpp"
#include "size_analyzer/facts_json.hpp"
#include "size_analyzer/report_text.hpp"

namespace winnow {

namespace {

Json json_of(const Sizes& sizes) {
  return {{"logical", sizes.logical}, {"allocated", sizes.allocated}, {"stored", sizes.stored}};
}

Json json_of(const SizeChange& change) {
  return {{"logical", change.logical}, {"allocated", change.allocated}, {"stored", change.stored}};
}

Json side(const std::string& name, const Sizes& sizes, ByteCount normalised) {
  Json json = {{"name", name}};
  json.update(json_of(sizes));
  json["normalised"] = normalised;
  return json;
}

void add_sizes(Json& json, const BeforeAfter& row) {
  json["before"] = json_of(row.before);
  json["after"] = json_of(row.after);
}

// A row is in the report when anything of it changed in any measure.
template <class Row>
bool is_changed(const Row& row) {
  for (const Measure measure : {Measure::logical, Measure::allocated, Measure::stored}) {
    if (change_of(row, measure) != Change::same) return true;
  }
  return false;
}

template <class Row>
Json changes_of(const Row& row) {
  return {{"logical", to_string(change_of(row, Measure::logical))},
          {"allocated", to_string(change_of(row, Measure::allocated))},
          {"stored", to_string(change_of(row, Measure::stored))}};
}

Json json_of(const OwnerDiff& owner) {
  Json json = {{"kind", to_string(owner.kind)},
               {"name", owner.name},
               {"package", owner.package},
               {"beforeVersion", owner.before_version},
               {"afterVersion", owner.after_version},
               {"change", changes_of(owner)},
               {"beforeFiles", owner.before_files},
               {"afterFiles", owner.after_files},
               {"filesAppeared", owner.files_appeared},
               {"filesVanished", owner.files_vanished}};
  add_sizes(json, owner);
  return json;
}

Json json_of(const FileDiff& file, const FactsDiff& diff) {
  Json json = {{"beforePath", file.before_path},
               {"afterPath", file.after_path},
               {"matchedBy", to_string(file.index.match)},
               {"change", changes_of(file)},
               {"kind", to_string(file.kind)},
               {"language", file.language},
               {"beforeOwner", diff.owners[file.before_owner].name},
               {"afterOwner", diff.owners[file.after_owner].name},
               {"sameContent", file.is_same_content}};
  add_sizes(json, file);
  return json;
}

Json json_of(const CauseRow& row) {
  Json json = {{"cause", to_string(row.why.cause)}, {"subject", row.why.subject}, {"reason", row.why.reason}};
  json.update(json_of(row.change));
  json["normalised"] = row.normalised;
  return json;
}

class CsvRows {
 public:
  CsvRows()
      : text_(
            "row,change,name,detail,before logical,after logical,logical,before allocated,after allocated,allocated,"
            "before stored,after stored,stored\r\n") {}

  void add(std::string_view row, std::string_view change, const std::string& name, const std::string& detail,
           const BeforeAfter& sizes) {
    start(row, change, name, detail);
    for (const Measure measure : {Measure::logical, Measure::allocated, Measure::stored}) {
      text_ += "," + std::to_string(value_of(sizes.before, measure)) + "," +
               std::to_string(value_of(sizes.after, measure)) + "," + std::to_string(value_of(sizes.change(), measure));
    }
    text_ += "\r\n";
  }
  void add(const CauseRow& row) {
    start("cause", to_string(row.why.cause), row.why.subject, row.why.reason);
    for (const Measure measure : {Measure::logical, Measure::allocated, Measure::stored}) {
      text_ += ",,," + std::to_string(value_of(row.change, measure));
    }
    text_ += "\r\n";
  }
  [[nodiscard]] std::string text() && { return std::move(text_); }

 private:
  void start(std::string_view row, std::string_view change, const std::string& name, const std::string& detail) {
    text_ += std::string(row) + "," + std::string(change) + "," + csv_field(name) + "," + csv_field(detail);
  }
  std::string text_;
};

}  // namespace

Json to_json(const ExplainedDiff& explained) {
  const FactsDiff& diff = explained.diff;
  Json owners = Json::array();
  for (const OwnerDiff& owner : diff.owners) {
    if (is_changed(owner)) owners.push_back(json_of(owner));
  }
  Json files = Json::array();
  for (const FileDiff& file : diff.files) files.push_back(json_of(file, diff));
  Json overheads = Json::array();
  for (const OverheadDiff& overhead : diff.overheads) {
    if (!is_changed(overhead)) continue;
    overheads.push_back(
        {{"kind", to_string(overhead.kind)}, {"name", overhead.name}, {"change", changes_of(overhead)}});
    add_sizes(overheads.back(), overhead);
  }
  Json kinds = Json::array();
  for (const KindDiff& kind : diff.kinds) {
    kinds.push_back({{"kind", to_string(kind.kind)}});
    add_sizes(kinds.back(), kind);
  }
  Json counts = Json::array();
  for (const CountDiff& count : diff.counts) {
    counts.push_back({{"name", count.name}});
    if (count.before) counts.back()["before"] = *count.before;
    if (count.after) counts.back()["after"] = *count.after;
  }
  Json causes = Json::array();
  for (const CauseRow& row : explained.causes) causes.push_back(json_of(row));
  return {{"schema", kDiffSchema},
          {"before", side(diff.before_name, diff.before, diff.before_normalised)},
          {"after", side(diff.after_name, diff.after, diff.after_normalised)},
          {"change", json_of(change_of(diff.before, diff.after))},
          {"causes", causes},
          {"owners", owners},
          {"files", files},
          {"sameFiles", diff.same_files},
          {"overheads", overheads},
          {"kinds", kinds},
          {"counts", counts}};
}

std::string print_diff_csv(const ExplainedDiff& explained) {
  const FactsDiff& diff = explained.diff;
  CsvRows rows;
  rows.add("total", "", diff.after_name, diff.before_name, {diff.before, diff.after});
  for (const CauseRow& row : explained.causes) rows.add(row);
  for (const OwnerDiff& owner : diff.owners) {
    if (!is_changed(owner)) continue;
    rows.add("owner", to_string(change_of(owner, Measure::stored)), owner.name, owner.package, owner);
  }
  for (const FileDiff& file : diff.files) {
    rows.add("file", to_string(change_of(file, Measure::stored)), file.after_path, file.before_path, file);
  }
  for (const OverheadDiff& overhead : diff.overheads) {
    if (!is_changed(overhead)) continue;
    rows.add("overhead", to_string(change_of(overhead, Measure::stored)), overhead.name,
             std::string(to_string(overhead.kind)), overhead);
  }
  return std::move(rows).text();
}

}  // namespace winnow
