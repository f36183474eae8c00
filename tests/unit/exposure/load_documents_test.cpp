// Security update documents in each spelling, what is not understood, and what is damaged.
#include "size_analyzer/exposure/load_documents.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "base/file_system.hpp"
#include "size_analyzer/exposure/document_builder.hpp"
#include "size_analyzer/exposure/file_names.hpp"
#include "support/security_texts.hpp"

namespace winnow {
namespace {

using namespace testing;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t place = text.find(from);
  EXPECT_NE(place, std::string::npos) << from;
  return text.replace(place, from.size(), to);
}

ParsedDocument parsed(const std::string& text, const std::string& file) {
  auto result = parse_security_document(text, file);
  EXPECT_TRUE(result) << to_string(result.error());
  return result ? *std::move(result) : ParsedDocument{};
}

std::string error_of(const std::string& text, const std::string& file) {
  const auto result = parse_security_document(text, file);
  return result ? "no error" : to_string(result.error());
}

std::vector<std::string> texts_of(const std::vector<DocumentWarning>& warnings) {
  std::vector<std::string> texts;
  for (const DocumentWarning& w : warnings)
    texts.push_back(std::to_string(w.count) + " x " + w.text + " at " + w.first);
  return texts;
}

// All that must be equal whatever the spelling.
std::string described(const SecurityDocument& document) {
  std::string out = document.id + " " + document.date + " " + document.month + " " + document.title + "\n";
  for (const SecurityProduct& product : document.products) out += "product " + product.id + " " + product.name + "\n";
  for (const Vulnerability& v : document.vulnerabilities) {
    out += v.id + " [" + v.tag + (v.tag_is_from_title ? ", from the title" : "") + "] " + v.date + " " + v.title + "\n";
    for (const AffectedProduct& a : v.affected) {
      out += "  affects " + document.products[a.product].id + " " + std::string(to_string(a.severity)) + ", " +
             a.impact + "\n";
    }
    for (const SecurityFix& f : v.fixes) {
      out += "  " + f.update + ", " + f.sub_type + ", build " + f.fixed_build + ", supersedes " + f.supersedes +
             ", restart " + std::string(to_string(f.restart)) + ", products " + std::to_string(f.products.size());
      for (const std::string& file : f.files) out += " " + file;
      out += "\n";
    }
    for (const std::string& file : v.mentioned_files) out += "  mentions " + file + "\n";
  }
  return out;
}

TEST(SecurityDocument, EverySpellingGivesTheSameModel) {
  const ParsedDocument xml = parsed(kCvrfXml, "2016-Mar.xml");
  EXPECT_EQ(described(xml.document),
            "2016-Mar 2016-03-08 2016-03 March 2016 Security Updates\n"
            "product 100 Windows Server 2016\n"
            "product 101 Windows Server 2016 (Server Core installation)\n"
            "CVE-2016-9001 [Example Print Spooler] 2016-03-08 Example Spooler Elevation of Privilege Vulnerability\n"
            "  affects 100 critical, Elevation of Privilege\n"
            "  affects 101 important, Elevation of Privilege\n"
            "  KB9000001, Security Update, build 10.0.14393.9, supersedes 8000001, restart yes, products 2 "
            "spoolsv.exe win32spl.dll\n"
            "  mentions spool64.dll\n");
  EXPECT_THAT(texts_of(xml.warnings), IsEmpty());
  const ParsedDocument json = parsed(kCvrfJson, "2016-Mar.json");
  EXPECT_EQ(described(json.document), described(xml.document));
  EXPECT_THAT(texts_of(json.warnings), IsEmpty());
  EXPECT_EQ(xml.document.vulnerabilities[0].location, "2016-Mar.xml:15:4");
  EXPECT_EQ(json.document.vulnerabilities[0].location, "2016-Mar.json#/Vulnerability/0");
}

TEST(SecurityDocument, CsafHasOneSeverityAndNoTag) {
  const ParsedDocument csaf = parsed(kCsafJson, "msrc_cve-2016-9001.json");
  EXPECT_EQ(described(csaf.document),
            "msrc_CVE-2016-9001 2016-03-08 2016-03 Example Spooler Elevation of Privilege Vulnerability\n"
            "product 1 Windows Server 2016\n"
            "product 100 Windows Server 2016\n"
            "CVE-2016-9001 [Example Spooler, from the title] 2016-03-08 Example Spooler Elevation of Privilege "
            "Vulnerability\n"
            "  affects 1 critical, Elevation of Privilege\n"
            "  KB9000001, Security Update, build 10.0.14393.9, supersedes , restart yes, products 1\n"
            "  mentions spool64.dll\n");
  EXPECT_THAT(texts_of(csaf.warnings), IsEmpty());
}

TEST(SecurityDocument, UnknownWordsAreCountedWarnings) {
  std::string text = replaced(kCvrfXml, "<vuln:RestartRequired>Yes", "<vuln:RestartRequired>Tomorrow");
  text = replaced(text, "Type=\"Exploit Status\"", "Type=\"Rumour\"");
  text = replaced(text, ">Critical<", ">Dire<");
  text = replaced(text, "Type=\"Workaround\"", "Type=\"Prayer\"");
  text = replaced(text, "<vuln:ProductID>101</vuln:ProductID></vuln:Threat>",
                  "<vuln:ProductID>999</vuln:ProductID><vuln:ProductID>998</vuln:ProductID></vuln:Threat>");
  const ParsedDocument document = parsed(text, "m.xml");
  EXPECT_THAT(texts_of(document.warnings),
              ElementsAre("1 x RestartRequired is \"Tomorrow\"; counted as unstated at m.xml:15:4",
                          "2 x a product id is not in the product tree at m.xml:15:4",
                          "1 x a remediation has the unknown type \"Prayer\" at m.xml:45:8",
                          "1 x a threat has the unknown type \"Rumour\" at m.xml:33:8",
                          "1 x the severity \"Dire\" is unknown; counted as unrated at m.xml:15:4"));
  EXPECT_EQ(document.document.vulnerabilities[0].affected[0].severity, Severity::unrated);
  EXPECT_EQ(document.document.vulnerabilities[0].fixes[0].restart, Restart::unstated);

  const ParsedDocument json = parsed(replaced(kCvrfJson, "\"Type\": 3,", "\"Type\": 77,"), "m.json");
  EXPECT_THAT(texts_of(json.warnings),
              ElementsAre("1 x a product status has the unknown type 77 at m.json#/Vulnerability/0"));
}

TEST(SecurityDocument, DamageIsOneErrorWithItsPlace) {
  EXPECT_EQ(error_of("", "a.xml"), "cannot read a.xml: it is empty");
  EXPECT_EQ(error_of("<rss/>", "a.xml"), "a.xml:1:2: cannot read <rss> as CVRF: its root is not <cvrfdoc>");
  EXPECT_EQ(error_of("<cvrfdoc/>", "a.xml"), "a.xml:1:2: cannot read <cvrfdoc>: it has no <DocumentTracking>");
  EXPECT_EQ(error_of(kCvrfXml.substr(0, 2000), "a.xml"),
            "a.xml:31:7: cannot parse XML: the element <vuln:Threat> is not closed");
  std::string deep;
  for (int i = 0; i < 5000; ++i) deep += "<a>";
  EXPECT_EQ(error_of(deep, "a.xml"), "a.xml:1:193: cannot parse XML: elements are nested more than 64 deep");
  EXPECT_EQ(error_of("{}", "a.json"), "cannot read a.json: it is neither CVRF nor CSAF");
  EXPECT_EQ(error_of("[1, 2]", "a.json"), "cannot read a.json: it is neither CVRF nor CSAF");
  EXPECT_EQ(error_of(R"({"document": {"csaf_version": "3.0"}})", "a.json"),
            "cannot read a.json: it is CSAF \"3.0\", not 2.0");
  EXPECT_EQ(error_of(R"({"DocumentTracking": 7})", "a.json"), "cannot read a.json: it has no id");
  EXPECT_EQ(error_of(replaced(kCvrfXml, "2016-03-08T08:00:00Z", "in March"), "a.xml"),
            "cannot read a.xml: its first release has no date");
  EXPECT_THAT(error_of(kCvrfJson.substr(0, 900), "a.json"), ::testing::StartsWith("cannot parse a.json: "));
}

void write(const std::filesystem::path& path, const std::string& text) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

TEST(LoadSecurityDocuments, TakesEveryDocumentBelowAFolderOnce) {
  const TemporaryDirectory folder = TemporaryDirectory::create("winnow-exposure").value();
  write(folder.path() / "b" / "2016-Mar.xml", kCvrfXml);
  write(folder.path() / "c" / "2016-Mar.json", kCvrfJson);
  write(folder.path() / "a" / "feb.xml",
        replaced(replaced(kCvrfXml, "2016-Mar<", "2016-Feb<"), "2016-03-08T", "2016-02-09T"));
  write(folder.path() / "README.md", "not a document");
  const auto loaded = load_security_documents(folder.path());
  ASSERT_TRUE(loaded) << to_string(loaded.error());
  std::vector<std::string> found;
  for (const SecurityDocument& d : loaded->documents) found.push_back(d.month + " " + d.file);
  EXPECT_THAT(found, ElementsAre("2016-02 a/feb.xml", "2016-03 b/2016-Mar.xml"));
  EXPECT_THAT(
      texts_of(loaded->warnings),
      ElementsAre("1 x the document \"2016-Mar\" of b/2016-Mar.xml is there again; left out at c/2016-Mar.json"));
}

TEST(LoadSecurityDocuments, NamesWhatIsMissing) {
  const TemporaryDirectory folder = TemporaryDirectory::create("winnow-exposure").value();
  const auto loaded = load_security_documents(folder.path());
  ASSERT_FALSE(loaded);
  EXPECT_EQ(to_string(loaded.error()), "cannot read " + folder.path().string() +
                                           ": it has no security document (.xml or .json; .zst or .gz behind it)");
}

TEST(FileNames, AreProgramFilesOnly) {
  EXPECT_THAT(find_file_names("The Win32k.sys; srv.sys;see;repro;wow6432;netevent.dll.mui atmfd.dll. (HTTP.sys) "
                              "microsoft.com command.com i.e. www.example.com"),
              ElementsAre("atmfd.dll", "command.com", "http.sys", "srv.sys", "win32k.sys"));
}

TEST(BulletinIds, AreThoseOfTheYear) {
  EXPECT_THAT(find_bulletin_ids("MS16-045 replaces MS15-097, see MS16-04 and XMS16-001, MS16-003", "2016"),
              ElementsAre("MS16-003", "MS16-045"));
}

}  // namespace
}  // namespace winnow
