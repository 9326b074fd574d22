// SPDX-License-Identifier: MIT
#include "net/group/envelope.hpp"

#include "net/group/body.hpp"
#include "tests/net/group/people.hpp"

using namespace kith;
using namespace kith::net;
using namespace kith::test;

namespace {

Envelope envelope_of(const Person& author) {
    Envelope envelope;
    envelope.group = Hash{9};
    envelope.author = author.id();
    envelope.time = 0x018BCFE56800;
    envelope.place = 0x018BCFE56801;
    envelope.parents = {Hash{1}, Hash{2}};
    envelope.view = {Hash{3}};
    return envelope;
}
SignedItem item_of(const Person& author, std::string_view text = "hi") {
    DeterministicRandom random(1);
    return *seal_item(envelope_of(author), crypto::view(text), author.signing(), random);
}

}  // namespace

TEST_CASE("the bytes of an envelope") {
    const Person ann(1);
    const auto item = item_of(ann);
    const std::string zeros(62, '0');
    const auto expected =
        "01"  // version
        "09" +
        zeros +             // group
        to_hex(ann.id()) +  // author
        "01"                // kind: text
        "0000018bcfe56800"  // time
        "0000018bcfe56801"  // place
        "00000002"
        "01" +
        zeros + "02" + zeros +  // parents
        "00000001"
        "03" +
        zeros +  // view
        crypto::to_hex(crypto::ByteView(item.envelope.content)) +
        "00000012";  // size: two bytes and a tag
    CHECK(crypto::to_hex(crypto::ByteView(item.encoded)).substr(0, expected.size()) == expected);
    CHECK(item.encoded.size() == expected.size() / 2 + 64);
    CHECK(item.envelope.content ==
          crypto::sha256({crypto::view("kith1 group body"), *item.key, item.body}));
    const auto id = id_of(item.hash, item.envelope.time);
    CHECK(crypto::to_hex(crypto::ByteView(id)).substr(0, 13) == "018bcfe568007");
    CHECK((id[8] & 0xC0) == 0x80);
}

TEST_CASE("a message comes back as it was, and its body opens") {
    const Person ann(1);
    const auto item = item_of(ann);
    const auto back = decode_item(to_wire(item));
    REQUIRE(back);
    CHECK(back->hash == item.hash);
    CHECK(signed_by(*back, *crypto::PublicBundle::parse(ann.record().bundle)));
    const auto plain = open_body(*back);
    REQUIRE(plain);
    CHECK(std::string(plain->begin(), plain->end()) == "hi");
    auto gone = to_wire(item);
    gone.key.reset();
    gone.body.clear();
    REQUIRE(decode_item(gone));
    CHECK_FALSE(open_body(*decode_item(gone)));
}

TEST_CASE("whoever hands a message on can change nothing of it") {
    const Person ann(1);
    const Person bob(2);
    const auto bundle = *crypto::PublicBundle::parse(ann.record().bundle);
    const auto good = to_wire(item_of(ann));
    for (std::size_t i = 0; i < good.envelope.size(); ++i) {
        auto bad = good;
        bad.envelope[i] ^= 1;
        const auto back = decode_item(bad);
        CHECK((!back || !signed_by(*back, bundle)));
    }
    auto other_body = good;
    other_body.body[0] ^= 1;
    CHECK_FALSE(decode_item(other_body));
    auto other_key = good;
    (*other_key.key)[0] ^= 1;
    CHECK_FALSE(decode_item(other_key));  // not even one that would open to something else
    auto other_group = good;
    other_group.group[0] ^= 1;
    CHECK_FALSE(decode_item(other_group));
    auto forged = item_of(bob);
    forged.envelope.author = ann.id();
    CHECK_FALSE(signed_by(forged, bundle));
}

TEST_CASE("what an envelope may not say") {
    const Person ann(1);
    DeterministicRandom random(1);
    const auto make = [&](auto spoil, std::size_t size = 2) {
        auto envelope = envelope_of(ann);
        spoil(envelope);
        return seal_item(envelope, Bytes(size), ann.signing(), random).has_value();
    };
    CHECK(make([](auto&) {}));
    CHECK_FALSE(make([](auto& e) { e.view.clear(); }));
    CHECK_FALSE(make([](auto& e) { e.parents = {Hash{2}, Hash{1}}; }));
    CHECK_FALSE(make([](auto& e) { e.view = {Hash{1}, Hash{1}}; }));
    CHECK_FALSE(make([](auto& e) { e.time = -1; }));
    CHECK_FALSE(make([](auto& e) { e.time = time_end; }));
    CHECK_FALSE(make([](auto& e) { e.place = place_max + 1; }));
    CHECK(make([](auto&) {}, group_body_max - 16));
    CHECK_FALSE(make([](auto&) {}, group_body_max - 15));
    const auto many = [](std::uint8_t count) {
        std::vector<Hash> out;
        for (std::uint8_t i = 0; i < count; ++i) out.push_back(Hash{i});
        return out;
    };
    CHECK(make([&](auto& e) { e.parents = many(16); }));
    CHECK_FALSE(make([&](auto& e) { e.parents = many(17); }));
    CHECK(make([&](auto& e) { e.view = many(64); }));
    CHECK_FALSE(make([&](auto& e) { e.view = many(65); }));
}

TEST_CASE("no key seals twice") {
    const Person ann(1);
    crypto::SystemRandom random;
    const auto a = seal_item(envelope_of(ann), crypto::view("same"), ann.signing(), random);
    const auto b = seal_item(envelope_of(ann), crypto::view("same"), ann.signing(), random);
    CHECK(*a->key != *b->key);
    CHECK(a->body != b->body);
}

TEST_CASE("bodies by kind") {
    const Person ann(1);
    const TextBody text{"hi", MessageId{1}, {ann.id().bytes}};
    const auto bytes = *encode_body(text);
    const auto back = decode_body(Kind::text, bytes);
    REQUIRE(back);
    CHECK(std::get<TextBody>(*back).text == "hi");
    CHECK(std::get<TextBody>(*back).reply_to == MessageId{1});
    CHECK(std::get<TextBody>(*back).mentions == text.mentions);
    CHECK(decode_body(Kind::edit, *encode_body(EditBody{{1}, 2, "x", {}})));
    CHECK(decode_body(Kind::erase, *encode_body(EraseBody{{1}})));
    CHECK(decode_body(Kind::reactions, *encode_body(ReactionsBody{{1}, 2, {"a"}})));
    CHECK_FALSE(encode_body(TextBody{std::string(65537, 'a'), {}, {}}));
    CHECK_FALSE(decode_body(static_cast<Kind>(77), bytes));
    CHECK_FALSE(decode_body(Kind::erase, Bytes(15)));
}
