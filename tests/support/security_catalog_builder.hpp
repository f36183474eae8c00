// Security catalogs of our own making: a root, a signer, and a signed list of digests, each as a test wants it.
// Keys are made anew by every run; nothing that a test compares depends on them.
#pragma once

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs7.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/digest.hpp"

namespace winnow::testing {

inline void must(bool good, const char* what) {
  if (!good) throw std::runtime_error(std::string("security catalog builder: ") + what);
}

struct CertificateOptions {
  bool is_authority = false;
  std::string_view key_usage;  // "codeSigning", "serverAuth"; none when empty
};

// A certificate and its key. Valid for one day of 1990: nobody may look at the clock.
class TestSigner {
 public:
  // Signs itself when there is no issuer.
  explicit TestSigner(const std::string& name, const TestSigner* issuer = nullptr, CertificateOptions options = {})
      : key_(EVP_EC_gen("P-256"), EVP_PKEY_free), certificate_(X509_new(), X509_free) {
    static long serial = 0;
    X509* x509 = certificate_.get();
    must(key_ != nullptr && X509_set_version(x509, 2) == 1, "certificate");
    ASN1_INTEGER_set(X509_get_serialNumber(x509), ++serial);
    ASN1_TIME_set_string(X509_getm_notBefore(x509), "19900101000000Z");
    ASN1_TIME_set_string(X509_getm_notAfter(x509), "19900102000000Z");
    X509_NAME* subject = X509_get_subject_name(x509);
    X509_NAME_add_entry_by_txt(subject, "O", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>("winnow tests"), -1,
                               -1, 0);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(name.c_str()), -1,
                               -1, 0);
    const TestSigner& signer = issuer != nullptr ? *issuer : *this;
    must(X509_set_issuer_name(x509, X509_get_subject_name(signer.certificate())) == 1, "issuer");
    must(X509_set_pubkey(x509, key_.get()) == 1, "key");
    if (options.is_authority || issuer == nullptr) extend(NID_basic_constraints, "critical,CA:TRUE");
    if (!options.key_usage.empty()) extend(NID_ext_key_usage, std::string(options.key_usage));
    must(X509_sign(x509, signer.key(), EVP_sha256()) > 0, "certificate's signature");
  }

  [[nodiscard]] X509* certificate() const { return certificate_.get(); }
  [[nodiscard]] EVP_PKEY* key() const { return key_.get(); }
  [[nodiscard]] Bytes der() const {
    Bytes out(static_cast<std::size_t>(i2d_X509(certificate(), nullptr)));
    unsigned char* at = out.data();
    i2d_X509(certificate(), &at);
    return out;
  }
  [[nodiscard]] std::string pem() const {
    const std::unique_ptr<BIO, int (*)(BIO*)> bio(BIO_new(BIO_s_mem()), BIO_free);
    must(PEM_write_bio_X509(bio.get(), certificate()) == 1, "PEM");
    char* text = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &text);
    return {text, static_cast<std::size_t>(size)};
  }

 private:
  void extend(int id, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate(), certificate(), nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, id, value.c_str());
    must(extension != nullptr && X509_add_ext(certificate(), extension, -1) == 1, "extension");
    X509_EXTENSION_free(extension);
  }
  std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key_;
  std::unique_ptr<X509, void (*)(X509*)> certificate_;
};

[[nodiscard]] inline Bytes der(std::uint8_t tag, std::initializer_list<ByteView> parts) {
  Bytes content;
  for (const ByteView part : parts) content.insert(content.end(), part.begin(), part.end());
  Bytes out = {tag};
  if (content.size() < 0x80) {
    out.push_back(static_cast<std::uint8_t>(content.size()));
  } else {
    for (const unsigned byte : {0x83u, static_cast<unsigned>(content.size() >> 16),
                                static_cast<unsigned>(content.size() >> 8), static_cast<unsigned>(content.size())}) {
      out.push_back(static_cast<std::uint8_t>(byte));
    }
  }
  out.insert(out.end(), content.begin(), content.end());
  return out;
}

[[nodiscard]] inline Bytes der_object(const char* id) {
  ASN1_OBJECT* object = OBJ_txt2obj(id, 1);
  Bytes out(static_cast<std::size_t>(i2d_ASN1_OBJECT(object, nullptr)));
  unsigned char* at = out.data();
  i2d_ASN1_OBJECT(object, &at);
  ASN1_OBJECT_free(object);
  return out;
}

class SecurityCatalogBuilder {
 public:
  enum class Members { bytes, text };  // as today, or as before Windows 8: by the digest's hex digits in UTF-16

  explicit SecurityCatalogBuilder(Members kind = Members::bytes) : kind_(kind) {}

