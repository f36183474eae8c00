#include "payload/security_catalog.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs7.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <climits>
#include <new>
#include <set>

#include "base/file_system.hpp"
#include "payload/der_reader.hpp"
#include "payload/entry_path.hpp"
#include "payload/trust_list.hpp"

namespace winnow {

namespace {

constexpr std::string_view kTrustList = "1.3.6.1.4.1.311.10.1";
constexpr ByteCount kMaxCertificates = ByteCount{16} << 20;  // bytes of a file with roots
constexpr int kMaxSigners = 8;                               // and digest algorithms of one catalog

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
using BioHandle = std::unique_ptr<BIO, Freed<BIO_free_all>>;
using Pkcs7Handle = std::unique_ptr<PKCS7, Freed<PKCS7_free>>;
using CertificateHandle = std::unique_ptr<X509, Freed<X509_free>>;
using StoreHandle = std::unique_ptr<X509_STORE, Freed<X509_STORE_free>>;
using ChainHandle = std::unique_ptr<X509_STORE_CTX, Freed<X509_STORE_CTX_free>>;

std::string object_text(const ASN1_OBJECT* object) {
  std::array<char, 128> text{};
  const int size = OBJ_obj2txt(text.data(), static_cast<int>(text.size()), object, 1);
  return size > 0 && size < static_cast<int>(text.size()) ? std::string(text.data()) : std::string();
}

// The common name, or all of the name where it has none.
std::string name_text(const X509_NAME* name) {
  const int index = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
  if (index >= 0) {
    unsigned char* text = nullptr;
    const int size = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, index)));
    if (size >= 0) {
      std::string result(reinterpret_cast<const char*>(text), static_cast<std::size_t>(size));
      OPENSSL_free(text);
      return result;
    }
  }
  const std::unique_ptr<char, void (*)(char*)> line(X509_NAME_oneline(name, nullptr, 0),
                                                    [](char* text) { OPENSSL_free(text); });
  return line != nullptr ? line.get() : "";
}

BioHandle memory_bio(ByteView bytes) {
  BioHandle bio(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
  if (bio == nullptr) throw std::bad_alloc();
  return bio;
}

// The content of the signed sequence: what is signed goes without the header of its outer item.
std::optional<ByteView> signed_content(const PKCS7& message) {
  const PKCS7* contents = message.d.sign->contents;
  if (contents == nullptr || object_text(contents->type) != kTrustList || contents->d.other == nullptr ||
      contents->d.other->type != V_ASN1_SEQUENCE) {
    return std::nullopt;
  }
  const ASN1_STRING* sequence = contents->d.other->value.sequence;
  DerReader reader({sequence->data, static_cast<std::size_t>(sequence->length)});
  const auto content = reader.next(kDerSequence);
  return reader.at_end() ? content : std::nullopt;
}

bool is_only_zeros(ByteView bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; });
}

CatalogSignature broken(const std::string& reason) {
  ERR_clear_error();
  return {CatalogSignature::State::broken, "", "", reason};
}

// The signed attributes say that a trust list was signed, not something else of the same bytes.
bool states_trust_list(PKCS7_SIGNER_INFO* signer) {
  const ASN1_TYPE* type = PKCS7_get_signed_attribute(signer, NID_pkcs9_contentType);
  return type != nullptr && type->type == V_ASN1_OBJECT && object_text(type->value.object) == kTrustList;
}

bool is_unknown_root(int error) {
  constexpr std::array<int, 5> kUnknown = {
      X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
      X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT,
      X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN};
  return std::find(kUnknown.begin(), kUnknown.end(), error) != kUnknown.end();
}

