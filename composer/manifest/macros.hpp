// $(…) macros of component manifests (servicing.md 4.10).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/windows_path.hpp"
#include "manifest/component_manifest.hpp"

namespace winnow {

// Which of a 64-bit Windows' folders and registry keys a component means: its own, or those of 32-bit programs.
enum class SystemView { native, x86, arm };
// x86, wow64, arm64.x86 components on another architecture's image: x86; arm and arm64.arm: arm.
[[nodiscard]] SystemView system_view(std::string_view architecture, std::string_view image_architecture);

// The folder of the image that `destination` ("$(runtime.system32)\drivers") names for a component of `architecture` on
// a 64-bit image: system32, wbem, programFiles and commonFiles of x86 and wow64 components are the 32-bit ones. A path
// without macro is taken from the root. Errors: "cannot expand destination …" for an unknown macro, "cannot use path
// …".
[[nodiscard]] Result<WindowsPath> expand_destination(std::string_view destination, std::string_view architecture);

// What the macros of a text mean.
struct MacroScope {
  const ComponentManifest& manifest;  // whose strings and dependencies
  SystemView view = SystemView::native;
  std::vector<std::string> languages = {};  // preferred first; en-US and any other follow
};

[[nodiscard]] inline bool has_macros(std::string_view text) { return text.find("$(") != std::string_view::npos; }
// Registry data, command lines: folders are absolute ("C:\Windows"), $(string.x) and $(resourceString.x) are texts of
// <localization>, $(dependentAssembly.x.path) is the folder of that component in the store; $(assembly.empty) is
// nothing, and $(build.PackageMoniker) stays as it is. Error "cannot expand \"<text>\": …" for an unknown macro or
// string.
[[nodiscard]] Result<std::string> expand_text(std::string_view text, const MacroScope& scope);
// The same for the name of a key, which may begin with a macro of its own: $(hklm.services), $(hkcr.root) ….
[[nodiscard]] Result<std::string> expand_key_name(std::string_view path, const MacroScope& scope);

}  // namespace winnow
