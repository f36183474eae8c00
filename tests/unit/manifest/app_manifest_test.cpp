#include "manifest/app_manifest.hpp"

#include <gtest/gtest.h>

#include "base/file_system.hpp"
#include "manifest/app_manifest_values.hpp"
#include "manifest_testing.hpp"

namespace winnow {
namespace {

using testing::error_of;
using testing::utf16_data;

// App manifests on disk; messages name them without the folder.
class AppManifestTest : public ::testing::Test {
 protected:
  void write(const std::string& name, const std::string& text) {
    std::filesystem::create_directories((folder_.path() / name).parent_path());
    ASSERT_TRUE(write_file(folder_.path() / name, as_bytes(text)));
  }
  // An <app> with name and version around `body`, which starts on line 2.
  void write_app(const std::string& name, const std::string& body) {
    write(name, "<app xmlns='urn:winnow:app:v1' name='shop' version='1.2'>\n" + body + "\n</app>\n");
  }
  void write_base(const std::string& name, const std::string& body) {
    write(name, "<app xmlns='urn:winnow:app:v1'>\n" + body + "\n</app>\n");
  }
  Result<AppManifest> load(const std::string& name) { return load_app_manifest(folder_.path() / name); }
  std::string error_in(const std::string& body) {
    write_app("a.xml", body);
    return plain(error_of(load("a.xml")));
  }
  std::string plain(std::string text) {
    const std::string prefix = folder_.path().string() + "/";
    for (std::size_t at = text.find(prefix); at != std::string::npos; at = text.find(prefix, at)) {
      text.erase(at, prefix.size());
    }
    return text;
  }

