// SPDX-License-Identifier: MIT
//
// Published vectors. The excerpts in tests/vectors always run; the complete files run where they
// are (KITH_VECTORS names their folder).
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "crypto/aead.hpp"
#include "crypto/kdf.hpp"
#include "crypto/ml_kem_768.hpp"
#include "crypto/oaep_kem.hpp"
#include "crypto/x25519.hpp"
#include "crypto/xwing.hpp"
#include "tests/crypto/checks.hpp"
#include "tests/support/deterministic_random.hpp"
#include "tests/support/test_identities.hpp"

using namespace kith::crypto;
using namespace kith::test;
using nlohmann::json;

namespace {

Bytes field(const json& test, const char* name) { return hex(test.at(name).get<std::string>()); }

Nonce nonce_of(const Bytes& iv) {
    Nonce nonce{};
    REQUIRE(iv.size() == nonce.size());
    std::copy(iv.begin(), iv.end(), nonce.begin());
    return nonce;
}

/// Runs `check(test, group)` on every test of a file; `check` says whether the test applies to
/// Kith.
template <typename Check>
std::size_t run(const std::filesystem::path& file, Check check) {
    std::ifstream in(file);
    REQUIRE(in.good());
    const json contents = json::parse(in);
    std::size_t ran = 0;
    for (const json& group : contents.at("testGroups"))
        for (const json& test : group.at("tests")) {
            INFO(file.filename() << " tcId " << test.at("tcId"));
            ran += check(test, group) ? 1 : 0;
        }
    return ran;
}

bool aes_256_gcm(const json& test, const json& group) {
    if (group.at("keySize") != 256 || group.at("ivSize") != 96 || group.at("tagSize") != 128)
        return false;
    const Bytes key = field(test, "key");
    const Nonce nonce = nonce_of(field(test, "iv"));
    Bytes sealed = field(test, "ct");
    const Bytes tag = field(test, "tag");
    sealed.insert(sealed.end(), tag.begin(), tag.end());
    const Bytes message = field(test, "msg");
    const auto opened = aead_open(key, nonce, field(test, "aad"), sealed);
    if (test.at("result") == "valid") {
        REQUIRE(opened.has_value());
        CHECK(Bytes(opened->begin(), opened->end()) == message);
        CHECK(aead_seal(key, nonce, field(test, "aad"), message) == sealed);
    } else {
        CHECK_FALSE(opened.has_value());
    }
    return true;
}

bool hkdf(const json& test, const json&) {
    const auto size = test.at("size").get<std::size_t>();
    if (test.at("result") != "valid" || size == 0) return false;  // invalid ones ask for too much
    const auto out =
        hkdf_sha512(field(test, "salt"), field(test, "ikm"), field(test, "info"), size);
    CHECK(Bytes(out.begin(), out.end()) == field(test, "okm"));
    return true;
}

bool ed25519(const json& test, const json& group) {
    // A bundle with the key of the vector.
    static const Identity carrier = test_identity("alice");
    const Bytes key = hex(group.at("publicKey").at("pk").get<std::string>());
    REQUIRE(key.size() == 32);
    Bytes encoded(carrier.bundle().encoded().begin(), carrier.bundle().encoded().end() - 32);
    encoded.insert(encoded.end(), key.begin(), key.end());
    const PublicBundle bundle = value(PublicBundle::parse(encoded));
    CHECK(bundle.verify(field(test, "msg"), field(test, "sig")) == (test.at("result") == "valid"));
    return true;
}

bool x25519_agreement(const json& test, const json&) {
    const auto shared = x25519::agree(field(test, "private"), field(test, "public"));
    CHECK(Bytes(shared.begin(), shared.end()) == field(test, "shared"));
    return true;
}

bool ml_kem(const json& test, const json&) {
    const Bytes seed = field(test, "seed");
    const auto secret = ml_kem_768::decapsulate(seed, field(test, "c"));
    if (test.at("result") != "valid") {
        CHECK_FALSE(secret.has_value());
        return true;
    }
    CHECK(value(ml_kem_768::public_key(seed)) == field(test, "ek"));
    const SecretBytes got = value(secret);
    CHECK(Bytes(got.begin(), got.end()) == field(test, "K"));
    return true;
}

/// Kith encrypts 32 bytes without a label; whatever else a ciphertext holds has to be rejected, and
/// rejection is a secret that depends on the random source.
bool oaep(const json& test, const json& group) {
    const Bytes pkcs8 = hex(group.at("privateKeyPkcs8").get<std::string>());
    static const auto lane = oaep_kem::Decapsulator::from_keys(
        {SecretBytes(pkcs8.begin(), pkcs8.end()), SecretBytes(32)});
    REQUIRE(lane.has_value());
    const Bytes ciphertext = field(test, "ct");
    DeterministicRandom one(1);
    DeterministicRandom two(2);
    const SecretBytes first = lane->decapsulate(ciphertext, one);
    const SecretBytes second = lane->decapsulate(ciphertext, two);
    const bool ours = test.at("result") == "valid" && test.at("label") == "" &&
                      test.at("msg").get<std::string>().size() == 64;
    CHECK((first == second) == ours);
    if (ours) {
        const Identity owner =
            value(Identity::from_keys({SecretBytes(pkcs8.begin(), pkcs8.end()), SecretBytes(32)}));
        Bytes info = {'s', 'k', 'e', 'm'};
        const Digest256 key_hash = sha256({owner.bundle().spki()});
        info.insert(info.end(), key_hash.begin(), key_hash.end());
        info.insert(info.end(), ciphertext.begin(), ciphertext.end());
        CHECK(first == hkdf_sha512({}, field(test, "msg"), info, 32));
    }
    return true;
}

std::size_t run_xwing(const std::filesystem::path& file) {
    std::ifstream in(file);
    REQUIRE(in.good());
    std::size_t ran = 0;
    for (const json& test : json::parse(in)) {
        const auto pair = xwing::from_seed(field(test, "seed"));
        CHECK(pair.public_key == field(test, "pk"));
        FixedRandom random(field(test, "eseed"));
        const auto sent = value(xwing::encapsulate(pair.public_key, random));
        CHECK(random.unused() == 0);
        CHECK(sent.ciphertext == field(test, "ct"));
        CHECK(Bytes(sent.secret.begin(), sent.secret.end()) == field(test, "ss"));
        CHECK(value(xwing::decapsulate(pair.seed, sent.ciphertext)) == sent.secret);
        ++ran;
    }
    return ran;
}

struct Counts {
    std::size_t aes, hkdf, ed25519, x25519, ml_kem, oaep, xwing;
};

Counts run_all(const std::filesystem::path& folder) {
    return {run(folder / "aes_gcm_test.json", aes_256_gcm),
            run(folder / "hkdf_sha512_test.json", hkdf),
            run(folder / "ed25519_test.json", ed25519),
            run(folder / "x25519_test.json", x25519_agreement),
            run(folder / "mlkem_768_test.json", ml_kem),
            run(folder / "rsa_oaep_3072_sha256_mgf1sha256_test.json", oaep),
            run_xwing(folder / "xwing_test.json")};
}

}  // namespace

