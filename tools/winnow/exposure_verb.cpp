#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <ostream>

#include "size_analyzer/exposure/exposure_report.hpp"
#include "size_analyzer/load_facts.hpp"
#include "winnow/verb.hpp"

namespace winnow {

namespace {

constexpr auto kExample =
    "Examples:\n"
    "  winnow exposure node.vhd --bulletins msrc --against product --product \"Windows Server 2016\" --from 2016-10\n"
    "  winnow exposure \"product:Windows Server 2012 R2 (Server Core installation)\" --bulletins msrc \\\n"
    "    --against \"product:Windows Server 2012 R2\"\n";
constexpr std::string_view kProduct = "product";
constexpr std::string_view kProductPrefix = "product:";

struct Options {
  std::string image;
  std::string bulletins;
  std::string against;
  std::string tag_map = WINNOW_PACKAGES_DIR "/exposure/tag-map.xml";
  std::string from, to;
  std::vector<std::string> products;
  std::string format = "text";
  bool all = false;
};

bool is_month(const std::string& text) {
  const auto digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9'; };
  return text.size() == 7 && digit(0) && digit(1) && digit(2) && digit(3) && text[4] == '-' && digit(5) && digit(6) &&
         text.substr(5) >= "01" && text.substr(5) <= "12";
}

std::string check_month(const std::string& text) {
  return is_month(text) ? std::string() : "\"" + text + "\" is no month; write it as 2016-04";
}

// "product:NAME" is a whole product; all else a path.
Result<ExposedSubject> subject_of(const std::string& text, std::vector<std::string>& products) {
  if (text.starts_with(kProductPrefix)) {
    products.push_back(text.substr(kProductPrefix.size()));
    return ExposedSubject::product(products.back());
  }
  WINNOW_TRY(const ImageFacts facts, load_facts(text));
  return ExposedSubject::image(facts);
}

Result<int> run(const Options& options, World& world) {
  ExposureRequest request;
  request.from = options.from;
  request.to = options.to;
  request.image_products = options.products;
  WINNOW_TRY(request.image, subject_of(options.image, request.image_products));
  if (options.against == kProduct) {
    request.baseline = ExposedSubject::product("product");
  } else {
    WINNOW_TRY(request.baseline, subject_of(options.against, request.baseline_products));
  }
  WINNOW_TRY(const TagMap tags, TagMap::load(options.tag_map));
  WINNOW_TRY(const SecurityDocuments documents, load_security_documents(options.bulletins));
  WINNOW_TRY(const ExposureReport report, measure_exposure(documents, tags, request));
  if (options.format == "json") {
    world.out << to_json(report).dump(2) << '\n';
  } else if (options.format == "csv") {
    world.out << exposure_csv(report);
  } else if (options.format == "markdown") {
    world.out << exposure_markdown(report);
  } else {
    world.out << print_exposure(report, options.all);
  }
  return kExitDone;
}

}  // namespace

Verb add_exposure_verb(CLI::App& root) {
  const auto options = std::make_shared<Options>();
  CLI::App* app = root.add_subcommand("exposure", "Count the security bulletins and reboots that touch an image");
  app->footer(kExample);
  app->add_option("IMAGE", options->image, "Image, folder or stored report; or product:NAME for a whole product")
      ->required();
  app->add_option("--bulletins", options->bulletins, "Folder of CVRF or CSAF documents (.xml, .json; .zst, .gz)")
      ->required()
      ->type_name("DIR");
  app->add_option("--against", options->against,
                  "What to compare with: an image, a stored report, product (all of the image's product), product:NAME")
      ->required()
      ->type_name("BASELINE");
  app->add_option("--product", options->products, "Products the image counts as; default: those of its build")
      ->type_name("NAME")
      ->allow_extra_args(false);
  app->add_option("--from", options->from, "First month")->type_name("YYYY-MM")->check(check_month);
  app->add_option("--to", options->to, "Last month")->type_name("YYYY-MM")->check(check_month);
  app->add_option("--format", options->format, "How to print it")
      ->check(CLI::IsMember({"text", "json", "csv", "markdown"}))
      ->capture_default_str();
  app->add_flag("--all", options->all, "Also list what does not touch the image (text)");
  app->add_option("--tag-map", options->tag_map, "What tags mean; default: the map that winnow ships")
      ->type_name("FILE");
  return {app, [options](World& world) { return run(*options, world); }};
}

}  // namespace winnow
