// The schema, the words of README.md and the parser say the same.
#include <gtest/gtest.h>

#include <cstdlib>

#include "base/file_system.hpp"
#include "manifest/app_manifest.hpp"
#include "manifest/app_manifest_shape.hpp"
#include "manifest_testing.hpp"

namespace winnow {
namespace {

namespace fs = std::filesystem;
using testing::error_of;

fs::path manifests_folder() { return fs::path(WINNOW_SOURCE_DIR) / "manifests"; }

std::string text_of_file(const fs::path& path) {
  const auto bytes = read_file(path, kMaxManifestBytes);
  return bytes ? std::string(as_text(*bytes)) : error_of(bytes);
}

// "parent/element: attribute attribute!" a line, '!' behind what is required, in the order of the file.
std::string print_shape() {
  std::string lines;
  for (const ElementShape& shape : app_manifest_shape()) {
    lines +=
        std::string(shape.parent) + "/" + std::string(shape.name) + (shape.holds == Holds::text ? " text" : "") + ":";
    for (const AttributeShape& attribute : shape.attributes) {
      if (!attribute.name.empty()) lines += " " + std::string(attribute.name) + (attribute.required ? "!" : "");
    }
    lines += "\n";
  }
  return lines;
}

class SchemaPrinter {
 public:
  explicit SchemaPrinter(const XmlElement& schema) : schema_(schema) {}

  void print(const XmlElement& element, const std::string& parent) {
    const std::string name = element.attribute_text("name");
    const std::string type = element.attribute_text("type");
    attributes_.clear();
    children_.clear();
    text_ = type == "xs:string" || type == "filled";
    if (const auto inner = element.child("complexType")) collect(*inner);
    for (const XmlElement& named : schema_.children("complexType")) {
      if (named.attribute("name") == type) collect(named);
    }
    lines_ += parent + "/" + name + (text_ ? " text" : "") + ":" + attributes_ + "\n";
    const std::vector<XmlElement> children = children_;
    for (const XmlElement& child : children) print(child, name);
  }

  std::string lines_;

 private:
  void collect(const XmlElement& type) {
    for (const XmlElement& child : type.children()) {
      if (child.name() == "attribute") {
        attributes_ += " " + child.attribute_text("name") + (child.attribute("use") == "required" ? "!" : "");
      } else if (child.name() == "element") {
        children_.push_back(child);
      } else {
        text_ = text_ || child.name() == "simpleContent";
        collect(child);
      }
    }
  }

  XmlElement schema_;
  std::string attributes_;
  std::vector<XmlElement> children_;
  bool text_ = false;
};

TEST(AppManifestSchema, HasTheElementsAndAttributesOfTheParser) {
  const auto schema = XmlDocument::parse(text_of_file(manifests_folder() / "app-manifest.xsd"), "xsd");
  ASSERT_TRUE(schema) << error_of(schema);
  SchemaPrinter printer(schema->root());
  printer.print(schema->root().child("element").value(), "");
  EXPECT_EQ(printer.lines_, print_shape());
}

TEST(AppManifestSchema, IsExplainedElementByElement) {
  const std::string readme = text_of_file(manifests_folder() / "README.md");
  for (const ElementShape& shape : app_manifest_shape()) {
    EXPECT_NE(readme.find("### `" + std::string(shape.name) + "`"), std::string::npos) << shape.name;
    for (const AttributeShape& attribute : shape.attributes) {
      EXPECT_NE(readme.find("`" + std::string(attribute.name) + "`"), std::string::npos) << attribute.name;
    }
  }
}

// The XML blocks of README.md with this root, each a whole manifest.
std::vector<std::string> readme_examples(const std::string& root = "<app") {
  const std::string readme = text_of_file(manifests_folder() / "README.md");
  const std::string fence = "```xml\n";
  std::vector<std::string> examples;
  for (std::size_t at = readme.find(fence); at != std::string::npos; at = readme.find(fence, at)) {
    at += fence.size();
    std::string example = readme.substr(at, readme.find("```", at) - at);
    const bool is_declared = example.starts_with("<?xml");
    if (example.find(root) <= (is_declared ? 40u : 0u)) examples.push_back(std::move(example));
  }
  return examples;
}

TEST(ComponentRelations, ExampleOfTheReadmeIsAManifest) {
  const std::vector<std::string> examples = readme_examples("<assembly");
  ASSERT_EQ(examples.size(), 1u);
  const auto manifest = parse_component_manifest(examples[0], "README.md");
  ASSERT_TRUE(manifest) << error_of(manifest);
  EXPECT_EQ(manifest->relations.size(), 3u);
  EXPECT_EQ(manifest->provides, std::vector<std::string>{"http-server"});
  EXPECT_TRUE(manifest->ignored_elements.empty());
}

bool xmllint_accepts(const fs::path& file) {
  const std::string command = "xmllint --noout --nonet --schema '" +
                              (manifests_folder() / "app-manifest.xsd").string() + "' '" + file.string() + "' >'" +
                              file.string() + ".log' 2>&1";
  return std::system(command.c_str()) == 0;
}

// One manifest with every element and attribute, made from the shape, so nothing can be forgotten.
std::string full_manifest() {
  const std::map<std::string, std::string, std::less<>> samples = {{"path", "HKLM\\x"},
                                                                   {"sha256", std::string(64, 'a')},
                                                                   {"source", "x.zip"},
                                                                   {"to", "app"},
                                                                   {"policy", "app"},
                                                                   {"os-version", "10.0.1.2"},
                                                                   {"tag", "a:1"},
                                                                   {"architecture", "x86"},
                                                                   {"program", "a.exe"},
                                                                   {"start", "demand"},
                                                                   {"type", "REG_SZ"},
                                                                   {"error-control", "normal"},
                                                                   {"working-directory", ""},
                                                                   {"version", "1.0.0.0"},
                                                                   {"minimize", "logical"},
                                                                   {"recommended", "on"},
                                                                   {"prefer-threshold", "4096"},
                                                                   {"deployment", "guest"},
                                                                   {"edition", "datacenter"},
                                                                   {"max-size", "4GiB"},
                                                                   {"remote-management", "true"},
                                                                   {"development", "false"},
                                                                   {"ramdisk-boot", "true"},
                                                                   {"ipv4-address", "10.0.0.2"},
                                                                   {"ipv4-mask", "255.0.0.0"},
                                                                   {"ipv4-gateway", "10.0.0.1"},
                                                                   {"ipv6-address", "fd00::2/48"},
                                                                   {"address", "10.0.0.3"},
                                                                   {"com-port", "1"},
                                                                   {"baud-rate", "9600"},
                                                                   {"method", "net"},
                                                                   {"remote-ip", "10.0.0.9"},
                                                                   {"port", "50000"},
                                                                   {"key", "1.2.3.4"},
                                                                   {"bus-parameters", "1.5.0"},
                                                                   {"channel", "3"}};
  std::string text;
  const auto print = [&](const auto& self, const ElementShape& shape) -> void {
    if (shape.name == "include") return;
    text += "<" + std::string(shape.name) + (shape.parent.empty() ? " xmlns='urn:winnow:app:v1'" : "");
    for (const AttributeShape& attribute : shape.attributes) {
      if (attribute.name.empty()) continue;
      const auto sample = samples.find(attribute.name);
      const bool service_type = shape.name == "service" && attribute.name == "type";
      const std::string value = service_type ? "kernelDriver" : sample != samples.end() ? sample->second : "word";
      text += " " + std::string(attribute.name) + "='" + value + "'";
    }
    text += shape.holds == Holds::text ? ">text" : ">";
    for (const ElementShape& child : app_manifest_shape()) {
      if (child.parent == shape.name) self(self, child);
    }
    text += "</" + std::string(shape.name) + ">";
  };
  print(print, app_manifest_shape().front());
  return text;
}

class SchemaJudge : public ::testing::Test {
 protected:
  void SetUp() override {
    if (std::system("xmllint --version >/dev/null 2>&1") != 0) GTEST_SKIP() << "xmllint is not here";
  }
  // Both the schema and the parser accept or refuse `text`.
  void expect(const std::string& text, bool accepted) {
    const fs::path file = folder_.path() / "a.xml";
    ASSERT_TRUE(write_file(file, as_bytes(text)));
    EXPECT_EQ(xmllint_accepts(file), accepted) << text << text_of_file(file.string() + ".log");
    const auto app = load_app_manifest(file);
    EXPECT_EQ(app.has_value(), accepted) << text << error_of(app);
  }

