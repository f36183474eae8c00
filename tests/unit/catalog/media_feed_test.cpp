// Media with Windows' own packages as feeds: what a catalog knows of them, from the media and from the cache.
#include "catalog/media_feed.hpp"

#include <gtest/gtest.h>

#include "catalog/media_cache.hpp"
#include "support/pa30_builder.hpp"
#include "support/package_set_builder.hpp"
#include "unit/catalog/catalog_fixture.hpp"

namespace winnow {
namespace {

using testing::describe;
using testing::message;
using testing::PackageSetBuilder;

class MediaFeed : public ::testing::Test {
 protected:
  void SetUp() override {
    options_.trust.allow_unsigned = true;
    options_.dictionary = PackageSetBuilder::dictionary();
    write(set_);
  }
  void write(const PackageSetBuilder& set) const {
    for (const auto& [name, content] : set.files) {
      std::filesystem::create_directories((media() / name).parent_path());
      ASSERT_TRUE(write_file(media() / name, as_bytes(content)));
    }
  }
  [[nodiscard]] std::filesystem::path media() const { return folder_.path() / "media"; }

  TemporaryDirectory folder_ = TemporaryDirectory::create("winnow-media").value();
  PackageSetBuilder set_;
  FeedOptions options_;
};

TEST_F(MediaFeed, IsACatalog) {
  const auto catalog = Catalog::load({media()}, options_);
  ASSERT_TRUE(catalog) << message(catalog);
  EXPECT_EQ(catalog->feeds()[0].kind, FeedKind::media);
  EXPECT_EQ(testing::names(*catalog, catalog->providers_of("SERVER.exe")), "Test-Server 10.0.19041.1");
  ASSERT_EQ(catalog->packages().size(), 1u);
  EXPECT_FALSE(catalog->packages()[0].product);
  for (const CatalogComponent& component : catalog->components()) EXPECT_EQ(component.role, "Test-Package");
  const ComponentId id = catalog->providers_of("server.exe")[0];
  const ComponentManifest& manifest = **catalog->manifest(id);
  const auto file = std::find_if(manifest.files.begin(), manifest.files.end(),
                                 [](const ComponentFile& each) { return each.name == "server.exe"; });
  ASSERT_NE(file, manifest.files.end());
  EXPECT_EQ(file->size, 9u);
  const auto loaded = catalog->payload(id, *file).load_verified(file->digest);
  ASSERT_TRUE(loaded) << message(loaded);
  EXPECT_EQ(as_text(loaded->bytes()), "MZ server");
}

TEST_F(MediaFeed, FromTheCacheIsTheSame) {
  const std::string expected = describe(Catalog::load({media()}, options_).value());
  options_.cache = folder_.path() / "cache";
  for (int run = 0; run < 2; ++run) {
    const auto catalog = Catalog::load({media()}, options_);
    ASSERT_TRUE(catalog) << message(catalog);
    EXPECT_EQ(describe(*catalog), expected);
    for (ComponentId id = 0; id < catalog->components().size(); ++id) {
      const auto manifest = catalog->manifest(id);
      ASSERT_TRUE(manifest) << message(manifest);
      for (const ComponentFile& file : (*manifest)->files) {
        EXPECT_TRUE(catalog->payload(id, file).load_verified(file.digest)) << file.name;
      }
    }
  }
  const auto cache = MediaCache::open(options_.cache).value();
  const Digest key = media_key(media(), options_).value();
  const auto kept = cache->find(key);
  ASSERT_TRUE(kept && *kept);
  EXPECT_EQ(**kept, index_media(media(), options_)->index);
  EXPECT_FALSE(cache->find(sha256(as_bytes(std::string_view("other")))).value());

  EXPECT_NE(media_key(std::filesystem::relative(media()), options_).value(), key)
      << "places in it begin as it is spelled";
  options_.trust.allow_unsigned = false;
  EXPECT_NE(media_key(media(), options_).value(), key) << "whom to trust is part of the key";
  ASSERT_TRUE(write_file(media() / "update.mum", as_bytes(std::string_view("<assembly/>"))));
  options_.trust.allow_unsigned = true;
  EXPECT_NE(media_key(media(), options_).value(), key) << "so is every file";
}

TEST_F(MediaFeed, OfADamagedCacheIsReadAnew) {
  options_.cache = folder_.path() / "cache";
  std::filesystem::create_directories(options_.cache);
  ASSERT_TRUE(
      write_file(options_.cache / "media.sqlite", as_bytes(std::string_view("no database at all, but long enough"))));
  const auto catalog = Catalog::load({media()}, options_);
  ASSERT_TRUE(catalog) << message(catalog);
  EXPECT_EQ(catalog->components().size(), 3u);
}

TEST_F(MediaFeed, IndexSurvivesEveryCut) {
  const Bytes whole = encode_media_index(index_media(media(), options_)->index);
  EXPECT_EQ(decode_media_index(whole).value(), index_media(media(), options_)->index);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(decode_media_index(ByteView(whole).first(size)));
  }
  Bytes longer = whole;
  longer.push_back(0);
  EXPECT_EQ(message(decode_media_index(longer)), "cannot read an index of media: it is damaged");
}

TEST_F(MediaFeed, ExpandsPayloadThatIsKeptCompressed) {
  const std::filesystem::path file = media() / PackageSetBuilder::folder_of("Test-Library") / "library.dll";
  const std::string plain(as_text(read_file(file, 1 << 20).value()));
  const Bytes nothing;
  testing::Pa30Builder delta(nothing);
  delta.literals(plain);
  ASSERT_TRUE(write_file(file, as_bytes(std::string("DCN\x01", 4) + std::string(as_text(delta.delta())))));
  options_.cache = folder_.path() / "cache";
  for (int run = 0; run < 2; ++run) {
    const auto catalog = Catalog::load({media()}, options_);
    ASSERT_TRUE(catalog) << message(catalog);
    const ComponentId id = catalog->providers_of("library.dll")[0];
    const ComponentFile& known = (*catalog->manifest(id))->files[0];
    EXPECT_EQ(known.size, plain.size());
    EXPECT_EQ(catalog->components()[id].files[0].size, plain.size());
    const auto loaded = catalog->payload(id, known).load_verified(known.digest);
    ASSERT_TRUE(loaded) << message(loaded);
    EXPECT_EQ(as_text(loaded->bytes()), plain);
  }
}

TEST_F(MediaFeed, NamesWhatCannotBeExpandedWhenItIsRead) {
  const std::filesystem::path file = media() / PackageSetBuilder::folder_of("Test-Library") / "library.dll";
  ASSERT_TRUE(write_file(file, as_bytes(std::string_view("DCX\x01 and more"))));
  const auto catalog = Catalog::load({media()}, options_);
  ASSERT_TRUE(catalog) << message(catalog);
  const ComponentId id = catalog->providers_of("library.dll")[0];
  EXPECT_EQ(message(catalog->payload(id, (*catalog->manifest(id))->files[0]).load()),
            "cannot expand " + file.string() + ": it is compressed as DCX, which is not known here");
  const auto has_payload = [&](ComponentId each) {
    return catalog->store_of(each).has_payload(catalog->components()[each]);
  };
  EXPECT_FALSE(has_payload(id));
  EXPECT_TRUE(has_payload(catalog->providers_of("server.exe")[0]));
}

TEST_F(MediaFeed, MustBeSigned) {
  options_.trust.allow_unsigned = false;
  const auto catalog = Catalog::load({media()}, options_);
  ASSERT_FALSE(catalog);
  EXPECT_EQ(catalog.error().faults().size(), 4u);  // three components, one package
  EXPECT_NE(message(catalog).find("no security catalog of the set names it"), std::string::npos);
}

TEST_F(MediaFeed, SaysWhatIsMissingWhenItIsRead) {
  const std::string folder = PackageSetBuilder::folder_of("Test-Library");
  std::filesystem::remove(media() / folder / "library.dll");
  const auto catalog = Catalog::load({media()}, options_);
  ASSERT_TRUE(catalog) << message(catalog);
  const ComponentId id = catalog->providers_of("library.dll")[0];
  const ComponentManifest& manifest = **catalog->manifest(id);
  EXPECT_EQ(message(catalog->payload(id, manifest.files[0]).load()),
            "cannot use " + catalog->manifest_file(id) + ": its file \"library.dll\" is not in the set");
  EXPECT_FALSE(catalog->store_of(id).has_payload(catalog->components()[id]));
}

}  // namespace
}  // namespace winnow
