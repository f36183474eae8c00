#include "size_analyzer/page_data.hpp"

#include "size_analyzer/page_items.hpp"

namespace winnow {

namespace {

constexpr auto kPageSchema = "winnow-page-1";
constexpr unsigned kIsShadowed = 1;
constexpr unsigned kIsNow = 2;
constexpr unsigned kIsThen = 4;

Json sizes_json(const Sizes& sizes) { return Json::array({sizes.logical, sizes.allocated, sizes.stored}); }

// Text that repeats, by number in the order of its first use; 0 is "".
class TextColumn {
 public:
  void add(const std::string& text) {
    const auto [at, is_new] = index_.try_emplace(text, index_.size());
    if (is_new) texts_.push_back(text);
    column_.push_back(at->second);
  }
  [[nodiscard]] Json texts() { return std::move(texts_); }
  [[nodiscard]] Json column() { return std::move(column_); }

 private:
  Json texts_ = Json::array({""});
  Json column_ = Json::array();
  std::map<std::string, std::size_t> index_ = {{"", 0}};
};

Json image_json(const ImageFacts& facts) {
  Json feeds = Json::array();
  for (const FeedFacts& feed : facts.feeds)
    feeds.push_back(feed.name + (feed.version.empty() ? "" : " " + feed.version));
  Json counts = Json::array();
  for (const CountFacts& count : facts.counts) counts.push_back(Json::array({count.name, count.value}));
  return {{"name", facts.name},
          {"format", facts.format},
          {"tag", facts.tag},
          {"os_version", facts.os_version},
          {"architecture", facts.architecture},
          {"allocated_is_measured", facts.allocated_is_measured},
          {"cluster_size", facts.cluster_size},
          {"layers", facts.layers.size()},
          {"total", sizes_json(facts.total)},
          {"feeds", std::move(feeds)},
          {"counts", std::move(counts)},
          {"warnings", facts.warnings}};
}

Json owners_json(const std::vector<PageOwner>& owners) {
  Json list = Json::array();
  for (const PageOwner& owner : owners) {
    Json json = {{"kind", to_string(owner.facts->kind)},
                 {"basis", to_string(owner.facts->basis)},
                 {"name", owner.facts->name},
                 {"version", owner.facts->version},
                 {"package", owner.facts->package},
                 {"architecture", owner.facts->architecture},
                 {"reason", owner.facts->reason},
                 {"requested", owner.facts->is_requested}};
    if (owner.old != nullptr) json["old_version"] = owner.old->version;
    list.push_back(std::move(json));
  }
  return list;
}

Json directories_json(const PageDirectories& directories) {
  Json parents = Json::array();
  Json names = Json::array();
  for (const PageDirectories::Directory& directory : directories.all()) {
    parents.push_back(directory.parent);
    names.push_back(directory.name);
  }
  return {{"parent", std::move(parents)}, {"name", std::move(names)}};
}

void put_sizes(Json& columns, const std::vector<PageItem>& items, const std::string& prefix, Sizes PageItem::*side) {
  for (const auto& [name, member] :
       {std::pair{"logical", &Sizes::logical}, {"allocated", &Sizes::allocated}, {"stored", &Sizes::stored}}) {
    Json column = Json::array();
    for (const PageItem& item : items) column.push_back(item.*side.*member);
    columns[prefix + name] = std::move(column);
  }
}

void put_items(Json& page, const std::vector<PageItem>& items, bool has_baseline) {
  Json directory = Json::array();
  Json name = Json::array();
  Json owner = Json::array();
  Json kind = Json::array();
  Json flags = Json::array();
  TextColumn part;
  TextColumn language;
  TextColumn architecture;
  for (const PageItem& item : items) {
    directory.push_back(item.place.directory == kNoDirectory ? -1 : static_cast<std::int64_t>(item.place.directory));
    name.push_back(item.place.name);
    owner.push_back(item.owner);
    kind.push_back(static_cast<unsigned>(item.kind));
    flags.push_back((item.is_shadowed ? kIsShadowed : 0) | (item.is_now ? kIsNow : 0) | (item.is_then ? kIsThen : 0));
    part.add(item.part);
    language.add(item.language);
    architecture.add(item.architecture);
  }
  page["parts"] = part.texts();
  page["languages"] = language.texts();
  page["architectures"] = architecture.texts();
  Json columns = {{"directory", std::move(directory)},
                  {"name", std::move(name)},
                  {"part", part.column()},
                  {"owner", std::move(owner)},
                  {"kind", std::move(kind)},
                  {"language", language.column()},
                  {"architecture", architecture.column()},
                  {"flags", std::move(flags)}};
  put_sizes(columns, items, "", &PageItem::now);
  if (has_baseline) put_sizes(columns, items, "old_", &PageItem::then);
  page["items"] = std::move(columns);
}

Json services_json(const ImageFacts& facts) {
  Json list = Json::array();
  for (const ServiceFacts& service : facts.services) {
    list.push_back({{"name", service.name},
                    {"start", service.start},
                    {"driver", service.is_driver},
                    {"listens", service.listens},
                    {"file", service.file}});
  }
  return list;
}

Json series_json(const HistorySeries& series) {
  Json points = Json::array();
  for (const std::optional<Sizes>& point : series.points) points.push_back(point ? sizes_json(*point) : Json(nullptr));
  return {{"name", series.name}, {"group", series.group}, {"points", std::move(points)}};
}

}  // namespace

Json size_page_data(const ImageFacts& facts, const std::optional<ImageFacts>& baseline) {
  PageItems items;
  items.add_image(facts);
  if (baseline) items.add_baseline(*baseline);
  Json kinds = Json::array();
  for (std::size_t i = 0; i < kByteKindCount; ++i) kinds.push_back(to_string(static_cast<ByteKind>(i)));
  Json page = {{"page", kPageSchema},
               {"view", "size"},
               {"image", image_json(facts)},
               {"baseline", baseline ? image_json(*baseline) : Json(nullptr)},
               {"kinds", std::move(kinds)},
               {"owners", owners_json(items.owners())},
               {"directories", directories_json(items.directories())}};
  put_items(page, items.items(), baseline.has_value());
  page["services"] = services_json(facts);
  return page;
}

Json history_page_data(const HistoryPage& history) {
  Json measures = Json::array();
  for (const Measure measure : history.measures) measures.push_back(to_string(measure));
  Json builds = Json::array();
  for (const HistoryBuild& build : history.builds) builds.push_back({{"label", build.label}, {"date", build.date}});
  Json series = Json::array();
  for (const HistorySeries& each : history.series) series.push_back(series_json(each));
  Json marks = Json::array();
  for (const HistoryMark& mark : history.marks) {
    marks.push_back(
        {{"series", mark.series}, {"build", mark.build}, {"regression", mark.is_regression}, {"text", mark.text}});
  }
  return {{"page", kPageSchema},
          {"view", "history"},
          {"title", history.title},
          {"source", history.source},
          {"measures", std::move(measures)},
          {"builds", std::move(builds)},
          {"series", std::move(series)},
          {"marks", std::move(marks)}};
}

std::string script_json(const Json& json) {
  const std::string text = json.dump(-1, ' ', false, Json::error_handler_t::replace);
  std::string escaped;
  escaped.reserve(text.size());
  for (const char sign : text) {
    switch (sign) {
      case '<':
        escaped += "\\u003c";
        break;
      case '>':
        escaped += "\\u003e";
        break;
      case '&':
        escaped += "\\u0026";
        break;
      default:
        escaped += sign;
    }
  }
  return escaped;
}

std::string element_text(std::string_view text) {
  std::string escaped;
  for (const char sign : text) {
    switch (sign) {
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '&':
        escaped += "&amp;";
        break;
      default:
        escaped += sign;
    }
  }
  return escaped;
}

}  // namespace winnow