  TemporaryDirectory folder_ = TemporaryDirectory::create("winnow-app-manifest").value();
};

const std::string kSha256(64, 'a');

TEST_F(AppManifestTest, ReadsEveryElement) {
  write_app("dir/a.xml", R"(<description>A shop</description>
<feed path="../feed"/>
<files source="app.tar.gz" sha256=")" +
                             kSha256 + R"(" strip="package/" to="C:\app"><only>bin/*</only><only> x </only></files>
<files source="/abs/folder" to=""/>
<entry-point program="C:\app\shop.exe" working-directory="app"><argument>--port</argument><argument/><argument> 80 </argument></entry-point>
<environment><variable name="Path" value="C:\app;%SystemRoot%"/><variable name="EMPTY" value=""/></environment>
<role name="base"/><feature name="IIS"/><component name="Open-x"/><exclude name="gdi32.dll"/><language name="en-US"/>
<registry><key path="hklm\SOFTWARE\Shop\"><value>default</value><value name="n" type="REG_DWORD"> 5 </value></key>
<key path="HKEY_CLASSES_ROOT\.shop"/></registry>
<service name="shop" display-name="Shop" description="d" image-path="C:\app\s.exe" type="WIN32OWNPROCESS" start="auto" error-control="severe" account="LocalSystem" group="g"><depends-on name="Tcpip"/></service>
<needs policy="all"/>
<image os-version="10.0.26100.1" tag="registry.example.org:5000/team/shop:1.2" architecture="arm64" user="ContainerAdministrator"/>)");
  const auto app = load("dir/a.xml");
  ASSERT_TRUE(app) << error_of(app);
  const std::filesystem::path dir = folder_.path() / "dir";
  EXPECT_EQ(app->name, "shop");
  EXPECT_EQ(app->version, "1.2");
  EXPECT_EQ(app->description, "A shop");
  EXPECT_EQ(app->feeds, std::vector{folder_.path() / "feed"});
  ASSERT_EQ(app->payloads.size(), 2u);
  EXPECT_EQ(app->payloads[0].source, dir / "app.tar.gz");
  EXPECT_EQ(app->payloads[0].digest, parse_digest(kSha256));
  EXPECT_EQ(app->payloads[0].strip, "package/");
  EXPECT_EQ(app->payloads[0].only, (std::vector<std::string>{"bin/*", "x"}));
  EXPECT_EQ(app->payloads[0].destination.text(), "app");
  EXPECT_EQ(to_string(app->payloads[0].place), (dir / "a.xml").string() + ":4:2");
  EXPECT_EQ(app->payloads[1].source, "/abs/folder");
  EXPECT_EQ(app->payloads[1].digest, std::nullopt);
  EXPECT_TRUE(app->payloads[1].destination.is_root());
  ASSERT_TRUE(app->entry_point);
  EXPECT_EQ(app->entry_point->program.text(), "app\\shop.exe");
  EXPECT_EQ(app->entry_point->working_directory.text(), "app");
  EXPECT_EQ(app->entry_point->arguments, (std::vector<std::string>{"--port", "", " 80 "}));
  EXPECT_EQ(app->environment, (std::map<std::string, std::string>{{"EMPTY", ""}, {"Path", "C:\\app;%SystemRoot%"}}));
  EXPECT_EQ(app->roles.at(0).name, "base");
  EXPECT_EQ(app->features.at(0).name, "IIS");
  EXPECT_EQ(app->components.at(0).name, "Open-x");
  EXPECT_EQ(app->exclusions.at(0).name, "gdi32.dll");
  EXPECT_EQ(app->languages, std::vector<std::string>{"en-US"});
  ASSERT_EQ(app->registry_keys.size(), 2u);
  const ComponentRegistryKey key{
      "HKEY_LOCAL_MACHINE\\SOFTWARE\\Shop",
      "",
      {{"", 1, utf16_data("default"), false, false, false}, {"n", 4, {5, 0, 0, 0}, false, false, false}}};
  EXPECT_EQ(app->registry_keys[0].key, key);
  EXPECT_EQ(app->registry_keys[1].key.path, "HKEY_CLASSES_ROOT\\.shop");
  const ComponentService service{"shop",           "Shop",        "d", "win32OwnProcess", "auto", "severe",
                                 "C:\\app\\s.exe", "LocalSystem", "g", {"Tcpip"}};
  ASSERT_EQ(app->services.size(), 1u);
  EXPECT_EQ(app->services[0].service, service);
  EXPECT_EQ(app->needs, NeedsPolicy::all);
  EXPECT_EQ(app->image.os_version, parse_version("10.0.26100.1"));
  EXPECT_EQ(app->image.tag, "registry.example.org:5000/team/shop:1.2");
  EXPECT_EQ(app->image.architecture, "arm64");
  EXPECT_EQ(app->image.user, "ContainerAdministrator");
  EXPECT_EQ(app->inputs, std::vector{dir / "a.xml"});
}

TEST_F(AppManifestTest, HasDefaults) {
  write_app("a.xml", "");
  const auto app = load("a.xml");
  ASSERT_TRUE(app) << error_of(app);
  EXPECT_EQ(to_string(app->image.os_version), "10.0.20348.0");
  EXPECT_EQ(app->image.tag, "shop:1.2");
  EXPECT_EQ(app->image.architecture, "amd64");
  EXPECT_EQ(app->image.user, "ContainerUser");
  EXPECT_EQ(app->needs, NeedsPolicy::app);
  EXPECT_FALSE(app->entry_point);
}

TEST_F(AppManifestTest, LaterFilesWinOverTheirIncludesOrAddToThem) {
  write_base("family/base.xml", R"(<description>base</description><feed path="f"/><role name="base"/>
<entry-point program="base.exe"><argument>x</argument></entry-point>
<environment><variable name="PATH" value="base"/><variable name="Kept" value="k"/></environment>
<registry><key path="HKLM\SOFTWARE\A"><value name="x">base</value><value name="y">base</value></key></registry>
<service name="svc" image-path="base.exe"/><service name="other" image-path="o.exe"/>
<needs policy="imports"/><image user="Base" os-version="10.0.1.1"/><language name="en-US"/>)");
  write_app("a.xml", R"(<role name="base"/><role name="Shell"/><entry-point program="app.exe"/>
<environment><variable name="Path" value="app"/></environment>
<registry><key path="HKLM\software\a"><value name="X">app</value></key></registry>
<service name="SVC" image-path="app.exe"/><image user="App"/><feed path="family/f"/><language name="EN-us"/>
<include path="family/base.xml"/>)");
  const auto app = load("a.xml");
  ASSERT_TRUE(app) << error_of(app);
  EXPECT_EQ(app->description, "base");
  EXPECT_EQ(app->feeds, std::vector{folder_.path() / "family/f"});
  ASSERT_EQ(app->roles.size(), 2u);
  EXPECT_EQ(plain(to_string(app->roles[0].place)), "family/base.xml:2:49");
  EXPECT_EQ(app->roles[1].name, "Shell");
  EXPECT_EQ(app->entry_point->program.text(), "app.exe");
  EXPECT_TRUE(app->entry_point->arguments.empty());
  EXPECT_EQ(app->environment, (std::map<std::string, std::string>{{"Kept", "k"}, {"Path", "app"}}));
  ASSERT_EQ(app->registry_keys.size(), 1u);
  const auto& values = app->registry_keys[0].key.values;
  ASSERT_EQ(values.size(), 2u);
  EXPECT_EQ(values[0].name, "X");
  EXPECT_EQ(values[0].data, utf16_data("app"));
  EXPECT_EQ(values[1].data, utf16_data("base"));
  ASSERT_EQ(app->services.size(), 2u);
  EXPECT_EQ(app->services[1].service.image_path, "app.exe");
  EXPECT_EQ(app->needs, NeedsPolicy::imports);
  EXPECT_EQ(app->image.user, "App");
  EXPECT_EQ(to_string(app->image.os_version), "10.0.1.1");
  EXPECT_EQ(app->languages, std::vector<std::string>{"en-US"});
  EXPECT_EQ(app->inputs, (std::vector{folder_.path() / "a.xml", folder_.path() / "family/base.xml"}));
}

TEST_F(AppManifestTest, ReadsABaseThatTwoFilesShareOnce) {
  write_base("base.xml", "<files source='x' to='x'/>");
  write_base("left.xml", "<include path='base.xml'/>");
  write_base("right.xml", "<include path='./sub/../base.xml'/>");
  write_app("a.xml", "<include path='left.xml'/><include path='right.xml'/>");
  const auto app = load("a.xml");
  ASSERT_TRUE(app) << error_of(app);
  EXPECT_EQ(app->payloads.size(), 1u);
  EXPECT_EQ(app->inputs.size(), 4u);
}

TEST_F(AppManifestTest, ShowsTheChainOfAnIncludeCycle) {
  write_app("a.xml", "<include path='b.xml'/>");
  write_base("b.xml", "\n <include path='c.xml'/>");
  write_base("c.xml", "<include path='b.xml'/>");
  EXPECT_EQ(plain(error_of(load("a.xml"))),
            "c.xml:2:2: cannot include \"b.xml\": it includes itself\n"
            "  note: b.xml includes c.xml includes b.xml");
  EXPECT_EQ(error_in("<include path='a.xml'/>"),
            "a.xml:2:2: cannot include \"a.xml\": it includes itself\n"
            "  note: a.xml includes a.xml");
}

TEST_F(AppManifestTest, BoundsTheDepthOfIncludes) {
  for (int i = 0; i < 20; ++i) {
    write_base("n" + std::to_string(i) + ".xml", "<include path='n" + std::to_string(i + 1) + ".xml'/>");
  }
  EXPECT_EQ(error_in("<include path='n0.xml'/>"),
            "n14.xml:2:2: cannot include \"n15.xml\": includes are nested more than 16 deep");
}

TEST_F(AppManifestTest, PlacesFaultsOfIncludedFiles) {
  EXPECT_EQ(error_in("<include path='gone.xml'/>"), "a.xml:2:2: cannot read gone.xml: no such file or directory");
  write("broken.xml", "<app>");
  EXPECT_EQ(error_in("<include path='broken.xml'/>"),
            "broken.xml:1:1: cannot parse XML: the element <app> is not closed");
  write("other.xml", "<app/>");
  EXPECT_EQ(error_in("<include path='other.xml'/>"),
            "other.xml:1:2: cannot read app manifest: its root is not <app> of urn:winnow:app:v1");
  EXPECT_EQ(plain(error_of(load("none.xml"))), "cannot read none.xml: no such file or directory");
}

TEST_F(AppManifestTest, NamesTheNearestElementAndAttribute) {
  EXPECT_EQ(
      error_in("<rolle name='base'/>\n<files sorce='x' to='y'/>\n<variable name='a' value='b'/>\n<role><x/></role>\n"
               "<zzzzzz/>\n<role xmlns='urn:x' name='y'/>\nstray"),
      "a.xml:1:2: cannot read <app>: it holds text\n"
      "a.xml:2:2: cannot read <rolle>: <app> has no such element\n"
      "  note: did you mean <role>?\n"
      "a.xml:3:2: cannot read <files>: its attribute \"source\" is missing\n"
      "a.xml:3:8: cannot read attribute \"sorce\": <files> has no such attribute\n"
      "  note: did you mean \"source\"?\n"
      "a.xml:4:2: cannot read <variable>: <app> has no such element\n"
      "  note: <variable> stands inside <environment>\n"
      "a.xml:5:2: cannot read <role>: its attribute \"name\" is missing\n"
      "a.xml:5:8: cannot read <x>: <role> has no such element\n"
      "a.xml:6:2: cannot read <zzzzzz>: <app> has no such element\n"
      "a.xml:7:2: cannot read <role>: <app> has no such element\n"
      "  note: its namespace is \"urn:x\"");
}

TEST_F(AppManifestTest, NeedsNameAndVersionInTheOutermostFile) {
  write_base("a.xml", "");
  EXPECT_EQ(plain(error_of(load("a.xml"))),
            "a.xml:1:2: cannot read <app>: its attribute \"name\" is missing\n"
            "a.xml:1:2: cannot read <app>: its attribute \"version\" is missing");
  write("b.xml", "<app xmlns='urn:winnow:app:v1' name='a/b' version=''/>");
  EXPECT_EQ(plain(error_of(load("b.xml"))),
            "b.xml:1:32: cannot read name \"a/b\": it is not letters, digits and . _ - + behind a letter or digit\n"
            "b.xml:1:43: cannot read <app>: its attribute \"version\" is empty");
}

TEST_F(AppManifestTest, RefusesPathsThatLeaveTheImage) {
  EXPECT_EQ(error_in("<files source='x'\n to='..\\..'/>"),
            "a.xml:3:2: cannot use path \"..\\..\": \"..\" would leave its place");
  EXPECT_EQ(error_in("<entry-point program='D:\\x.exe'/>"),
            "a.xml:2:14: cannot use path \"D:\\x.exe\": Windows names cannot hold ':'");
  EXPECT_EQ(error_in("<entry-point program='C:\\'/>"), "a.xml:2:14: cannot read <entry-point>: its program is no file");
}

TEST_F(AppManifestTest, ChecksDigestsOfArchives) {
  EXPECT_EQ(error_in("<files source='x.ZIP' to=''/>"),
            "a.xml:2:2: cannot read <files>: the archive \"x.ZIP\" has no sha256\n"
            "  note: `sha256sum` prints it");
  EXPECT_EQ(error_in("<files source='x.tgz' sha256='12' to=''/>"),
            "a.xml:2:23: cannot read sha256 \"12\": it is not 64 hex digits");
  EXPECT_EQ(error_in("<files source='x' sha256='12' to=''/>"),
            "a.xml:2:19: cannot read sha256: \"x\" is no archive (.zip, .nupkg, .tar, .tar.gz, .tgz)\n"
            "  note: a folder is read as it is");
}

TEST_F(AppManifestTest, RefusesWhatIsGivenTwice) {
  EXPECT_EQ(error_in("<environment><variable name='Path' value='1'/>\n<variable name='PATH' value='2'/></environment>\n"
                     "<files source='x' to='y'/>\n<files source='./x' to='Y'/>\n"
                     "<service name='s' image-path='x'/>\n<service name='S' image-path='x'/>\n"
                     "<registry><key path='HKLM\\A'><value name='v'/></key>\n<key path='HKLM\\a'><value "
                     "name='V'/></key></registry>\n"
                     "<needs policy='app'/>\n<needs policy='all'/>"),
            "a.xml:3:2: cannot read variable \"PATH\": it is given twice\n"
            "  note: the first is at a.xml:2:15\n"
            "a.xml:5:2: cannot read files \"x\": they are given twice\n"
            "  note: the first are at a.xml:4:2\n"
            "a.xml:7:2: cannot read service \"S\": it is given twice\n"
            "  note: the first is at a.xml:6:2\n"
            "a.xml:9:21: cannot read registry value \"HKEY_LOCAL_MACHINE\\a\\V\": it is given twice\n"
            "  note: the first is at a.xml:8:31\n"
            "a.xml:11:2: cannot read <needs>: it is given twice in one file");
}

TEST_F(AppManifestTest, ChecksValues) {
  EXPECT_EQ(
      error_in("<image os-version='10.0' tag='Shop' architecture='amd46' user=''/>\n"
               "<needs policy='ap'/>\n"
               "<service name='a/b' image-path='x' type='kernel' start='automatic'/>\n"
               "<environment><variable name='a=b' value=''/></environment>\n"
               "<files source='x' to=''><only> </only></files>\n"
               "<role name=''/>"),
      "a.xml:2:8: cannot read os-version \"10.0\": it is not four numbers up to 65535\n"
      "a.xml:2:26: cannot read tag \"Shop\": it is not \"name:tag\" as registries take it\n"
      "a.xml:2:37: cannot read architecture \"amd46\": it is none of amd64, arm64, x86\n"
      "  note: did you mean \"amd64\"?\n"
      "a.xml:2:58: cannot read <image>: its attribute \"user\" is empty\n"
      "a.xml:3:8: cannot read policy \"ap\": it is none of imports, app, all\n"
      "  note: did you mean \"app\"?\n"
      "a.xml:4:10: cannot read service \"a/b\": a service's name holds no '\\', '/' or ','\n"
      "a.xml:4:36: cannot read type \"kernel\": it is none of kernelDriver, fileSystemDriver, win32OwnProcess, "
      "win32ShareProcess, win32UserOwnProcess, win32UserShareProcess\n"
      "a.xml:4:50: cannot read start \"automatic\": it is none of boot, system, auto, delayedAuto, demand, disabled\n"
      "a.xml:5:15: cannot read variable \"a=b\": a name holds no '='\n"
      "a.xml:6:26: cannot read <only>: it holds no pattern\n"
      "a.xml:7:7: cannot read <role>: its attribute \"name\" is empty");
}

TEST_F(AppManifestTest, ChecksRegistryKeysAndValues) {
  EXPECT_EQ(error_in("<registry><key path='HKXX\\A'/>\n<key path='HKLM'/>\n<key path='HKLM\\a\\\\b'/>\n"
                     "<key path='HKLM\\" +
                     std::string(256, 'k') +
                     "'/>\n"
                     "<key path='HKLM\\A'><value type='REG_DWORD'>x</value></key></registry>"),
            "a.xml:2:16: cannot read key \"HKXX\\A\": \"HKXX\" is no root of the registry\n"
            "  note: roots are HKLM, HKCR, HKCU and HKU\n"
            "a.xml:3:6: cannot read key \"HKLM\": it names no key below the root\n"
            "a.xml:4:6: cannot read key \"HKLM\\a\\\\b\": it has an empty key name\n"
            "a.xml:5:6: cannot read key \"HKLM\\" +
                std::string(256, 'k') +
                "\": a key name is longer than 255 characters\n"
                "a.xml:6:21: cannot read REG_DWORD value \"x\": it has not the form of its type");
}

TEST(ImageTag, IsWhatRegistriesTake) {
  for (const char* tag :
       {"shop:1", "a.b_c__d---e:X_y.z-1", "team/shop:1.2", "localhost/x:1", "Host.example:80/x/y:t"}) {
    EXPECT_TRUE(is_image_tag(tag)) << tag;
  }
  for (const char* tag : {"", "shop", "shop:", ":1", "Shop:1", "a..b:1", "a/:1", "/a:1", "-a:1", "a-:1", "a:-1", "a:.1",
                          "a b:1", "a___b:1", "Host/x:1", "host.:80/x:1", "a.b:x/y:1", "a:1:2", "é:1"}) {
    EXPECT_FALSE(is_image_tag(tag)) << tag;
  }
  EXPECT_FALSE(is_image_tag("a:" + std::string(129, 'x')));
}

TEST(ImageTag, HasADefaultForEveryNameAndVersion) {
  EXPECT_EQ(default_image_tag("Shop..Web_", "1.0+beta"), "shop-web:1.0-beta");
  for (const char* name : {"a", "A-.-b", "0+", "x_y"})
    EXPECT_TRUE(is_image_tag(default_image_tag(name, "1.0"))) << name;
}

}  // namespace
}  // namespace winnow
