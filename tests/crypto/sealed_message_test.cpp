// SPDX-License-Identifier: MIT
#include "crypto/sealed_message.hpp"

#include <algorithm>
#include <map>

#include "crypto/kdf.hpp"
#include "crypto/mailbox_card.hpp"
#include "crypto/oaep_kem.hpp"
#include "crypto/xwing.hpp"
#include "tests/crypto/checks.hpp"
#include "tests/support/deterministic_random.hpp"
#include "tests/support/test_identities.hpp"

using namespace kith::crypto;
using namespace kith::test;

namespace {

struct Someone {
    explicit Someone(const std::string& name)
        : identity(test_identity(name)),
          signing(identity.keys().ed25519_seed),
          lane(value(oaep_kem::Decapsulator::from_keys(test_identity_keys(name)))) {}
    Identity identity;
    SigningKey signing;
    oaep_kem::Decapsulator lane;
};

Someone& person(const std::string& name) {
    static std::map<std::string, Someone> people;
    const auto found = people.find(name);
    return found != people.end() ? found->second : people.try_emplace(name, name).first->second;
}

struct Letter {
    DeterministicRandom random{5};
    xwing::KeyPair prekey = xwing::generate(random);
    Bytes token = Bytes(16, 0x42);

    Bytes seal(std::string_view text, const std::string& from = "alice",
               const std::string& to = "bob", std::string_view signer = {}) {
        const Someone& sender = person(from);
        const SigningKey& signing =
            signer.empty() ? sender.signing : person(std::string(signer)).signing;
        return value(seal_message({person(to).identity.bundle(), 7, prekey.public_key, token},
                                  {sender.identity.bundle(), signing}, 1234, view(text), random));
    }
    Result<OpenedMessage> open(ByteView sealed, const std::string& by = "bob") {
        const Someone& reader = person(by);
        const auto header = parse_sealed(sealed, reader.identity.bundle().modulus_size());
        if (!header) return tl::unexpected(header.error());
        const auto secret = reader.lane.decapsulate(header->oaep_ciphertext, random);
        return open_sealed(sealed, {reader.identity.bundle(), prekey.seed, secret, token});
    }
};

std::string text_of(const OpenedMessage& opened) {
    return {opened.payload.begin(), opened.payload.end()};
}

}  // namespace

TEST_CASE("sealed message: who it is for reads it, and knows whose it is") {
    Letter letter;
    for (const auto* to : {"bob", "carol"}) {  // RSA-3072 and RSA-4096
        const auto opened = value(letter.open(letter.seal("come at eight", "alice", to), to));
        CHECK(text_of(opened) == "come at eight");
        CHECK(opened.sealed_at == 1234);
        CHECK(opened.sender.fingerprint() == person("alice").identity.fingerprint());
    }
}

TEST_CASE("sealed message: its size says only how many blocks there are") {
    Letter letter;
    const std::size_t around = 1 + 8 + 1120 + 2 + 384 + 16;
    CHECK(letter.seal("").size() == around + sealed_block);
    CHECK(letter.seal(std::string(15'000, 'a')).size() == around + sealed_block);
    CHECK(letter.seal(std::string(16'000, 'a')).size() == around + 2 * sealed_block);
    const std::string longest(sealed_payload_max, 'x');
    const Bytes most = letter.seal(longest);
    CHECK(most.size() == around + sealed_blocks_max * sealed_block);
    CHECK(text_of(value(letter.open(most))) == longest);
    const Someone& alice = person("alice");
    CHECK(refusal(seal_message({alice.identity.bundle(), 7, letter.prekey.public_key, {}},
                               {alice.identity.bundle(), alice.signing}, 0,
                               Bytes(sealed_payload_max + 1, 1), letter.random)) == Errc::limits);
}

TEST_CASE("sealed message: two of the same text have nothing in common") {
    Letter letter;
    const Bytes one = letter.seal("same"), other = letter.seal("same");
    CHECK(std::equal(one.begin(), one.begin() + 9, other.begin()));  // version and prekey
    std::size_t same = 0;
    for (std::size_t at = 1'600; at < one.size(); ++at) same += one[at] == other[at] ? 1 : 0;
    CHECK(same < one.size() / 100);
}

TEST_CASE("sealed message: every altered bit and every cut is refused") {
    Letter letter;
    const Bytes sealed = letter.seal("come at eight");
    for (std::size_t at = 0; at < sealed.size(); at += at < 1'600 ? 7 : 997) {
        INFO(at);
        CHECK_FALSE(letter.open(flipped(sealed, at)));
    }
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{1'500},
                                   sealed.size() - 16, sealed.size() - 1}) {
        INFO(size);
        CHECK(refusal(letter.open(ByteView(sealed).first(size))) == Errc::malformed);
    }
    Bytes longer = sealed;
    longer.resize(sealed.size() + sealed_block);
    CHECK(refusal(letter.open(longer)) == Errc::not_authentic);
    longer.resize(sealed.size() + sealed_blocks_max * sealed_block);
    CHECK(refusal(letter.open(longer)) == Errc::malformed);
}

TEST_CASE("sealed message: each of the three secrets is needed") {
    Letter letter;
    const Bytes sealed = letter.seal("come at eight");
    CHECK_FALSE(letter.open(sealed, "alice"));  // another RSA key
    Letter other = letter;
    other.prekey = xwing::generate(letter.random);
    CHECK(refusal(other.open(sealed)) == Errc::not_authentic);
    other = letter;
    other.token.back() ^= 1;
    CHECK(refusal(other.open(sealed)) == Errc::not_authentic);
}

TEST_CASE("sealed message: nobody signs for somebody else") {
    Letter letter;
    CHECK(refusal(letter.open(letter.seal("it is me", "alice", "bob", "mallory"))) ==
          Errc::not_authentic);
}

TEST_CASE("sealed message: golden") {
    Letter letter;
    CHECK(to_hex(sha256({letter.seal("come at eight")})) ==
          "2651059d379788c0e87a5fd5afd33543d09ca741a0f825eeb0ce1e9371d5b224");
}

TEST_CASE("mailbox card: says whose it is, and cannot be changed") {
    Letter letter;
    const Someone& bob = person("bob");
    const Bytes card =
        format_card({bob.identity.bundle(), 9, letter.prekey.public_key, 55}, bob.signing);
    const auto read = value(parse_card(card, bob.identity.fingerprint()));
    CHECK(read.prekey_id == 9);
    CHECK(read.prekey == letter.prekey.public_key);
    CHECK(read.made_at == 55);
    CHECK(refusal(parse_card(card, person("alice").identity.fingerprint())) ==
          Errc::wrong_fingerprint);
    for (std::size_t at = 0; at < card.size(); at += 5) {
        INFO(at);
        CHECK_FALSE(parse_card(flipped(card, at), bob.identity.fingerprint()));
    }
    for (std::size_t size = 0; size < card.size(); size += 50)
        CHECK_FALSE(parse_card(ByteView(card).first(size), bob.identity.fingerprint()));
    const Bytes forged = format_card({bob.identity.bundle(), 9, letter.prekey.public_key, 55},
                                     person("mallory").signing);
    CHECK(refusal(parse_card(forged, bob.identity.fingerprint())) == Errc::not_authentic);
}