  TemporaryDirectory folder_ = TemporaryDirectory::create("winnow-schema").value();
};

TEST_F(SchemaJudge, AcceptsEveryElement) { expect(full_manifest(), true); }

TEST_F(SchemaJudge, AcceptsTheExamplesOfTheReadme) {
  ASSERT_TRUE(write_file(folder_.path() / "base.xml", as_bytes("<app xmlns='urn:winnow:app:v1'/>")));
  const auto examples = readme_examples();
  EXPECT_GE(examples.size(), 2u);
  for (const std::string& example : examples) expect(example, true);
}

TEST_F(SchemaJudge, RefusesWhatTheParserRefuses) {
  const std::string head = "<app xmlns='urn:winnow:app:v1' name='a' version='1'>";
  for (const char* body : {"<rolle name='x'/>",
                           "<role/>",
                           "<role name=''/>",
                           "<role name='x' nmae='y'/>",
                           "<files source='x'/>",
                           "<files source='x.zip' sha256='12' to=''/>",
                           "<image os-version='10'/>",
                           "<image architecture='z80'/>",
                           "<needs policy='none'/>",
                           "<registry><key path='HKLM\\x'><value type='REG_X'/></key></registry>",
                           "text",
                           "<service name='s' image-path='x' start='never'/>",
                           "<argument>x</argument>",
                           "<ems/>",
                           "<machine deployment='guests'/>",
                           "<machine computer-name='sixteen-letters-'/>",
                           "<machine computer-name='-a'/>",
                           "<machine max-size='4X'/>",
                           "<machine development='yes'/>",
                           "<machine><ems com-port='5'/></machine>",
                           "<machine><kernel-debugger/></machine>",
                           "<machine><kernel-debugger method='cable'/></machine>",
                           "<machine><interface name=''/></machine>",
                           "<machine><administrator password='x'/></machine>",
                           "<machine><emz/></machine>"}) {
    expect(head + body + "</app>", false);
  }
}

TEST_F(SchemaJudge, AcceptsTheManifestsWeShip) {
  for (const auto& entry : fs::recursive_directory_iterator(manifests_folder())) {
    if (entry.path().extension() != ".xml") continue;
    const fs::path log = folder_.path() / "log";
    const std::string command = "xmllint --noout --nonet --schema '" +
                                (manifests_folder() / "app-manifest.xsd").string() + "' '" + entry.path().string() +
                                "' >'" + log.string() + "' 2>&1";
    EXPECT_EQ(std::system(command.c_str()), 0) << entry.path() << text_of_file(log);
    const bool is_family = entry.path().parent_path().filename() == "families";
    const auto app = load_app_manifest(entry.path());
    EXPECT_TRUE(is_family || app) << error_of(app);
  }
}

}  // namespace
}  // namespace winnow
