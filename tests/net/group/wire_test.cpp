// SPDX-License-Identifier: MIT
//
// Recorded bytes of the messages about groups, and what a reader refuses.
#include <catch2/catch_test_macros.hpp>

#include "net/message_codec.hpp"

using namespace kith;
using namespace kith::net;
using crypto::Bytes;

namespace {

std::string repeated(std::string_view byte, int count) {
    std::string out;
    for (int i = 0; i < count; ++i) out += byte;
    return out;
}
const std::string group = repeated("aa", 32);
const std::string one = repeated("01", 32);
const std::string two = repeated("02", 32);

Bytes golden(const std::string& type, const std::string& body) {
    auto out = *crypto::from_hex(type);
    const auto bytes = *crypto::from_hex(body);
    for (int i = 3; i >= 0; --i) out.push_back(static_cast<std::uint8_t>(bytes.size() >> (8 * i)));
    out.insert(out.end(), bytes.begin(), bytes.end());
    return out;
}
GroupHash hash(std::uint8_t byte) {
    GroupHash out;
    out.fill(byte);
    return out;
}
Bytes encoded(const Message& message) {
    Bytes out;
    REQUIRE(append_message(out, message));
    return out;
}
bool refused(const Message& message) {
    Bytes out;
    return !append_message(out, message) && out.empty();
}
/// Decodes to what encodes to the same bytes; cut anywhere it is malformed.
void check(const Message& message, const Bytes& bytes) {
    CHECK(encoded(message) == bytes);
    RecordReader reader(bytes);
    const auto back = reader.next();
    REQUIRE(back);
    CHECK(back->index() == message.index());
    CHECK(encoded(*back) == bytes);
    for (std::size_t size = message_header_size; size < bytes.size(); ++size) {
        Bytes cut(bytes.begin(), bytes.begin() + static_cast<long>(size));
        const auto length = size - message_header_size;
        cut[4] = static_cast<std::uint8_t>(length >> 8);
        cut[5] = static_cast<std::uint8_t>(length);
        RecordReader short_one(cut);
        CHECK_FALSE(short_one.next());
        CHECK(short_one.malformed());
    }
}
bool malformed(const Bytes& bytes) {
    RecordReader reader(bytes);
    return !reader.next() && reader.malformed();
}

}  // namespace

TEST_CASE("recorded messages about groups") {
    const auto id = hash(0xAA);
    check(GroupChanges{id, {{1, 2}, {3}}}, golden("0078", group + "00000002"
                                                                  "00000002"
                                                                  "0102"
                                                                  "00000001"
                                                                  "03"));
    check(GroupChangesAsk{id, {hash(1)}, {hash(2)}},
          golden("0079", group + "00000001" + one + "00000001" + two));
    check(GroupHave{id, {hash(1)}, {hash(2)}, {hash(1)}, true},
          golden("007a", group + "00000001" + one + "00000001" + two + "00000001" + one + "01"));
    check(GroupItem{id, {5, 6}, hash(1), {7}}, golden("007b", group +
                                                                  "00000002"
                                                                  "0506"
                                                                  "01" +
                                                                  one +
                                                                  "00000001"
                                                                  "07"));
    check(GroupItem{id, {5, 6}, std::nullopt, {}}, golden("007b", group + "00000002"
                                                                          "0506"
                                                                          "00"
                                                                          "00000000"));
    check(GroupAsk{id, 9, {hash(1)}, {hash(2)}, {}},
          golden("007c", group +
                             "00000009"
                             "00000001" +
                             one + "00000001" + two + "00000000"));
    check(GroupAnswered{id, 9, true, {hash(1)}, {}}, golden("007d", group +
                                                                        "00000009"
                                                                        "01"
                                                                        "00000001" +
                                                                        one + "00000000"));
    check(GroupSeen{id, {hash(1)}, {hash(2)}},
          golden("007e", group + "00000001" + one + "00000001" + two));
    check(GroupTyping{id, true}, golden("0080", group + "01"));
}

TEST_CASE("what no message about groups may say") {
    const auto id = hash(0xAA);
    CHECK(refused(GroupChanges{id, std::vector<Bytes>(65, Bytes(1))}));
    CHECK(refused(GroupChanges{id, {Bytes(group_change_max + 1)}}));
    CHECK(refused(GroupChanges{id, {Bytes()}}));
    CHECK(refused(GroupChanges{id, std::vector<Bytes>(7, Bytes(10'000))}));
    CHECK(refused(GroupChangesAsk{id, std::vector<GroupHash>(65), {}}));
    CHECK(refused(GroupHave{id, std::vector<GroupHash>(257), {}, {}, false}));
    CHECK(refused(GroupHave{id, {}, std::vector<GroupHash>(257), {}, false}));
    CHECK(refused(GroupHave{id, {}, {}, std::vector<GroupHash>(65), false}));
    CHECK(refused(GroupItem{id, Bytes(group_envelope_max + 1), std::nullopt, {}}));
    CHECK(refused(GroupItem{id, {1}, hash(1), Bytes(group_body_max + 1)}));
    CHECK(refused(GroupItem{id, {1}, std::nullopt, {1}}));  // a body without its key
    CHECK(refused(GroupAsk{id, 1, std::vector<GroupHash>(65), {}, {}}));
    CHECK(refused(GroupAsk{id, 1, {}, std::vector<GroupHash>(321), {}}));
    CHECK(refused(GroupSeen{id, std::vector<GroupHash>(65), {}}));
    CHECK(malformed(golden("0080", group + "02")));
    CHECK(malformed(golden("0078", group + "00000001"
                                           "00000000")));  // an empty change
    CHECK(malformed(golden("0079", group + "ffffffff" + one)));
    CHECK(malformed(golden("007b", group + "00000001"
                                           "05"
                                           "00"
                                           "00000001"
                                           "07")));
}
