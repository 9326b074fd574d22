// SPDX-License-Identifier: MIT
#include "net/group/change.hpp"

#include "tests/net/group/people.hpp"

using namespace kith;
using namespace kith::net;
using namespace kith::test;

namespace {

std::string hex(const Bytes& bytes) { return crypto::to_hex(crypto::ByteView(bytes)); }

}  // namespace

TEST_CASE("the bytes of a change") {
    const Person ann(1);
    const Changes changes(ann);
    const auto change = changes.by(ann, Rename{"us"}, {changes.genesis.hash});
    const auto expected = std::string("01") +                                       // version
                          crypto::to_hex(crypto::ByteView(changes.genesis.hash)) +  // group
                          to_hex(ann.id()) +                                        // author
                          "0000018bcfe56801" +                                      // time
                          "05" +                                                    // kind: rename
                          "00000001" +                                              // one parent
                          crypto::to_hex(crypto::ByteView(changes.genesis.hash)) +
                          "00000006" +  // payload: size
                          "00000002"
                          "7573";  // name: "us"
    CHECK(hex(change.encoded).substr(0, expected.size()) == expected);
    CHECK(change.encoded.size() == expected.size() / 2 + 64);
    const Bytes body(change.encoded.begin(), change.encoded.end() - 64);
    CHECK(change.hash == crypto::sha256({crypto::view("kith1 group change"), body}));
}

TEST_CASE("every kind of change comes back as it was") {
    const Person ann(1);
    const Person bob(2);
    const Changes changes(ann);
    const std::vector<Statement> all{Add{bob.record(), {Hash{1}, Hash{2}}},
                                     Remove{bob.id()},
                                     Leave{},
                                     Rename{"us"},
                                     SetAdmin{bob.id(), true},
                                     SetCard{bob.record().card},
                                     Unknown{99, {1, 2, 3}}};
    for (const auto& statement : all) {
        const auto change = changes.by(ann, statement, {changes.genesis.hash});
        const auto back = decode_change(change.encoded);
        REQUIRE(back);
        CHECK(back->hash == change.hash);
        CHECK(back->change.statement.index() == statement.index());
        CHECK(signed_by(*back, *crypto::PublicBundle::parse(ann.record().bundle)));
        CHECK_FALSE(signed_by(*back, *crypto::PublicBundle::parse(bob.record().bundle)));
    }
    const auto add = decode_change(
        changes.by(ann, Add{bob.record(), {Hash{1}}}, {changes.genesis.hash}).encoded);
    CHECK(std::get<Add>(add->change.statement).member == bob.record());
}

TEST_CASE("a change with any byte changed is malformed or not signed") {
    const Person ann(1);
    const Changes changes(ann);
    const auto bundle = *crypto::PublicBundle::parse(ann.record().bundle);
    const auto change = changes.by(ann, Rename{"us"}, {changes.genesis.hash});
    for (std::size_t i = 0; i < change.encoded.size(); ++i) {
        Bytes bytes = change.encoded;
        bytes[i] ^= 1;
        const auto back = decode_change(bytes);
        CHECK((!back || !signed_by(*back, bundle)));
    }
    for (std::size_t size = 0; size < change.encoded.size(); ++size) {
        CHECK_FALSE(decode_change(
            Bytes(change.encoded.begin(), change.encoded.begin() + static_cast<long>(size))));
    }
    Bytes longer = change.encoded;
    longer.push_back(0);
    CHECK_FALSE(decode_change(longer));
}

TEST_CASE("a change outside its bounds is not made") {
    const Person ann(1);
    const Changes changes(ann);
    const auto make = [&](Statement statement, std::vector<Hash> parents) {
        return sign_change({changes.genesis.hash, ann.id(), 1, std::move(parents), statement},
                           ann.signing());
    };
    const auto below = changes.genesis.hash;
    CHECK(make(Rename{std::string(128, 'a')}, {below}));
    CHECK_FALSE(make(Rename{std::string(129, 'a')}, {below}));
    CHECK_FALSE(make(Rename{""}, {below}));
    CHECK_FALSE(make(Leave{}, {}));
    CHECK_FALSE(make(Leave{}, {Hash{2}, Hash{1}}));  // not ascending
    CHECK_FALSE(make(Leave{}, {Hash{1}, Hash{1}}));
    std::vector<Hash> parents;
    for (std::uint8_t i = 0; i < 17; ++i) parents.push_back(Hash{i});
    CHECK_FALSE(make(Leave{}, parents));
    parents.pop_back();
    CHECK(make(Leave{}, parents));
    Person bob(2);
    CHECK(make(Add{bob.record(), std::vector<Hash>(200)}, {below}));
    CHECK_FALSE(make(Add{bob.record(), std::vector<Hash>(201)}, {below}));
    CHECK_FALSE(make(Unknown{7, {}}, {below}));  // a kind that is known
    CHECK(make(Unknown{8, Bytes(9000)}, {below}));
    CHECK_FALSE(make(Unknown{8, Bytes(11000)}, {below}));
}
