// A small libwine, installed below a folder of its own: what the open feed is made from, without Debian's binaries.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>

#include "base/file_system.hpp"
#include "support/pe_builder.hpp"

namespace winnow::testing {

class WineTree {
 public:
  WineTree() : directory_(make_directory()) {
    write("var/lib/dpkg/status",
          "Package: other\nStatus: install ok installed\nVersion: 1\n\n"
          "Package: libwine\nStatus: install ok installed\nVersion: 8.0~repack-4\n\n");
    write("usr/share/wine/nls/l_intl.nls", "table");
    write("usr/share/wine/nls/sortdefault.nls", "sort table");
    write("usr/share/wine/wine.inf", kSetup);
    module("ntdll.dll", {.is_dll = true});
    module("svchost.exe", {});
    module("qmgr.dll", {.is_dll = true, .resources = {{"WINE_REGISTRY", "R", 0, text(kScript)}}});
    module("both.exe", {.resources = {{"WINE_REGISTRY", "R", 0, text(kScript)}}});
    module("mshtml.dll", {.is_dll = true, .resources = {{"REGINST", "REGINST", 0, text(kReginst)}}});
    module("ws2_32.dll", {.is_dll = true, .resources = {{"WINE_DATA_FILE", "#1", 0, text("127.0.0.1 localhost\n")}}});
  }

  [[nodiscard]] const std::filesystem::path& root() const { return directory_.path(); }

  void write(const std::string& path, std::string_view bytes) const { write(path, as_bytes(bytes)); }
  void write(const std::string& path, ByteView bytes) const {
    const std::filesystem::path file = root() / path;
    std::filesystem::create_directories(file.parent_path());
    if (auto written = write_file(file, bytes); !written) throw std::runtime_error(to_string(written.error()));
  }
  void module(const std::string& name, PeDescription description) const {
    description.is_wine_builtin = true;
    write("usr/lib/x86_64-linux-gnu/wine/x86_64-windows/" + name, build_pe(description));
  }

 private:
  static TemporaryDirectory make_directory() {
    auto directory = TemporaryDirectory::create("winnow-wine-tree");
    if (!directory) throw std::runtime_error(to_string(directory.error()));
    return std::move(*directory);
  }
  static Bytes text(std::string_view value) { return {value.begin(), value.end()}; }

  static constexpr std::string_view kScript = "HKCR { Shared = s '%MODULE%' }\n";
  static constexpr std::string_view kReginst =
      "[version]\n[RegisterDll]\nAddReg=R\n[UnregisterDll]\nDelReg=R\n[R]\nHKCR,CLSID\\%CLSID_X%,,,X\nHKLM,k,v,4\n";
  static constexpr std::string_view kSetup = R"([PreInstall.ntamd64]
AddReg=Wow64
[DefaultInstall.ntamd64]
WineFakeDlls=Fakes
CopyFiles=NlsFiles,SortFiles,EtcFiles
AddReg=SessionMgr,VersionInfo.ntamd64
[DefaultInstall.ntamd64.Services]
AddService=BITS,0,BITSService
AddService=Gone,0,GoneService
[BITSService]
AddReg=BITSServiceKeys
ServiceBinary="%11%\svchost.exe -k netsvcs"
ServiceType=32
StartType=3
ErrorControl=1
[BITSServiceKeys]
HKR,Parameters,"ServiceDll",,"%11%\qmgr.dll"
[GoneService]
ServiceBinary="%11%\gone.exe"
ServiceType=16
StartType=3
ErrorControl=1
[Fakes]
10,temp,
11,,both.exe
16422,Both,both.exe
11,,*
[Wow64]
HKLM,Software\Wow6432Node\Classes,"SymbolicLinkValue",0x60000,"\Registry\Machine\Software\Wow6432Node\Classes"
[SessionMgr]
HKLM,System\CurrentControlSet\Control\Session Manager\Environment,"TEMP",0x00020002,"%SystemRoot%\temp"
[VersionInfo.ntamd64]
HKLM,Software\Microsoft\Windows NT\CurrentVersion,"CurrentBuild",2,"7601"
[NlsFiles]
l_intl.nls
[SortFiles]
sortdefault.nls
[EtcFiles]
hosts,"@%11%\ws2_32.dll,-1"
gone,"@%11%\ws2_32.dll,-9"
[DestinationDirs]
NlsFiles=11
SortFiles=10,globalization\sorting
EtcFiles=12,etc
)";

  TemporaryDirectory directory_;
};

}  // namespace winnow::testing