TEST_CASE("published vectors: excerpts", "[vectors]") {
    const Counts ran = run_all(KITH_TEST_VECTORS);
    CHECK(ran.aes == 24);
    CHECK(ran.hkdf == 10);
    CHECK(ran.ed25519 == 20);
    CHECK(ran.x25519 == 16);
    CHECK(ran.ml_kem == 6);
    CHECK(ran.oaep == 15);
    CHECK(ran.xwing == 3);
}

TEST_CASE("published vectors: the complete files", "[vectors]") {
    const char* named = std::getenv("KITH_VECTORS");
    const std::filesystem::path folder = named != nullptr ? named : KITH_FULL_VECTORS;
    if (!std::filesystem::exists(folder / "xwing_test.json"))
        SKIP("no complete vector files: KITH_VECTORS does not name a folder that has them");
    const Counts ran = run_all(folder);
    std::cout << "vectors run: AES-256-GCM " << ran.aes << ", HKDF-SHA-512 " << ran.hkdf
              << ", Ed25519 " << ran.ed25519 << ", X25519 " << ran.x25519 << ", ML-KEM-768 "
              << ran.ml_kem << ", RSA-OAEP " << ran.oaep << ", X-Wing " << ran.xwing << '\n';
    CHECK(ran.aes >= 66);
    CHECK(ran.xwing >= 3);
}
