// Microsoft's OpenSSH packages for build 19041: every delta decodes, every manifest is in a catalog, every payload file
// has the SHA-256 that its manifest states. Skipped by name where ../shared is absent.
#include <gtest/gtest.h>
#include <openssl/pkcs7.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <memory>
#include <string>

#include "base/file_system.hpp"
#include "servicing/check_package_set.hpp"
#include "servicing/delta_dictionary.hpp"

namespace winnow {
namespace {

namespace fs = std::filesystem;

const fs::path kData = fs::path(WINNOW_SOURCE_DIR) / "../shared/data";

struct Expected {
  const char* role;
  std::size_t packages, components, deltas, files, bytes;
};

class OpenSsh : public ::testing::TestWithParam<Expected> {};

TEST_P(OpenSsh, IsAsMicrosoftSignedIt) {
  const Expected& expected = GetParam();
  const std::string name = "OpenSSH-" + std::string(expected.role) + "-Package~31bf3856ad364e35~amd64~~";
  const fs::path cabinet = kData / "openssh-19041" / (name + ".cab");
  if (!fs::exists(cabinet)) GTEST_SKIP() << "../shared/data/openssh-19041 is not here";
  const Bytes dictionary = load_delta_dictionary(kData / "dcm/base-dictionary.manifest").value();
  const auto set = load_package_set(cabinet, dictionary);
  ASSERT_TRUE(set) << to_string(set.error());
  EXPECT_EQ(set->packages.size(), expected.packages);
  EXPECT_EQ(set->components.size(), expected.components);
  EXPECT_EQ(set->unclaimed, std::vector<std::string>{"$filehashes$.dat"});
  std::size_t deltas = 0;
  for (const SetComponent& component : set->components) {
    deltas += component.was_delta ? 1 : 0;
    EXPECT_EQ(key_form(component.manifest.identity) + ".manifest", component.file);
  }
  EXPECT_EQ(deltas, expected.deltas);
  for (const SetPackage& package : set->packages) {
    EXPECT_EQ(package_id(package.manifest.identity) + ".mum", package.file);
  }
  const PackageSetCheck check = check_package_set(*set, {});
  EXPECT_TRUE(check.faults.empty()) << to_string(Error(check.faults));
  EXPECT_EQ(check.files, expected.files);
  EXPECT_EQ(check.bytes, expected.bytes);
  ASSERT_EQ(check.catalogs.size(), 4u);
  for (const CheckedCatalog& catalog : check.catalogs) {
    EXPECT_EQ(to_string(catalog.signature),
              "signed by \"Microsoft Windows\", but \"Microsoft Root Certificate Authority 2010\" is no root that was "
              "given");
  }
  for (const auto& catalogs : {check.package_catalogs, check.component_catalogs}) {
    for (const std::string& catalog : catalogs) EXPECT_NE(catalog, "");
  }
}

// Microsoft's root is not here, but the authority below it is in the catalogs: given as a root, it must do.
TEST(OpenSshSignature, HoldsUpToMicrosoftsAuthority) {
  const fs::path cabinet = kData / "openssh-19041/OpenSSH-Server-Package~31bf3856ad364e35~amd64~~.cab";
  if (!fs::exists(cabinet)) GTEST_SKIP() << "../shared/data/openssh-19041 is not here";
  const Payload payload = load_payload(cabinet, std::nullopt).value();
  const auto entry = std::find_if(payload.entries.begin(), payload.entries.end(),
                                  [](const PayloadEntry& one) { return one.path == "update.cat"; });
  ASSERT_NE(entry, payload.entries.end());
  const LoadedContent loaded = entry->content.load().value();
  const unsigned char* at = loaded.bytes().data();
  const std::unique_ptr<PKCS7, void (*)(PKCS7*)> message(
      d2i_PKCS7(nullptr, &at, static_cast<long>(loaded.bytes().size())), PKCS7_free);
  ASSERT_NE(message, nullptr);
  TrustedRoots roots;
  const auto* certificates = message->d.sign->cert;
  for (int i = 0; i < sk_X509_num(certificates); ++i) {
    X509* certificate = sk_X509_value(certificates, i);
    if (X509_check_ca(certificate) == 0) continue;
    Bytes der(static_cast<std::size_t>(i2d_X509(certificate, nullptr)));
    unsigned char* out = der.data();
    i2d_X509(certificate, &out);
    ASSERT_TRUE(roots.add(der, "authority"));
  }
  const auto catalog = SecurityCatalog::parse(loaded.bytes(), "update.cat");
  ASSERT_TRUE(catalog) << to_string(catalog.error());
  EXPECT_EQ(to_string(catalog->check_signature(roots)),
            "signed by \"Microsoft Windows\" (\"Microsoft Windows Production PCA 2011\")");
}

INSTANTIATE_TEST_SUITE_P(19041, OpenSsh,
                         ::testing::Values(Expected{"Client", 4, 6, 3, 8, 5'249'536},
                                           Expected{"Server", 4, 6, 3, 9, 4'894'925}),
                         [](const auto& one) { return std::string(one.param.role); });

}  // namespace
}  // namespace winnow