CatalogSignature check_chain(PKCS7& message, X509* certificate, X509_STORE* roots) {
  CatalogSignature result;
  result.signer = name_text(X509_get_subject_name(certificate));
  if ((X509_get_extended_key_usage(certificate) & XKU_CODE_SIGN) == 0) {
    result.state = CatalogSignature::State::broken;
    result.reason = "the certificate of " + quote_entry_name(result.signer) + " is not for signing code";
    return result;
  }
  const ChainHandle context(X509_STORE_CTX_new());
  if (context == nullptr || X509_STORE_CTX_init(context.get(), roots, certificate, message.d.sign->cert) != 1) {
    throw std::bad_alloc();
  }
  X509_STORE_CTX_set_flags(context.get(), X509_V_FLAG_NO_CHECK_TIME | X509_V_FLAG_PARTIAL_CHAIN);
  const bool is_good = X509_verify_cert(context.get()) == 1;
  const int error = X509_STORE_CTX_get_error(context.get());
  const STACK_OF(X509)* chain = X509_STORE_CTX_get0_chain(context.get());
  if (chain != nullptr && sk_X509_num(chain) > 0) {
    const X509* last = sk_X509_value(chain, sk_X509_num(chain) - 1);
    result.root = name_text(is_good ? X509_get_subject_name(last) : X509_get_issuer_name(last));
  }
  if (is_good) {
    result.state = CatalogSignature::State::trusted;
  } else if (is_unknown_root(error)) {
    result.state = CatalogSignature::State::unknown_root;
  } else {
    result.state = CatalogSignature::State::broken;
    result.reason = "its chain of certificates does not hold: " + std::string(X509_verify_cert_error_string(error));
  }
  ERR_clear_error();
  return result;
}

CatalogSignature check_signer(PKCS7& message, PKCS7_SIGNER_INFO* signer, ByteView content, X509_STORE* roots) {
  X509* certificate = PKCS7_cert_from_signer_info(&message, signer);
  if (certificate == nullptr) return broken("the certificate of its signer is not in it");
  if (!states_trust_list(signer)) return broken("what was signed is no trust list");
  BioHandle bytes = memory_bio(content);
  const BioHandle digests(PKCS7_dataInit(&message, bytes.get()));
  if (digests == nullptr) return broken("its digest algorithm is not known");
  bytes.release();  // `digests` ends in it
  std::array<char, 16384> buffer{};
  while (BIO_read(digests.get(), buffer.data(), static_cast<int>(buffer.size())) > 0) {
  }
  if (PKCS7_signatureVerify(digests.get(), &message, signer, certificate) != 1) {
    return broken("its signature is not that of its list");
  }
  return check_chain(message, certificate, roots);
}

}  // namespace

struct SecurityCatalog::Message {
  Pkcs7Handle pkcs7;
};

struct TrustedRoots::State {
  StoreHandle store{X509_STORE_new()};
  std::set<std::string> added;  // SHA-256 of each input
};

TrustedRoots::TrustedRoots() : state_(std::make_shared<State>()) {
  if (state_->store == nullptr) throw std::bad_alloc();
}

Result<void> TrustedRoots::add(ByteView certificates, const std::string& name) {
  const auto refuse = [&](const std::string& reason) {
    ERR_clear_error();
    return fail("cannot read certificates " + name + ": " + reason);
  };
  if (certificates.size() > kMaxCertificates) {
    return refuse("they have more than " + std::to_string(kMaxCertificates) + " bytes");
  }
  state_->added.insert(sha256(certificates).hex());
  if (!certificates.empty() && certificates.front() == kDerSequence) {
    const unsigned char* at = certificates.data();
    const CertificateHandle certificate(d2i_X509(nullptr, &at, static_cast<long>(certificates.size())));
    if (certificate == nullptr) return refuse("there is no certificate in DER");
    X509_STORE_add_cert(state_->store.get(), certificate.get());
    return {};
  }
  const BioHandle bio = memory_bio(certificates);
  for (std::size_t count = 0;; ++count) {
    const CertificateHandle certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
    if (certificate != nullptr) {
      X509_STORE_add_cert(state_->store.get(), certificate.get());
      continue;
    }
    const bool is_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    if (!is_end || count == 0) return refuse(count == 0 ? "there is no certificate" : "one of them is damaged");
    ERR_clear_error();
    return {};
  }
}

