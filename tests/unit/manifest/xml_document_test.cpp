#include "manifest/xml_document.hpp"

#include <gtest/gtest.h>

#include "manifest/xml_writer.hpp"
#include "manifest_testing.hpp"

namespace winnow {
namespace {

using namespace std::string_literals;
using testing::error_of;

std::string error_in(const std::string& text) { return error_of(XmlDocument::parse(text, "f.xml")); }

std::string places_in(const std::string& text) {
  const auto document = XmlDocument::parse(text, "f");
  if (!document) return error_of(document);
  std::string all;
  const auto visit = [&](const auto& self, const XmlElement& element) -> void {
    all += std::string(element.name()) + "@" + to_string(element.place()) + " ";
    for (const XmlAttribute& a : element.attributes()) all += std::string(a.name) + "@" + to_string(a.place) + " ";
    for (const XmlElement& child : element.children()) self(self, child);
  };
  visit(visit, document->root());
  return all;
}

TEST(XmlDocument, PlacesHaveLineAndColumn) {
  EXPECT_EQ(places_in("<a>\n  <b x='1'\n y='2'/><c/>\n</a>"), "a@f:1:2 b@f:2:4 x@f:2:6 y@f:3:2 c@f:3:10 ");
}

TEST(XmlDocument, PlacesHoldBehindDeclarationsCommentsAndByteOrderMarks) {
  EXPECT_EQ(places_in("\xEF\xBB\xBF<a/>"), "a@f:1:2 ");
  EXPECT_EQ(places_in("\xEF\xBB\xBF<?xml version='1.0'?><a/>"), "a@f:1:23 ");
  EXPECT_EQ(places_in(" \n<!-- é -->\n<a/>"), "a@f:3:2 ");
}

TEST(XmlDocument, PlacesHoldWithDosNewlinesAndEntities) {
  const std::string text =
      "<?xml version='1.0'?>\r\n<a>\r\nt\r\nt&amp;&#10;t\r\n<b x='&lt;\r\n' y=''/>\r\n<c/></a>\r\n";
  EXPECT_EQ(places_in(text), "a@f:2:2 b@f:5:2 x@f:5:4 y@f:6:3 c@f:7:2 ");
  const auto document = XmlDocument::parse(text, "f");
  ASSERT_TRUE(document);
  // Reading values rewrites the parser's copy; places must not move.
  EXPECT_EQ(document->root().text(), "\nt\nt&\nt\n");
  const XmlElement b = document->root().children()[0];
  EXPECT_EQ(b.attribute("x"), "<\n");
  EXPECT_EQ(to_string(b.place_of("y")), "f:6:3");
  EXPECT_EQ(to_string(b.place_of("z")), "f:5:2");
}

TEST(XmlDocument, ColumnsCountCharacters) {
  EXPECT_EQ(places_in("<a x='éß世😀'><b/></a>"), "a@f:1:2 x@f:1:4 b@f:1:14 ");
}

TEST(XmlDocument, ResolvesNamespaces) {
  const auto document = XmlDocument::parse(
      "<p:a xmlns:p='urn:p' xmlns='urn:d' x='1' p:x='2' xml:lang='en'><b p:y='3'><c xmlns='' xmlns:p='urn:q' p:y='4'/>"
      "</b></p:a>",
      "f");
  ASSERT_TRUE(document) << error_of(document);
  const XmlElement a = document->root();
  EXPECT_EQ(a.namespace_uri(), "urn:p");
  EXPECT_EQ(a.attribute("x"), "1");
  EXPECT_EQ(a.attribute("urn:p", "x"), "2");
  EXPECT_EQ(a.attributes().size(), 3u);
  const XmlElement b = a.children()[0];
  EXPECT_EQ(b.namespace_uri(), "urn:d");
  EXPECT_EQ(b.attribute("urn:p", "y"), "3");
  EXPECT_EQ(b.attribute("y"), std::nullopt);
  const XmlElement c = b.child("c").value();
  EXPECT_EQ(c.namespace_uri(), "");
  EXPECT_EQ(c.attribute("urn:q", "y"), "4");
  EXPECT_EQ(c.attribute("urn:p", "y"), std::nullopt);
}

TEST(XmlDocument, RefusesWhatIsNotWellFormed) {
  EXPECT_EQ(error_in(""), "f.xml: cannot parse XML: it is empty");
  EXPECT_EQ(error_in("\xEF\xBB\xBF \n"), "f.xml: cannot parse XML: it is empty");
  EXPECT_EQ(error_in("<!-- c -->"), "f.xml: cannot parse XML: it has no element");
  EXPECT_EQ(error_in("<a>\n <b>\n</a>"), "f.xml:3:1: cannot parse XML: <b> is closed by </a>");
  EXPECT_EQ(error_in("<a>\n <b>"), "f.xml:2:2: cannot parse XML: the element <b> is not closed");
  EXPECT_EQ(error_in("<a/></a>"), "f.xml:1:5: cannot parse XML: </a> closes nothing");
  EXPECT_EQ(error_in("<a x='1"), "f.xml:1:1: cannot parse XML: a value is not closed by its quote");
  EXPECT_EQ(error_in("<a x='1' <b/>"), "f.xml:1:1: cannot parse XML: the tag of <a> is not closed");
  EXPECT_EQ(error_in("<a x='<b/>'/>"), "f.xml:1:7: cannot parse XML: a value holds '<'; write &lt;");
  EXPECT_EQ(error_in("<a>1 < 2</a>"), "f.xml:1:6: cannot parse XML: '<' begins no element; write &lt;");
  EXPECT_EQ(error_in("<a>R&D</a>"), "f.xml:1:5: cannot parse XML: '&' begins no entity; write &amp;");
  EXPECT_EQ(error_in("<a>\n<!-- x"), "f.xml:2:1: cannot parse XML: the comment is not closed");
  EXPECT_EQ(error_in("<a><!-- x -- y --></a>"), "f.xml:1:11: cannot parse XML: a comment holds \"--\"");
  EXPECT_EQ(error_in("<a><![CDATA[x</a>"), "f.xml:1:4: cannot parse XML: the CDATA section is not closed");
  EXPECT_EQ(error_in("<a>\n<b x=1/></a>"), "f.xml:2:4: cannot parse XML: an attribute is not written name=\"value\"");
  EXPECT_EQ(error_in("<a x='1' x='2'/>"), "f.xml:1:10: cannot parse XML: the attribute \"x\" is given twice");
  EXPECT_EQ(error_in("<a/><b/>"), "f.xml:1:5: cannot parse XML: it has more than one root element");
  EXPECT_EQ(error_in("<a/>\ntext"), "f.xml:2:1: cannot parse XML: text stands outside the root element");
  EXPECT_EQ(error_in("<a 'x'/>"), "f.xml:1:4: cannot parse XML: an attribute is not written name=\"value\"");
  EXPECT_EQ(error_in("<![CDATA[x]]><a/>"),
            "f.xml:1:1: cannot parse XML: <!DOCTYPE and other declarations are not accepted");
  EXPECT_EQ(error_in("<p:a/>"), "f.xml:1:2: cannot parse XML: the prefix of the element <p:a> is not declared");
  EXPECT_EQ(error_in("<a p:x=''/>"),
            "f.xml:1:4: cannot parse XML: the prefix of the attribute \"p:x\" is not declared");
}

TEST(XmlDocument, RefusesBombsAndDeclarations) {
  EXPECT_EQ(error_in("<?xml version='1.0'?>\n<!DOCTYPE a [<!ENTITY x 'y'><!ENTITY z '&x;&x;'>]>\n<a>&z;</a>"),
            "f.xml:2:1: cannot parse XML: <!DOCTYPE and other declarations are not accepted");
  EXPECT_EQ(error_in("<a>&z;</a>"), "f.xml:1:4: cannot parse XML: the entity &z; is not defined");
  EXPECT_EQ(error_in("<a x='&#0;'/>"), "f.xml:1:7: cannot parse XML: the entity &#0; is not defined");
  EXPECT_EQ(error_in("<a>&#xD800;</a>"), "f.xml:1:4: cannot parse XML: the entity &#xD800; is not defined");
  std::string deep;
  for (int i = 0; i < 100000; ++i) deep += "<a>";
  EXPECT_EQ(error_in(deep), "f.xml:1:193: cannot parse XML: elements are nested more than 64 deep");
  std::string wide = "<a";
  for (int i = 0; i < 300; ++i) wide += " x" + std::to_string(i) + "=''";
  EXPECT_EQ(error_in(wide + "/>"), "f.xml:1:1942: cannot parse XML: an element has more than 256 attributes");
  std::string spaces = "<a";
  for (int i = 0; i < 70; ++i) spaces += " xmlns:x" + std::to_string(i) + "='u'";
  EXPECT_EQ(error_in(spaces + "/>"), "f.xml:1:890: cannot parse XML: more than 64 namespaces are declared");
}

TEST(XmlDocument, RefusesWhatIsNotUtf8) {
  EXPECT_EQ(error_in("\xFF\xFE<\0a\0"s), "f.xml: cannot parse XML: it is UTF-16, only UTF-8 is accepted");
  EXPECT_EQ(error_in("\0<\0a\0/\0>"s), "f.xml: cannot parse XML: it is UTF-16, only UTF-8 is accepted");
  EXPECT_EQ(error_in("<?xml version='1.0' encoding='UTF-16'?><a/>"),
            "f.xml:1:1: cannot parse XML: it declares the encoding \"utf-16\", only UTF-8 is accepted");
  EXPECT_EQ(error_in("<a>\n\xC3(</a>"), "f.xml:2: cannot parse XML: it is not well-formed UTF-8");
  EXPECT_EQ(error_in("<a>\nx\0</a>"s), "f.xml:2: cannot parse XML: it holds the character U+0000");
  EXPECT_EQ(error_in("<a>\xEF\xBF\xBE</a>"), "f.xml:1: cannot parse XML: it holds the character U+fffe");
}

TEST(XmlDocument, AcceptsEveryTextThatIsOneInAnyCut) {
  const std::string text =
      "\xEF\xBB\xBF<?xml version=\"1.0\"?>\r\n<a x=\"&#10;\"><!-- c --><![CDATA[<&]]>é&amp;<b y='1'/></a>";
  EXPECT_TRUE(XmlDocument::parse(text, "f"));
  for (std::size_t cut = 0; cut < text.size(); ++cut) {
    EXPECT_FALSE(XmlDocument::parse(text.substr(0, cut), "f")) << cut;
  }
}

TEST(XmlWriter, WritesOneSpellingThatReadsBack) {
  const std::string hard = " \t<&>\"'\r\n]]> é\xF0\x9F\x98\x80 \n";
  XmlWriter xml;
  xml.open("a");
  xml.attribute("x", hard);
  xml.optional_attribute("y", "");
  xml.text_element("t", hard);
  xml.text_element("u", "");
  xml.open("e");
  xml.close();
  xml.close();
  const std::string text = std::move(xml).take();
  EXPECT_EQ(text,
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
            "<a x=\" &#9;&lt;&amp;&gt;&quot;'&#13;&#10;]]&gt; é\xF0\x9F\x98\x80 &#10;\">\n"
            "  <t>&#32;\t&lt;&amp;&gt;\"'&#13;\n]]&gt; é\xF0\x9F\x98\x80 &#10;</t>\n"
            "  <e/>\n"
            "</a>\n");
  const auto document = XmlDocument::parse(text, "f");
  ASSERT_TRUE(document) << error_of(document);
  EXPECT_EQ(document->root().attribute("x"), hard);
  EXPECT_EQ(document->root().child("t").value().text(), hard);
}

TEST(XmlWriter, ReplacesWhatXmlCannotCarry) {
  XmlWriter xml;
  xml.open("a");
  xml.attribute("x", "b\aé\xFF\xEF\xBF\xBF");
  xml.close();
  EXPECT_EQ(std::move(xml).take(),
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
            "<a x=\"b\xEF\xBF\xBDé\xEF\xBF\xBD\xEF\xBF\xBD\"/>\n");
}

}  // namespace
}  // namespace winnow
