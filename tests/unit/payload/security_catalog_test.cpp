// Security catalogs of our own making; Microsoft's are in tests/unit/servicing.
#include "payload/security_catalog.hpp"

#include <gtest/gtest.h>

#include <string>

#include "base/file_system.hpp"
#include "fuzz/security_catalog/security_catalog_target.hpp"
#include "payload/der_reader.hpp"
#include "support/security_catalog_builder.hpp"

namespace winnow {
namespace {

using testing::SecurityCatalogBuilder;
using testing::TestSigner;
using Members = SecurityCatalogBuilder::Members;

struct Signers {
  TestSigner root{"Test Root"};
  TestSigner authority{"Test Authority", &root, {true, ""}};
  TestSigner signer{"Test Windows", &authority, {false, "codeSigning"}};
};

const Signers& signers() {
  static const Signers all;
  return all;
}

SecurityCatalogBuilder two_files() { return SecurityCatalogBuilder().sha256_of("<a/>").sha1_of("<b/>"); }
Bytes signed_bytes(const SecurityCatalogBuilder& builder) {
  return builder.finish(&signers().signer, {&signers().authority});
}
SecurityCatalog parsed(const Bytes& bytes) { return SecurityCatalog::parse(bytes, "c.cat").value(); }

TrustedRoots roots_of(const TestSigner& root) {
  TrustedRoots roots;
  EXPECT_TRUE(roots.add(root.der(), "root.cer"));
  return roots;
}
std::string signature_of(const Bytes& catalog, const TrustedRoots& roots) {
  return to_string(parsed(catalog).check_signature(roots));
}
std::string refusal(const Bytes& bytes) {
  const auto catalog = SecurityCatalog::parse(bytes, "c.cat");
  return catalog ? "read" : to_string(catalog.error());
}

TEST(SecurityCatalog, NamesFilesByEitherDigest) {
  for (const Members kind : {Members::bytes, Members::text}) {
    const SecurityCatalog catalog =
        parsed(SecurityCatalogBuilder(kind).sha256_of("<a/>").sha1_of("<b/>").image_digest("MZ").finish(nullptr));
    EXPECT_TRUE(catalog.contains(as_bytes("<a/>")));
    EXPECT_TRUE(catalog.contains(as_bytes("<b/>")));
    EXPECT_FALSE(catalog.contains(as_bytes("<c/>")));
    EXPECT_FALSE(catalog.contains(as_bytes("MZ"))) << "an executable's own digest is none of a file";
    EXPECT_EQ(catalog.sha256_members(), std::vector{sha256(as_bytes("<a/>"))});
    EXPECT_EQ(catalog.sha1_members(), std::vector{sha1(as_bytes("<b/>"))});
    EXPECT_EQ(catalog.image_members(), 1u);
  }
}

TEST(SecurityCatalog, MembersAreSortedAndNamedOnce) {
  SecurityCatalogBuilder builder;
  for (const char* text : {"3", "1", "2", "1"}) builder.sha256_of(text);
  const auto members = parsed(builder.finish(nullptr)).sha256_members();
  EXPECT_EQ(members.size(), 3u);
  EXPECT_TRUE(std::is_sorted(members.begin(), members.end()));
}

TEST(SecurityCatalog, SignatureIsCheckedUpToARoot) {
  const TrustedRoots roots = roots_of(signers().root);
  EXPECT_EQ(signature_of(signed_bytes(two_files()), roots), "signed by \"Test Windows\" (\"Test Root\")");
  EXPECT_EQ(signature_of(two_files().finish(nullptr), roots), "unsigned");
  EXPECT_EQ(signature_of(signed_bytes(two_files()), {}),
            "signed by \"Test Windows\", but \"Test Root\" is no root that was given");
  const TestSigner other("Other Root");
  EXPECT_EQ(signature_of(signed_bytes(two_files()), roots_of(other)),
            "signed by \"Test Windows\", but \"Test Root\" is no root that was given");
  const TestSigner same_name("Test Root");
  EXPECT_EQ(parsed(signed_bytes(two_files())).check_signature(roots_of(same_name)).state,
            CatalogSignature::State::broken);
  EXPECT_EQ(signature_of(two_files().finish(&signers().signer, {}), roots),
            "signed by \"Test Windows\", but \"Test Authority\" is no root that was given");
  EXPECT_EQ(signature_of(two_files().finish(&signers().signer, {}), roots_of(signers().authority)),
            "signed by \"Test Windows\" (\"Test Authority\")");
  EXPECT_EQ(signature_of(two_files().finish(&signers().signer, {&signers().authority, &signers().root}), {}),
            "signed by \"Test Windows\", but \"Test Root\" is no root that was given");
  const TestSigner alone("Alone", nullptr, {false, "codeSigning"});
  EXPECT_EQ(signature_of(two_files().finish(&alone), {}),
            "signed by \"Alone\", but \"Alone\" is no root that was given");
  EXPECT_EQ(signature_of(two_files().finish(&alone), roots_of(alone)), "signed by \"Alone\" (\"Alone\")");
}

TEST(SecurityCatalog, CertificatesMustBeForWhatTheyDo) {
  const TrustedRoots roots = roots_of(signers().root);
  const TestSigner server("Web Server", &signers().root, {false, "serverAuth"});
  EXPECT_EQ(signature_of(two_files().finish(&server), roots),
            "not as it was signed: the certificate of \"Web Server\" is not for signing code");
  const TestSigner below("Below", &signers().signer, {false, "codeSigning"});
  EXPECT_EQ(signature_of(two_files().finish(&below, {&signers().signer, &signers().authority}), roots),
            "not as it was signed: its chain of certificates does not hold: invalid CA certificate");
}

TEST(SecurityCatalog, ChangedListsAreSeen) {
  const TrustedRoots roots = roots_of(signers().root);
  Bytes bytes = signed_bytes(two_files());
  const Digest digest = sha256(as_bytes("<a/>"));
  for (auto at = bytes.begin();;) {
    at = std::search(at, bytes.end(), digest.bytes.begin(), digest.bytes.end());
    if (at == bytes.end()) break;
    *at++ ^= 1;  // the member's name and what it says of itself
  }
  EXPECT_EQ(signature_of(bytes, roots), "not as it was signed: its signature is not that of its list");
  EXPECT_EQ(signature_of(signed_bytes(two_files().stated_type("1.2.840.113549.1.7.1")), roots),
            "not as it was signed: what was signed is no trust list");
}

TEST(SecurityCatalog, WhatIsNoneIsNamed) {
  EXPECT_EQ(refusal({}), "cannot read security catalog c.cat: it is no signed data (PKCS #7)");
  EXPECT_EQ(refusal(Bytes(100, 0x30)), "cannot read security catalog c.cat: it is no signed data (PKCS #7)");
  EXPECT_EQ(refusal(two_files().content_type("1.3.6.1.4.1.311.10.2").finish(nullptr)),
            "cannot read security catalog c.cat: there is no trust list in it");
  EXPECT_EQ(refusal(two_files().usage("1.3.6.1.4.1.311.10.3.9").finish(nullptr)),
            "cannot read security catalog c.cat: its trust list is of another kind, 1.3.6.1.4.1.311.10.3.9");
  EXPECT_EQ(refusal(two_files().algorithm("1.3.6.1.4.1.311.12.1.9").finish(nullptr)),
            "cannot read security catalog c.cat: its members are of a kind nobody knows, 1.3.6.1.4.1.311.12.1.9");
  EXPECT_EQ(refusal(two_files().member(Bytes(16), nullptr).finish(nullptr)),
            "cannot read security catalog c.cat: its member 3 has a digest of 16 bytes, neither SHA-1 nor SHA-256");
  EXPECT_EQ(refusal(two_files().raw_member(Bytes{0x30, 0x02, 0x04, 0x09}).finish(nullptr)),
            "cannot read security catalog c.cat: its member 3 is damaged");
  Bytes longer = signed_bytes(two_files());
  longer.resize(longer.size() + 3);
  EXPECT_EQ(refusal(longer), "read") << "zeros may fill a file up";
  longer.push_back(1);
  EXPECT_EQ(refusal(longer), "cannot read security catalog c.cat: bytes follow its end");
}

TEST(SecurityCatalog, EveryTruncationAndEveryFlippedByteIsHarmless) {
  const TrustedRoots roots = roots_of(signers().root);
  const Bytes bytes = signed_bytes(SecurityCatalogBuilder().sha256_of("<a/>"));
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(SecurityCatalog::parse(ByteView(bytes).first(size), "c.cat"));
  }
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    Bytes damaged = bytes;
    damaged[i] ^= 0x55;
    const auto catalog = SecurityCatalog::parse(damaged, "c.cat");
    if (!catalog) continue;
    const bool is_trusted = catalog->check_signature(roots).state == CatalogSignature::State::trusted;
    // What is signed may not change unnoticed; what nobody signs (certificates beside the chain, say) may.
    if (is_trusted) {
      EXPECT_TRUE(catalog->contains(as_bytes("<a/>")));
      EXPECT_EQ(catalog->sha256_members().size() + catalog->sha1_members().size(), 1u);
    }
  }
}

