// Package sets of our own making, whole and tampered with.
#include "servicing/package_set.hpp"

#include <gtest/gtest.h>

#include <string>

#include "base/file_system.hpp"
#include "servicing/check_package_set.hpp"
#include "servicing/delta_dictionary.hpp"
#include "support/package_set_builder.hpp"
#include "support/pe_builder.hpp"

namespace winnow {
namespace {

namespace fs = std::filesystem;
using testing::PackageSetBuilder;
using testing::TestSigner;

struct Signers {
  TestSigner root{"Test Root"};
  TestSigner signer{"Test Windows", &root, {false, "codeSigning"}};
};
const Signers& signers() {
  static const Signers all;
  return all;
}
PackageSetBuilder signed_set() {
  PackageSetBuilder builder;
  builder.sign(&signers().signer);
  return builder;
}
TrustPolicy with_root() {
  TrustPolicy policy;
  EXPECT_TRUE(policy.roots.add(signers().root.der(), "root"));
  return policy;
}

std::string text_of(const std::vector<Fault>& faults) { return faults.empty() ? "good" : to_string(Error(faults)); }
std::string checked(const PackageSetBuilder& builder, const TrustPolicy& policy) {
  const auto set = read_package_set(builder.entries(), "a.cab", PackageSetBuilder::dictionary());
  return set ? text_of(check_package_set(*set, policy).faults) : to_string(set.error());
}

const std::string kServer = PackageSetBuilder::folder_of("Test-Server");
const std::string kUnsignedNote = "\n  note: --allow-unsigned takes packages of your own";

TEST(PackageSet, CabinetAndFolderHoldTheSame) {
  const PackageSetBuilder builder = signed_set();
  const TemporaryDirectory folder = TemporaryDirectory::create("set").value();
  const fs::path cabinet = folder.path() / "set.cab", expanded = folder.path() / "expanded";
  ASSERT_TRUE(write_file(cabinet, builder.cabinet()));
  for (const auto& [name, content] : builder.files) {
    fs::create_directories((expanded / name).parent_path());
    ASSERT_TRUE(write_file(expanded / name, as_bytes(content)));
  }
  for (const fs::path& source : {cabinet, expanded}) {
    const auto set = load_package_set(source, PackageSetBuilder::dictionary());
    ASSERT_TRUE(set) << to_string(set.error());
    EXPECT_EQ(set->name, source.string());
    ASSERT_EQ(set->packages.size(), 1u);
    EXPECT_EQ(set->packages[0].file, "Test-Package~1234567890abcdef~amd64~~10.0.19041.1.mum");
    ASSERT_EQ(set->components.size(), 3u);
    EXPECT_EQ(set->components[2].file, kServer + ".manifest");
    EXPECT_TRUE(set->components[2].was_delta);
    EXPECT_FALSE(set->components[1].was_delta);
    ASSERT_EQ(set->components[2].payload.size(), 2u);
    EXPECT_EQ(set->components[2].payload[1]->path, kServer + "/server.exe");
    EXPECT_EQ(set->catalogs.size(), 1u);
    EXPECT_EQ(set->unclaimed, std::vector<std::string>{"$filehashes$.dat"});
    const PackageSetCheck check = check_package_set(*set, with_root());
    EXPECT_EQ(text_of(check.faults), "good");
    EXPECT_EQ(check.files, 3u);
    EXPECT_EQ(check.bytes, 27u);
    EXPECT_EQ(check.package_catalogs, std::vector<std::string>{"update.cat"});
    EXPECT_EQ(check.component_catalogs, std::vector<std::string>(3, "update.cat"));
    EXPECT_EQ(to_string(check.catalogs[0].signature), "signed by \"Test Windows\" (\"Test Root\")");
  }
}

TEST(PackageSet, SignaturesAreJudgedByThePolicy) {
  const PackageSetBuilder builder = signed_set();
  EXPECT_EQ(checked(builder, {}), "good") << "without roots the chain is reported, not judged";
  TrustPolicy other;
  ASSERT_TRUE(other.roots.add(TestSigner("Other Root").der(), "root"));
  EXPECT_EQ(
      checked(builder, other),
      "cannot trust a.cab/update.cat: it is signed by \"Test Windows\", but \"Test Root\" is no root that was given");
  PackageSetBuilder nobody;
  nobody.sign(nullptr);
  EXPECT_EQ(checked(nobody, {}), "cannot trust a.cab/update.cat: it is unsigned" + kUnsignedNote);
  TrustPolicy mine;
  mine.allow_unsigned = true;
  EXPECT_EQ(checked(nobody, mine), "good");
  EXPECT_EQ(checked(PackageSetBuilder(), mine), "good");
}

TEST(PackageSet, ManifestsThatNobodySignedAreNamed) {
  PackageSetBuilder none;
  const std::string tail = ": no security catalog of the set names it" + kUnsignedNote;
  EXPECT_EQ(checked(none, {}), "cannot trust a.cab/Test-Package~1234567890abcdef~amd64~~10.0.19041.1.mum" + tail +
                                   "\ncannot trust a.cab/" + PackageSetBuilder::folder_of("Test-Deployment") +
                                   ".manifest" + tail + "\ncannot trust a.cab/" +
                                   PackageSetBuilder::folder_of("Test-Library") + ".manifest" + tail +
                                   "\ncannot trust a.cab/" + kServer + ".manifest" + tail);
  PackageSetBuilder changed = signed_set();
  std::string& library = changed.files[PackageSetBuilder::folder_of("Test-Library") + ".manifest"];
  library += "\n";
  EXPECT_EQ(checked(changed, with_root()),
            "cannot trust a.cab/" + PackageSetBuilder::folder_of("Test-Library") + ".manifest" + tail);
}

TEST(PackageSet, PayloadMustBeWhatItsManifestStates) {
  PackageSetBuilder changed = signed_set();
  changed.files[kServer + "/server.exe"] = "MZ Server";
  EXPECT_EQ(checked(changed, with_root()), "cannot use a.cab/" + kServer + "/server.exe: its SHA-256 is " +
                                               sha256(as_bytes("MZ Server")).hex() + ", " + kServer +
                                               ".manifest says " + sha256(as_bytes("MZ server")).hex());
  PackageSetBuilder missing = signed_set();
  missing.files.erase(kServer + "/server.cfg");
  EXPECT_EQ(checked(missing, with_root()),
            "cannot use a.cab/" + kServer + ".manifest: its file \"server.cfg\" is not in the set");
}

TEST(PackageSet, EveryBadManifestIsReported) {
  PackageSetBuilder builder = signed_set();
  builder.files["a.mum"] = "<assembly";
  builder.files["b.manifest"] = std::string("DCM\x01PA30", 8);
  builder.files["c.cat"] = "text";
  const auto set = read_package_set(builder.entries(), "a.cab", PackageSetBuilder::dictionary());
  ASSERT_FALSE(set);
  ASSERT_EQ(set.error().faults().size(), 3u) << to_string(set.error());
  EXPECT_EQ(set.error().faults()[0].place.file, "a.cab/a.mum");
  EXPECT_EQ(set.error().faults()[1].message, "cannot apply delta a.cab/b.manifest: it ends in its header");
  EXPECT_EQ(set.error().faults()[2].message,
            "cannot read security catalog a.cab/c.cat: it is no signed data (PKCS #7)");
}

TEST(PackageSet, DeltasNeedTheirDictionary) {
  const auto entries = signed_set().entries();
  const auto none = read_package_set(entries, "a.cab", {});
  ASSERT_FALSE(none);
  EXPECT_EQ(to_string(none.error()), "cannot read a.cab/" + kServer +
                                         ".manifest: it is a delta (DCM), and no dictionary was given\n"
                                         "  note: give the wcp.dll of a Windows of your own with --dcm-dictionary");
  EXPECT_FALSE(read_package_set(entries, "a.cab", as_bytes("another dictionary")));
}

TEST(PackageSet, NamesInAFolderThatDifferOnlyInCase) {
  std::vector<PayloadEntry> entries = PackageSetBuilder().entries();
  entries.push_back({"UPDATE.MUM", Content::of_bytes({})});
  const auto set = read_package_set(std::move(entries), "folder", {});
  ASSERT_FALSE(set);
  EXPECT_EQ(to_string(set.error()),
            "cannot take \"UPDATE.MUM\" from folder: it differs from \"update.mum\" only in case");
}

TEST(DeltaDictionary, IsAFileOrAResource) {
  const TemporaryDirectory folder = TemporaryDirectory::create("dictionary").value();
  const fs::path plain = folder.path() / "plain", dll = folder.path() / "wcp.dll", other = folder.path() / "other.dll";
  ASSERT_TRUE(write_file(plain, as_bytes("<assembly/>")));
  EXPECT_EQ(as_text(load_delta_dictionary(plain).value()), "<assembly/>");
  testing::PeDescription description;
  const auto text = as_bytes("<assembly x/>");
  description.resources.push_back({"#614", "#2", 0x409, {1, 2, 3}});
  ASSERT_TRUE(write_file(other, testing::build_pe(description)));
  description.resources.push_back({"#614", "#1", 0x409, {text.begin(), text.end()}});
  ASSERT_TRUE(write_file(dll, testing::build_pe(description)));
  EXPECT_EQ(as_text(load_delta_dictionary(dll).value()), "<assembly x/>");
  EXPECT_EQ(to_string(load_delta_dictionary(other).error()),
            "cannot read the dictionary of manifests from " + other.string() +
                ": it has no resource 1 of type 0x266\n  note: Windows keeps it in wcp.dll of its servicing stack");
  ASSERT_TRUE(write_file(plain, {}));
  EXPECT_EQ(to_string(load_delta_dictionary(plain).error()),
            "cannot read the dictionary of manifests from " + plain.string() + ": it is empty");
}

}  // namespace
}  // namespace winnow
