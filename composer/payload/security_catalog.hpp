// Security catalogs (.cat): lists of digests that Windows' packages are signed by. PKCS #7 signed data around a trust
// list; what a Catalog is in Windows' words, never winnow's own Catalog.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/digest.hpp"
#include "base/result.hpp"

namespace winnow {

inline constexpr ByteCount kMaxSecurityCatalog = ByteCount{64} << 20;
inline constexpr std::size_t kMaxCatalogMembers = 1'000'000;

// Certificates that chains may end in; copies share them.
class TrustedRoots {
 public:
  TrustedRoots();  // none

  // One certificate in DER, or any number in PEM. Error "cannot read certificates <name>: <reason>".
  [[nodiscard]] Result<void> add(ByteView certificates, const std::string& name);
  [[nodiscard]] Result<void> add_file(const std::filesystem::path& file);
  [[nodiscard]] bool empty() const;
  // Differs where the certificates do: digests of what was added, sorted.
  [[nodiscard]] std::string fingerprint() const;

 private:
  friend class SecurityCatalog;
  struct State;
  std::shared_ptr<State> state_;
};

struct CatalogSignature {
  enum class State {
    absent,        // nobody signed
    broken,        // the signature is not that of these bytes, or a certificate may not sign them; `reason` says which
    unknown_root,  // all is well but that `root` is none of those trusted
    trusted,
  };
  State state = State::absent;
  std::string signer;  // common names
  std::string root;
  std::string reason;
};

// `unsigned`, `signed by "Microsoft Windows", but "Microsoft Root …" is no root that was given` …
[[nodiscard]] std::string to_string(const CatalogSignature& signature);

class SecurityCatalog {
 public:
  // Error "cannot read security catalog <name>: <reason>".
  [[nodiscard]] static Result<SecurityCatalog> parse(ByteView bytes, const std::string& name);

  // Digests of whole files, sorted. A catalog may hold both of one file.
  [[nodiscard]] const std::vector<Digest>& sha256_members() const { return sha256_; }
  [[nodiscard]] const std::vector<Sha1Digest>& sha1_members() const { return sha1_; }
  // Members that are digests of executables without their signature; they say nothing about whole files.
  [[nodiscard]] std::size_t image_members() const { return images_; }
  // Whether these bytes are a member, by SHA-256 or SHA-1.
  [[nodiscard]] bool contains(ByteView file) const;

  // Whether the list is as its signer left it, and where the chain of certificates ends. The clock has no say:
  // certificates of old media have expired, and an image must not depend on the day it is composed; so validity
  // periods are not looked at, and time stamps need not be.
  [[nodiscard]] CatalogSignature check_signature(const TrustedRoots& roots) const;

 private:
  struct Message;  // the PKCS #7 structure

  std::shared_ptr<const Message> message_;
  std::vector<Digest> sha256_;
  std::vector<Sha1Digest> sha1_;
  std::size_t images_ = 0;
};

}  // namespace winnow
