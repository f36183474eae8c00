// What the loader's words become, and that the rest of stderr passes untouched.
#include "run_image/loader_messages.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace winnow {
namespace {

using Kind = MissingModule::Kind;

TEST(LoaderLine, NamesModuleAndImporter) {
  EXPECT_EQ(parse_loader_line(
                R"(0024:err:module:import_dll Library WS2_32.dll (which is needed by L"C:\\app\\net.exe") not found)"),
            (MissingModule{Kind::import, "ws2_32.dll", "C:\\app\\net.exe", "", ""}));
  EXPECT_EQ(
      parse_loader_line(
          R"(0024:err:module:import_dll Loading library bad.dll (which is needed by L"C:\\a.exe") failed (error c000007b).)"),
      (MissingModule{Kind::unusable, "bad.dll", "C:\\a.exe", "", ""}));
  EXPECT_EQ(
      parse_loader_line("0024:err:module:DelayLoadFailureHook failed to delay load rpcrt4.dll.NdrClientInitializeNew"),
      (MissingModule{Kind::delay_import, "rpcrt4.dll", "", "NdrClientInitializeNew", ""}));
  EXPECT_EQ(parse_loader_line(R"(0024:err:module:LdrInitializeThunk "msvcrt.dll" failed to initialize, aborting)"),
            (MissingModule{Kind::initialization, "msvcrt.dll", "", "", ""}));
  EXPECT_EQ(parse_loader_line("err:environ:read_nls_file failed to load /tmp/x/share/wine/nls/l_intl.nls"),
            (MissingModule{Kind::start_up, "l_intl.nls", "", "", ""}));
  EXPECT_EQ(parse_loader_line("panic: Failed to load ws2_32.dll: Module not found."),
            (MissingModule{Kind::load, "ws2_32.dll", "", "", ""}));
  EXPECT_EQ(parse_loader_line("panic: Failed to load ws2_32.dll"),
            (MissingModule{Kind::load, "ws2_32.dll", "", "", ""}));
  EXPECT_EQ(
      parse_loader_line("Unhandled Exception: System.DllNotFoundException: Unable to load DLL 'ws2_32.dll': not found"),
      (MissingModule{Kind::load, "ws2_32.dll", "", "", ""}));
  EXPECT_EQ(parse_loader_line(
                "System.DllNotFoundException: Unable to load shared library 'libuv' or one of its dependencies."),
            (MissingModule{Kind::load, "libuv.dll", "", "", ""}));
}

TEST(LoaderLine, OfAnotherKindIsNothing) {
  EXPECT_EQ(parse_loader_line(""), std::nullopt);
  EXPECT_EQ(parse_loader_line("panic: Failed to load the user's settings: no such file"), std::nullopt);
  EXPECT_EQ(parse_loader_line("0024:err:module:import_dll Library WS2_32.dll"), std::nullopt);
  EXPECT_EQ(parse_loader_line("0024:err:module:DelayLoadFailureHook failed to delay load nothing"), std::nullopt);
  // What it needs is missing, and was named by a line of its own.
  EXPECT_EQ(
      parse_loader_line(
          R"(0024:err:module:import_dll Loading library a.dll (which is needed by L"C:\\a.exe") failed (error c0000135).)"),
      std::nullopt);
}

class Messages : public ::testing::Test {
 protected:
  std::string passed_;
  LoaderMessages messages_{[this](std::string_view text) { passed_ += text; }};
};

constexpr std::string_view kHarmless =
    "wine: failed to open L\"C:\\\\windows\\\\system32\\\\wineboot.exe\": c0000135\n"
    "0024:err:environ:run_wineboot failed to start wineboot c0000135\n"
    "0024:err:module:load_apiset_dll failed to load apiset: c000000f\n";

TEST_F(Messages, HarmlessLinesAreKeptBackHoweverTheyArrive) {
  for (const std::size_t step : {std::size_t{1}, std::size_t{7}, std::size_t{1000}}) {
    passed_.clear();
    const std::string text = "first\n" + std::string(kHarmless) + "fade\r\nlast";
    for (std::size_t i = 0; i < text.size(); i += step) messages_.feed(std::string_view(text).substr(i, step));
    messages_.finish();
    EXPECT_EQ(passed_, "first\nfade\r\nlast");
  }
}

TEST_F(Messages, APromptIsSeenAtOnceAndAWineLineWhenItEnds) {
  messages_.feed("name? ");
  EXPECT_EQ(passed_, "name? ");
  messages_.feed("\n0024:err:module:import_dll Library A.dll (which is ");
  EXPECT_EQ(passed_, "name? \n");
  messages_.feed("needed by L\"C:\\\\a.exe\") not found\n");
  messages_.feed("0024:err:module:import_dll Library a.dll (which is needed by L\"C:\\\\a.exe\") not found\n");
  EXPECT_THAT(messages_.missing(), ::testing::ElementsAre(MissingModule{Kind::import, "a.dll", "C:\\a.exe", "", ""}));
  EXPECT_EQ(std::count(passed_.begin(), passed_.end(), '\n'), 3);
}

TEST_F(Messages, ALineWithoutEndDoesNotGrow) {
  const std::string megabyte(1 << 20, 'x');
  for (int i = 0; i < 4; ++i) messages_.feed(megabyte);
  messages_.finish();
  EXPECT_EQ(passed_.substr(0, 4 << 20), std::string(4 << 20, 'x'));
}

TEST(PrintMissing, SaysWhoNeedsItAndWhatWouldBringIt) {
  RunReport report;
  report.program = "C:\\app\\net.exe";
  report.exit_code = 53;
  report.missing = {{Kind::import, "ws2_32.dll", "C:\\app\\net.exe", "", "Wine-ws2_32.dll"},
                    {Kind::delay_import, "rpcrt4.dll", "", "NdrClientCall2", ""},
                    {Kind::initialization, "msvcrt.dll", "", "", "Wine-msvcrt.dll"},
                    {Kind::start_up, "ntdll.dll", "", "", ""}};
  EXPECT_EQ(to_string(Error(print_missing(report))),
            "cannot run C:\\app\\net.exe: module ws2_32.dll is missing, needed by C:\\app\\net.exe\n"
            "  note: component Wine-ws2_32.dll would bring it\n"
            "cannot run C:\\app\\net.exe: module rpcrt4.dll is missing, wanted for its function NdrClientCall2\n"
            "cannot run C:\\app\\net.exe: module msvcrt.dll could not initialize\n"
            "cannot run C:\\app\\net.exe: module ntdll.dll is missing, which every program needs");
  EXPECT_EQ(
      to_json(report)["missing"][0].dump(),
      R"({"kind":"import","module":"ws2_32.dll","importer":"C:\\app\\net.exe","function":"","component":"Wine-ws2_32.dll"})");
}

}  // namespace
}  // namespace winnow