Result<void> TrustedRoots::add_file(const std::filesystem::path& file) {
  WINNOW_TRY(const Bytes bytes, read_file(file, kMaxCertificates));
  return add(bytes, file.string());
}

std::string TrustedRoots::fingerprint() const {
  std::string text;
  for (const std::string& digest : state_->added) text += digest + " ";
  return text;
}

bool TrustedRoots::empty() const { return sk_X509_OBJECT_num(X509_STORE_get0_objects(state_->store.get())) == 0; }

Result<SecurityCatalog> SecurityCatalog::parse(ByteView bytes, const std::string& name) {
  const auto refuse = [&](const std::string& reason) {
    ERR_clear_error();
    return fail("cannot read security catalog " + name + ": " + reason);
  };
  if (bytes.size() > kMaxSecurityCatalog) {
    return refuse("it has more than " + std::to_string(kMaxSecurityCatalog) + " bytes");
  }
  const unsigned char* at = bytes.data();
  Pkcs7Handle pkcs7(d2i_PKCS7(nullptr, &at, static_cast<long>(bytes.size())));
  if (pkcs7 == nullptr || PKCS7_type_is_signed(pkcs7.get()) == 0 || pkcs7->d.sign == nullptr) {
    return refuse("it is no signed data (PKCS #7)");
  }
  if (!is_only_zeros(bytes.subspan(static_cast<std::size_t>(at - bytes.data())))) return refuse("bytes follow its end");
  if (sk_X509_ALGOR_num(pkcs7->d.sign->md_algs) > kMaxSigners ||
      sk_PKCS7_SIGNER_INFO_num(pkcs7->d.sign->signer_info) > kMaxSigners) {
    return refuse("it has more than " + std::to_string(kMaxSigners) + " signers");
  }
  const auto content = signed_content(*pkcs7);
  if (!content) return refuse("there is no trust list in it");
  TrustListMembers members;
  const std::string fault = read_trust_list(*content, members);
  if (!fault.empty()) return refuse(fault);
  SecurityCatalog catalog;
  auto message = std::make_shared<Message>();
  message->pkcs7 = std::move(pkcs7);
  catalog.message_ = std::move(message);
  catalog.sha256_ = std::move(members.sha256);
  catalog.sha1_ = std::move(members.sha1);
  catalog.images_ = members.images;
  ERR_clear_error();
  return catalog;
}

bool SecurityCatalog::contains(ByteView file) const {
  return std::binary_search(sha256_.begin(), sha256_.end(), sha256(file)) ||
         (!sha1_.empty() && std::binary_search(sha1_.begin(), sha1_.end(), sha1(file)));
}

CatalogSignature SecurityCatalog::check_signature(const TrustedRoots& roots) const {
  PKCS7& message = *message_->pkcs7;
  STACK_OF(PKCS7_SIGNER_INFO)* signers = PKCS7_get_signer_info(&message);
  CatalogSignature result;
  for (int i = 0; i < sk_PKCS7_SIGNER_INFO_num(signers); ++i) {
    PKCS7_SIGNER_INFO* signer = sk_PKCS7_SIGNER_INFO_value(signers, i);
    result = check_signer(message, signer, *signed_content(message), roots.state_->store.get());
    if (result.state != CatalogSignature::State::trusted) break;
  }
  return result;
}

std::string to_string(const CatalogSignature& signature) {
  switch (signature.state) {
    case CatalogSignature::State::absent:
      return "unsigned";
    case CatalogSignature::State::broken:
      return "not as it was signed: " + signature.reason;
    case CatalogSignature::State::unknown_root:
      return "signed by " + quote_entry_name(signature.signer) + ", but " + quote_entry_name(signature.root) +
             " is no root that was given";
    case CatalogSignature::State::trusted:
      return "signed by " + quote_entry_name(signature.signer) + " (" + quote_entry_name(signature.root) + ")";
  }
  return "";
}

}  // namespace winnow
