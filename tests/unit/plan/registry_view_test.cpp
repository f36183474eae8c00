#include "plan/registry_view.hpp"

#include <gtest/gtest.h>

namespace winnow {
namespace {

std::string x86(const char* path) { return key_in_view(full_key_name(path), SystemView::x86); }

TEST(RegistryView, SoftwareIsRedirectedButForSharedKeys) {
  EXPECT_EQ(x86("HKLM\\SOFTWARE"), "HKEY_LOCAL_MACHINE\\SOFTWARE\\WOW6432Node");
  EXPECT_EQ(x86("HKEY_LOCAL_MACHINE\\Software\\A\\B"), "HKEY_LOCAL_MACHINE\\Software\\WOW6432Node\\A\\B");
  EXPECT_EQ(x86("HKEY_LOCAL_MACHINE\\SOFTWARE\\PoliciesOfA"), "HKEY_LOCAL_MACHINE\\SOFTWARE\\WOW6432Node\\PoliciesOfA");
  for (const char* shared :
       {"HKEY_LOCAL_MACHINE\\SOFTWARE\\policies\\A",
        "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows "
        "NT\\CurrentVersion\\Fonts",
        "HKEY_LOCAL_MACHINE\\SOFTWARE\\WOW6432Node\\A", "HKEY_LOCAL_MACHINE\\SYSTEM\\A",
        "HKEY_LOCAL_MACHINE\\SOFTWARE2", "HKEY_CURRENT_USER\\Software\\A", "HKEY_USERS\\.DEFAULT\\Software\\A"}) {
    EXPECT_EQ(x86(shared), shared);
  }
}

TEST(RegistryView, ClassesAreSharedButForWhatNamesCode) {
  EXPECT_EQ(x86("HKCR\\CLSID\\{1}"), "HKEY_CLASSES_ROOT\\WOW6432Node\\CLSID\\{1}");
  EXPECT_EQ(x86("HKLM\\SOFTWARE\\Classes\\Interface"), "HKEY_LOCAL_MACHINE\\SOFTWARE\\Classes\\WOW6432Node\\Interface");
  EXPECT_EQ(x86("HKCU\\Software\\Classes\\CLSID"), "HKEY_CURRENT_USER\\Software\\Classes\\WOW6432Node\\CLSID");
  for (const char* shared : {"HKEY_CLASSES_ROOT\\.txt", "HKEY_CLASSES_ROOT\\AppID\\{1}", "HKEY_CLASSES_ROOT\\TypeLib",
                             "HKEY_LOCAL_MACHINE\\SOFTWARE\\Classes"}) {
    EXPECT_EQ(x86(shared), shared);
  }
}

TEST(RegistryView, OtherViewsHaveOtherNodes) {
  EXPECT_EQ(key_in_view("HKEY_LOCAL_MACHINE\\SOFTWARE\\A", SystemView::native), "HKEY_LOCAL_MACHINE\\SOFTWARE\\A");
  EXPECT_EQ(key_in_view("HKEY_LOCAL_MACHINE\\SOFTWARE\\A", SystemView::arm),
            "HKEY_LOCAL_MACHINE\\SOFTWARE\\WowAA32Node\\A");
}

}  // namespace
}  // namespace winnow
