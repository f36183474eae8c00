#include "manifest/store_keys.hpp"

#include "base/bytes.hpp"
#include "base/utf16.hpp"
#include "manifest/identity_hash.hpp"

namespace winnow {

namespace {

constexpr std::size_t kMaxDeploymentName = 24;  // longer names keep 11 characters of either end
constexpr std::size_t kDeploymentNameEdge = 11;
constexpr std::size_t kMaxFileValue = 25;
constexpr std::size_t kMaxOwnerText = 60;

std::string hash_text(std::string_view text) {
  Bytes bytes;
  ByteWriter(bytes).be64(store_text_hash(text));
  return to_hex(bytes);
}

}  // namespace

std::string store_identity_text(const AssemblyIdentity& identity) {
  const bool is_neutral = identity.language.empty() || ascii_iequals(identity.language, "neutral");
  std::string text = identity.name + ", Culture=" + (is_neutral ? "neutral" : identity.language);
  if (!identity.type.empty()) text += ", Type=" + identity.type;
  text += ", Version=" + to_string(identity.version);
  text += ", PublicKeyToken=" + identity.public_key_token + ", ProcessorArchitecture=" + identity.architecture;
  if (!identity.version_scope.empty()) {
    text += ", versionScope=" + (ascii_iequals(identity.version_scope, "nonSxS") ? "NonSxS" : identity.version_scope);
  }
  return text;
}

std::string deployment_key(const AssemblyIdentity& deployment) {
  std::string name = ascii_lower(deployment.name);
  if (name.size() > kMaxDeploymentName) {
    name = name.substr(0, kDeploymentNameEdge) + ".." + name.substr(name.size() - kDeploymentNameEdge);
  }
  return name + "_" + ascii_lower(deployment.public_key_token) + "_" + to_string(deployment.version) + "_" +
         pseudo_key(deployment, WithVersion::yes);
}

std::string store_file_value(std::string_view file) {
  const std::string name(file);
  return file.size() <= kMaxFileValue ? name : name.substr(0, kMaxFileValue) + "_" + hash_text(file);
}

std::string store_owner_value(std::string_view package_id, std::string_view update) {
  const std::string whole = std::string(package_id) + "." + std::string(update);
  return "CBS_" + ascii_lower(package_id.substr(0, kMaxOwnerText)) + "_" + hash_text(whole);
}

}  // namespace winnow