  SecurityCatalogBuilder& sha256_of(std::string_view file) { return member(sha256(as_bytes(file)).bytes, "1.25"); }
  SecurityCatalogBuilder& sha1_of(std::string_view file) { return member(sha1(as_bytes(file)).bytes, nullptr); }
  SecurityCatalogBuilder& image_digest(std::string_view bytes) { return member(sha256(as_bytes(bytes)).bytes, "1.15"); }
  SecurityCatalogBuilder& raw_member(ByteView item) {
    members_.insert(members_.end(), item.begin(), item.end());
    return *this;
  }
  // `type` is what follows 1.3.6.1.4.1.311.2 in what the member says it is; none: it says nothing.
  SecurityCatalogBuilder& member(ByteView digest, const char* type) {
    Bytes name(digest.begin(), digest.end());
    if (kind_ == Members::text) {
      std::string text = to_hex(digest);
      name.clear();
      for (const char c : text) name.push_back(static_cast<std::uint8_t>(c)), name.push_back(0);
      name.resize(name.size() + 2);
    }
    Bytes attributes = der(0x30, {der_object("1.3.6.1.4.1.311.12.2.3"), der(0x31, {Bytes{0x82, 0x00}})});
    if (type != nullptr) {
      const std::string id = std::string("1.3.6.1.4.1.311.2.") + type;
      const Bytes algorithm = der(0x30, {der_object("2.16.840.1.101.3.4.2.1"), Bytes{0x05, 0x00}});
      const Bytes data = der(0x30, {der(0x30, {der_object(id.c_str()), Bytes{0xA2, 0x02, 0x80, 0x00}}),
                                    der(0x30, {algorithm, der(0x04, {digest})})});
      const Bytes indirect = der(0x30, {der_object("1.3.6.1.4.1.311.2.1.4"), der(0x31, {data})});
      attributes.insert(attributes.end(), indirect.begin(), indirect.end());
    }
    return raw_member(der(0x30, {der(0x04, {name}), der(0x31, {attributes})}));
  }
  SecurityCatalogBuilder& usage(const char* id) { return usage_ = id, *this; }
  SecurityCatalogBuilder& algorithm(const char* id) { return algorithm_ = id, *this; }
  SecurityCatalogBuilder& content_type(const char* id) { return content_type_ = id, *this; }
  SecurityCatalogBuilder& stated_type(const char* id) { return stated_type_ = id, *this; }

  [[nodiscard]] Bytes trust_list() const {
    const char* id = kind_ == Members::bytes ? "1.3.6.1.4.1.311.12.1.3" : "1.3.6.1.4.1.311.12.1.2";
    return der(0x30,
               {der(0x30, {der_object(usage_)}), der(0x04, {Bytes(16, 7)}), der(0x17, {as_bytes("191207064154Z")}),
                der(0x30, {der_object(algorithm_ != nullptr ? algorithm_ : id), Bytes{0x05, 0x00}}),
                der(0x30, {members_}), der(0xA0, {der(0x30, {})})});
  }
  // Signed by `signer`, with the certificates that a reader may need; nobody signs when there is none.
  [[nodiscard]] Bytes finish(const TestSigner* signer, const std::vector<const TestSigner*>& others = {}) const {
    const std::unique_ptr<PKCS7, void (*)(PKCS7*)> message(PKCS7_new(), PKCS7_free);
    PKCS7* p7 = message.get();
    must(PKCS7_set_type(p7, NID_pkcs7_signed) == 1 && PKCS7_content_new(p7, NID_pkcs7_data) == 1, "PKCS #7");
    const Bytes list = trust_list();
    if (signer != nullptr) sign(p7, list, *signer, others);
    PKCS7* contents = PKCS7_new();
    contents->type = OBJ_txt2obj(content_type_, 1);
    contents->d.other = ASN1_TYPE_new();
    ASN1_STRING* sequence = ASN1_STRING_type_new(V_ASN1_SEQUENCE);
    ASN1_STRING_set(sequence, list.data(), static_cast<int>(list.size()));
    ASN1_TYPE_set(contents->d.other, V_ASN1_SEQUENCE, sequence);
    must(PKCS7_set_content(p7, contents) == 1, "content");
    Bytes out(static_cast<std::size_t>(i2d_PKCS7(p7, nullptr)));
    unsigned char* at = out.data();
    i2d_PKCS7(p7, &at);
    return out;
  }

 private:
  void sign(PKCS7* p7, ByteView list, const TestSigner& signer, const std::vector<const TestSigner*>& others) const {
    PKCS7_SIGNER_INFO* info = PKCS7_add_signature(p7, signer.certificate(), signer.key(), EVP_sha256());
    must(info != nullptr, "signer");
    ASN1_OBJECT* type = OBJ_txt2obj(stated_type_, 1);
    must(PKCS7_add_signed_attribute(info, NID_pkcs9_contentType, V_ASN1_OBJECT, type) == 1, "attribute");
    must(PKCS7_add_certificate(p7, signer.certificate()) == 1, "certificate");
    for (const TestSigner* other : others) must(PKCS7_add_certificate(p7, other->certificate()) == 1, "certificate");
    const std::unique_ptr<BIO, void (*)(BIO*)> bio(PKCS7_dataInit(p7, nullptr), BIO_free_all);
    const std::size_t header = list[1] < 0x80 ? 2 : 2 + (list[1] & 0x7Fu);
    const ByteView content = list.subspan(header);
    must(BIO_write(bio.get(), content.data(), static_cast<int>(content.size())) >= 0, "content");
    must(PKCS7_dataFinal(p7, bio.get()) == 1, "signature");
  }

  Members kind_;
  Bytes members_;
  const char* usage_ = "1.3.6.1.4.1.311.12.1.1";
  const char* algorithm_ = nullptr;
  const char* content_type_ = "1.3.6.1.4.1.311.10.1";
  const char* stated_type_ = "1.3.6.1.4.1.311.10.1";
};

}  // namespace winnow::testing