TEST(TrustedRoots, AreReadFromPemAndDer) {
  const auto refused = [](std::string_view text) {
    TrustedRoots roots;
    const auto added = roots.add(as_bytes(text), "r.pem");
    return added ? "read" : to_string(added.error());
  };
  TrustedRoots roots;
  const std::string both = "a comment\n" + TestSigner("Other").pem() + signers().root.pem();
  EXPECT_TRUE(roots.add(as_bytes(both), "r.pem"));
  EXPECT_EQ(signature_of(signed_bytes(two_files()), roots), "signed by \"Test Windows\" (\"Test Root\")");
  EXPECT_EQ(refused(""), "cannot read certificates r.pem: there is no certificate");
  EXPECT_EQ(refused("text"), "cannot read certificates r.pem: there is no certificate");
  EXPECT_EQ(refused("0123"), "cannot read certificates r.pem: there is no certificate in DER");
  std::string cut = both;
  cut.resize(cut.size() - 80);
  EXPECT_EQ(refused(cut), "cannot read certificates r.pem: one of them is damaged");
  EXPECT_EQ(to_string(TrustedRoots().add_file("/nonexistent/r.pem").error()),
            "cannot read /nonexistent/r.pem: no such file or directory");
}

TEST(DerReader, ObjectIdentifiers) {
  EXPECT_EQ(object_id_text(Bytes{0x2B, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x0A, 0x01}), "1.3.6.1.4.1.311.10.1");
  EXPECT_EQ(object_id_text(Bytes{0x88, 0x37}), "2.999");
  EXPECT_EQ(object_id_text(Bytes{}), "");
  EXPECT_EQ(object_id_text(Bytes{0x2B, 0x82}), "");
  EXPECT_EQ(object_id_text(Bytes(20, 0xFF)), "");
}

TEST(SecurityCatalogCorpus, IsReadWithoutHarm) {
  const std::filesystem::path folder = std::filesystem::path(WINNOW_SOURCE_DIR) / "tests/fuzz/security_catalog/corpus";
  const auto listed = list_tree(folder).value();
  EXPECT_FALSE(listed.empty());
  for (const DirectoryEntry& entry : listed) {
    SCOPED_TRACE(entry.path);
    testing::read_any_catalog(read_file(folder / entry.path, 1 << 20).value());
  }
}

}  // namespace
}  // namespace winnow
