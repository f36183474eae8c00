// make_pages NAME OUTPUT: one of the pages that the browser tests open.
#include <cstdio>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "size_analyzer/html_page.hpp"
#include "support/facts_builder.hpp"

namespace {

using namespace winnow;
using winnow::testing::FactsBuilder;

Sizes kilobytes(ByteCount logical, ByteCount stored) {
  return {logical * 1000, (logical * 1000 + 4095) / 4096 * 4096, stored * 1000};
}

FilePart part(ByteKind kind, const std::string& name, Sizes sizes) { return {kind, kNobody, name, sizes}; }

FileFacts file_with_parts(const std::string& path, ByteKind kind, Sizes sizes, std::vector<FilePart> parts) {
  FileFacts file;
  file.path = path;
  file.kind = kind;
  file.sizes = sizes;
  file.parts = std::move(parts);
  file.architecture = "amd64";
  return file;
}

FileFacts language_file(const std::string& path, const std::string& language, Sizes sizes) {
  FileFacts file = file_with_parts(path, ByteKind::language, sizes, {});
  file.language = language;
  return file;
}

FactsBuilder shop(const std::string& name) {
  FactsBuilder facts;
  facts.facts().name = name;
  facts.facts().os_version = "10.0.20348.4648";
  facts.facts().architecture = "amd64";
  facts.component("base", "Kernel").component("base", "Locale").component("shell", "Shell").app("shop");
  facts.owner({OwnerType::winnow, OwnerBasis::provenance, "winnow", "", "", "", "", false, {}});
  facts.file("Windows/winnow/provenance.json", "winnow", kilobytes(12, 3));
  facts.file("app/server.js", "shop", kilobytes(40, 9));
  facts.overhead(ByteKind::file_table, "tar headers", {0, 30720, 4100});
  facts.overhead(ByteKind::container_format, "documents of the image", {0, 8192, 2100});
  return facts;
}

ImageFacts shop_now() {
  FactsBuilder facts = shop("shop-2.tar");
  facts.file_facts(file_with_parts("Windows/System32/kernel32.dll", ByteKind::library, kilobytes(800, 300),
                                   {part(ByteKind::debug_section, ".debug_info", kilobytes(200, 60)),
                                    part(ByteKind::signature, "Authenticode", kilobytes(10, 10))}),
                   "Kernel");
  facts.file("Windows/System32/ntdll.dll", "Kernel", kilobytes(600, 250), ByteKind::library);
  facts.file("Windows/System32/shell32.dll", "Shell", kilobytes(9000, 4000), ByteKind::library);
  facts.file("Windows/System32/locale.nls", "Locale", kilobytes(700, 190), ByteKind::nls);
  facts.file_facts(language_file("Windows/System32/de-DE/shell32.dll.mui", "de-DE", kilobytes(60, 20)), "Shell");
  facts.file_facts(language_file("Windows/System32/en-US/shell32.dll.mui", "en-US", kilobytes(50, 18)), "Shell");
  facts.file("app/node.exe", "shop", kilobytes(70000, 26000), ByteKind::executable);
  facts.file("left/over.bin", "", kilobytes(100, 80));
  facts.count("files", 10).count("executables", 1).count("libraries", 3).count("services automatic", 4);
  facts.facts().services.push_back({"Themes", "automatic", false, true, "Windows/System32/shell32.dll", kNobody});
  return facts.build();
}

ImageFacts shop_before() {
  FactsBuilder facts = shop("shop-1.tar");
  facts.file("Windows/System32/KERNEL32.dll", "Kernel", kilobytes(900, 350), ByteKind::library);
  facts.file("Windows/System32/ntdll.dll", "Kernel", kilobytes(600, 250), ByteKind::library);
  facts.file("Windows/System32/shell32.dll", "Shell", kilobytes(7000, 3000), ByteKind::library);
  facts.file("Windows/System32/locale.nls", "Locale", kilobytes(700, 190), ByteKind::nls);
  facts.file("Windows/Fonts/old.ttf", "Shell", kilobytes(500, 400), ByteKind::font);
  facts.file("app/node.exe", "shop", kilobytes(64000, 24000), ByteKind::executable);
  facts.count("files", 8).count("executables", 1).count("libraries", 3).count("services automatic", 5);
  return facts.build();
}

// Names that would end the data, run as markup, hide themselves or nest without end.
ImageFacts hostile() {
  FactsBuilder facts;
  facts.facts().name = "</title><script>document.title='taken'</script>.tar";
  facts.component("</script><img src=x onerror=alert(1)>", "<b>bold</b>&amp;");
  facts.file("Windows/</script><script>window.taken=1</script>/a.dll", "<b>bold</b>&amp;", kilobytes(50, 40));
  facts.file("Windows/<!--/b", "<b>bold</b>&amp;", kilobytes(50, 30));
  facts.file("__proto__/constructor/hasOwnProperty", "", kilobytes(20, 20));
  facts.file("Windows/evil\xE2\x80\xAEgpj.exe", "", kilobytes(10, 10), ByteKind::executable);
  facts.file("Windows/not-utf8-\xFF\xFE", "", kilobytes(10, 9));
  facts.file("@@REPORT@@/@@TITLE@@", "", kilobytes(5, 5));
  std::string deep;
  for (int i = 0; i < 5000; ++i) deep += "d/";
  facts.file(deep + "end", "", kilobytes(30, 25));
  facts.facts().warnings.push_back("<img src=x onerror=alert(2)>: not understood");
  return facts.build();
}

HistoryPage history() {
  HistoryPage page;
  page.title = "shop builds";
  page.source = "winnow history, 24 builds";
  page.measures = {Measure::stored, Measure::logical};
  HistorySeries image{"shop.tar", "image", {}};
  HistorySeries kernel{"Kernel", "component", {}};
  HistorySeries telemetry{"Telemetry", "component", {}};
  for (ByteCount i = 0; i < 24; ++i) {
    const std::string day = std::to_string(101 + i).substr(1);
    page.builds.push_back({"build " + std::to_string(i + 1), "2026-10-" + day});
    const ByteCount extra = i >= 15 ? 9000 : 0;
    image.points.emplace_back(kilobytes(90000 + 130 * i + extra, 37000 + 40 * i + extra / 3));
    kernel.points.emplace_back(kilobytes(12000 + 50 * i, 5000 + 20 * i));
    if (i < 15) {
      telemetry.points.emplace_back(std::nullopt);
    } else {
      telemetry.points.emplace_back(kilobytes(9000, 3000));
    }
  }
  page.series = {image, kernel, telemetry};
  page.marks = {{0, 15, true, "+3.0 MB: Telemetry is new"}};
  return page;
}

int write(const std::string& name, const std::string& output) {
  const std::map<std::string, std::function<Result<void>()>> pages = {
      {"size", [&] { return write_size_page(shop_now(), std::nullopt, output); }},
      {"diff", [&] { return write_size_page(shop_now(), shop_before(), output); }},
      {"hostile", [&] { return write_size_page(hostile(), std::nullopt, output); }},
      {"history", [&] { return write_history_page(history(), output); }},
  };
  const auto page = pages.find(name);
  if (page == pages.end()) {
    std::fprintf(stderr, "no page is called %s\n", name.c_str());
    return 2;
  }
  const Result<void> written = page->second();
  if (!written) std::fprintf(stderr, "%s\n", to_string(written.error()).c_str());
  return written ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: make_pages NAME OUTPUT\n");
    return 2;
  }
  return write(argv[1], argv[2]);
}
