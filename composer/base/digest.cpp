#include "base/digest.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <new>

namespace winnow {

namespace {

class DigestContext {
 public:
  explicit DigestContext(const EVP_MD* algorithm) {
    if (context_ == nullptr || EVP_DigestInit_ex(context_, algorithm, nullptr) != 1) throw std::bad_alloc();
  }
  ~DigestContext() { EVP_MD_CTX_free(context_); }
  DigestContext(const DigestContext&) = delete;
  DigestContext& operator=(const DigestContext&) = delete;

  void update(ByteView bytes) {
    if (EVP_DigestUpdate(context_, bytes.data(), bytes.size()) != 1) throw std::bad_alloc();
  }
  void finish(std::uint8_t* out) {
    if (EVP_DigestFinal_ex(context_, out, nullptr) != 1) throw std::bad_alloc();
  }

 private:
  EVP_MD_CTX* context_ = EVP_MD_CTX_new();
};

}  // namespace

struct Sha256::State {
  DigestContext context{EVP_sha256()};
};

Sha256::Sha256() : state_(std::make_unique<State>()) {}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::update(ByteView bytes) { state_->context.update(bytes); }

Digest Sha256::finish() {
  Digest digest;
  state_->context.finish(digest.bytes.data());
  return digest;
}

struct Sha1::State {
  DigestContext context{EVP_sha1()};
};

Sha1::Sha1() : state_(std::make_unique<State>()) {}
Sha1::~Sha1() = default;
Sha1::Sha1(Sha1&&) noexcept = default;
Sha1& Sha1::operator=(Sha1&&) noexcept = default;

void Sha1::update(ByteView bytes) { state_->context.update(bytes); }

Sha1Digest Sha1::finish() {
  Sha1Digest digest;
  state_->context.finish(digest.bytes.data());
  return digest;
}

Sha1Digest sha1(ByteView bytes) {
  Sha1 hash;
  hash.update(bytes);
  return hash.finish();
}

Digest sha256(ByteView bytes) {
  Sha256 hash;
  hash.update(bytes);
  return hash.finish();
}

std::optional<Digest> parse_digest(std::string_view hex) {
  const auto bytes = from_hex(hex);
  Digest digest;
  if (!bytes || bytes->size() != digest.bytes.size()) return std::nullopt;
  std::copy(bytes->begin(), bytes->end(), digest.bytes.begin());
  return digest;
}

}  // namespace winnow
