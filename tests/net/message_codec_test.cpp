// SPDX-License-Identifier: MIT
//
// Golden bytes of every message, field by field, and what a reader accepts and refuses.
#include "net/message_codec.hpp"

#include <catch2/catch_test_macros.hpp>

#include "net/archive.hpp"

using namespace kith;
using namespace kith::net;
using crypto::Bytes;

namespace {

/// "00 01 // comment" lines to bytes; text in quotes is taken as it is.
Bytes golden(std::string_view text) {
    Bytes out;
    std::string hex;
    while (!text.empty()) {
        const auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        for (const char c : line.substr(0, line.find("//"))) {
            if (c != ' ') hex += c;
        }
    }
    out = crypto::from_hex(hex).value();
    return out;
}

Bytes encoded(const Message& message) {
    Bytes out;
    REQUIRE(append_message(out, message));
    return out;
}

/// The one message in `payload`.
template <typename T>
T decoded(const Bytes& payload) {
    RecordReader reader(payload);
    auto message = reader.next();
    REQUIRE(message.has_value());
    REQUIRE_FALSE(reader.next().has_value());
    REQUIRE_FALSE(reader.malformed());
    return std::get<T>(std::move(*message));
}

bool malformed(const Bytes& payload) {
    RecordReader reader(payload);
    while (reader.next()) {
    }
    return reader.malformed();
}

void set_length(Bytes& message) {
    const std::size_t length = message.size() - message_header_size;
    message[4] = static_cast<std::uint8_t>(length >> 8);
    message[5] = static_cast<std::uint8_t>(length);
}

MessageId id_of(std::uint8_t byte) {
    MessageId id;
    id.fill(byte);
    return id;
}

}  // namespace

TEST_CASE("Hello") {
    const Bytes bytes = golden(R"(
        0001                // type
        00000016            // length
        0102                // minor
        00000008            // agent: length
        6b6974682f302e31    // agent: "kith/0.1"
        0000000000000005    // features
    )");
    CHECK(encoded(Hello{0x0102, "kith/0.1", 5}) == bytes);
    const auto hello = decoded<Hello>(bytes);
    CHECK(hello.minor == 0x0102);
    CHECK(hello.agent == "kith/0.1");
    CHECK(hello.features == 5);
}

TEST_CASE("Ping, Pong, Goodbye and messages without a body") {
    CHECK(encoded(Ping{0x0102030405060708}) == golden("0002 00000008 0102030405060708"));
    CHECK(encoded(Pong{0x0102030405060708}) == golden("0003 00000008 0102030405060708"));
    CHECK(encoded(Goodbye{GoodbyeReason::idle}) == golden("0004 00000001 03"));
    CHECK(encoded(RequestReceipt{}) == golden("0011 00000000"));
    CHECK(encoded(ContactDecline{}) == golden("0013 00000000"));
    CHECK(decoded<Ping>(golden("0002 00000008 ffffffffffffffff")).nonce == ~std::uint64_t{0});
    CHECK(decoded<Goodbye>(golden("0004 00000001 02")).reason == GoodbyeReason::not_welcome);
    // A reason of a newer version is still a goodbye.
    CHECK(static_cast<int>(decoded<Goodbye>(golden("0004 00000001 c8")).reason) == 200);
    decoded<RequestReceipt>(golden("0011 00000000"));
    decoded<ContactDecline>(golden("0013 00000000"));
}

TEST_CASE("ContactRequest and ContactCard") {
    ContactToken token{};
    token.fill(0x77);
    const std::vector<crypto::Candidate> candidates{
        {crypto::CandidateKind::lan, {192, 168, 1, 2}, 4711},
        {crypto::CandidateKind::public_address,
         {0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1},
         80}};
    const Bytes request = golden(R"(
        0010                                // type
        0000004b                            // length
        00000003 c381 61                    // name: U+00C1 "a"
        00000002 6869                       // greeting: "hi"
        77777777777777777777777777777777    // token
        00000002                            // candidates: count
        01 06 c0a80102 1267                 //   lan, 6 bytes, 192.168.1.2, port 4711
        02 12 20010db8000000000000000000000001 0050
        ffff                                // (dropped below)
    )");
    const Bytes bytes =
        encoded(ContactRequest{"\xC3\x81"
                               "a",
                               "hi", token, candidates});
    Bytes expected(request.begin(), request.end() - 2);
    set_length(expected);
    CHECK(bytes == expected);
    const auto back = decoded<ContactRequest>(bytes);
    CHECK(back.name ==
          "\xC3\x81"
          "a");
    CHECK(back.greeting == "hi");
    CHECK(back.token == token);
    CHECK(back.candidates == candidates);

    Bytes card = golden(R"(
        0012 00000000
        00000001 62                         // name: "b"
        77777777777777777777777777777777    // token
        00000001 04 06 7f000001 0001        // one candidate: loopback 127.0.0.1, port 1
    )");
    set_length(card);
    CHECK(encoded(ContactCard{
              "b", token, {{crypto::CandidateKind::loopback, {127, 0, 0, 1}, 1}}}) == card);
    CHECK(decoded<ContactCard>(card).candidates.size() == 1);
}

TEST_CASE("Text and Ack") {
    Text text{id_of(0x11), 0x0000018BCFE56800, "hi", std::nullopt};
    const Bytes plain = golden(R"(
        0020                                // type
        0000001f                            // length
        11111111111111111111111111111111    // id
        0000018bcfe56800                    // sent_at, milliseconds since 1970
        00000002 6869                       // text: "hi"
        00                                  // no reply_to
    )");
    CHECK(encoded(text) == plain);
    text.reply_to = id_of(0x22);
    text.sent_at = -1;
    const Bytes reply = golden(R"(
        0020 0000002f
        11111111111111111111111111111111
        ffffffffffffffff                    // sent_at: a clock before 1970
        00000002 6869
        01 22222222222222222222222222222222 // reply_to
    )");
    CHECK(encoded(text) == reply);
    const auto back = decoded<Text>(reply);
    CHECK(back.sent_at == -1);
    CHECK(back.reply_to == id_of(0x22));
    CHECK_FALSE(decoded<Text>(plain).reply_to.has_value());

    const Bytes ack = golden(R"(
        0021 00000024
        00000002                            // ids: count
        11111111111111111111111111111111
        22222222222222222222222222222222
    )");
    CHECK(encoded(Ack{{id_of(0x11), id_of(0x22)}}) == ack);
    CHECK(decoded<Ack>(ack).ids == std::vector{id_of(0x11), id_of(0x22)});
}

TEST_CASE("a record of a newer peer still says what we understand") {
    // Recorded: an unknown type, a Text with two more fields, a candidate of an unknown kind.
    Bytes record = golden(R"(
        0040 00000005 0102030405            // type 64: skipped
        0020 00000029
        11111111111111111111111111111111
        0000018bcfe56800
        00000002 6869
        00
        00000002 beef dead0001              // fields of a newer version
        ffff 00000000                       // type 65535, empty
        0012 00000045
        00000001 62
        77777777777777777777777777777777
        00000003
        01 06 c0a80102 1267
        63 20 0000000000000000000000000000000000000000000000000000000000000000
        7f 00
    )");
    RecordReader reader(record);
    const auto text = reader.next();
    REQUIRE(text.has_value());
    CHECK(std::get<Text>(*text).text == "hi");
    const auto card = reader.next();
    REQUIRE(card.has_value());
    CHECK(std::get<ContactCard>(*card).candidates.size() == 1);
    CHECK_FALSE(reader.next().has_value());
    CHECK_FALSE(reader.malformed());
}

TEST_CASE("every message that is cut short is malformed") {
    const std::vector<Message> all{
        Hello{1, "agent", 2},
        Ping{1},
        Pong{1},
        Goodbye{},
        ContactRequest{"n", "g", {}, {{crypto::CandidateKind::lan, {1, 2, 3, 4}, 5}}},
        ContactCard{"n", {}, {{crypto::CandidateKind::lan, {1, 2, 3, 4}, 5}}},
        Text{id_of(1), 2, "text", id_of(3)},
        Ack{{id_of(1), id_of(2)}}};
    for (const auto& message : all) {
        const Bytes whole = encoded(message);
        for (std::size_t size = message_header_size; size < whole.size(); ++size) {
            Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
            CHECK(malformed(cut));  // the announced length is not there
            set_length(cut);
            CHECK(malformed(cut));  // it is, but the last fields are missing
        }
    }
    for (std::size_t size = 1; size < message_header_size; ++size) CHECK(malformed(Bytes(size, 0)));
}

TEST_CASE("values outside their bounds are malformed, and are not sent") {
    const auto refused = [](const Message& message) {
        Bytes out{1, 2, 3};
        return !append_message(out, message) && out == Bytes{1, 2, 3};
    };
    CHECK(refused(Hello{0, std::string(agent_bytes_max + 1, 'a'), 0}));
    CHECK(refused(ContactRequest{std::string(name_bytes_max + 1, 'a'), "", {}, {}}));
    CHECK(refused(ContactRequest{"", std::string(257, 'a'), {}, {}}));
    CHECK(refused(ContactCard{"\xFF", {}, {}}));
    CHECK(refused(ContactCard{
        "",
        {},
        std::vector<crypto::Candidate>(17, {crypto::CandidateKind::lan, {1, 2, 3, 4}, 1})}));
    CHECK(refused(ContactCard{"", {}, {{crypto::CandidateKind::lan, {1, 2, 3}, 1}}}));
    CHECK(refused(Text{{}, 0, std::string(text_bytes_max + 1, 'a'), {}}));
    CHECK(refused(Ack{std::vector<MessageId>(ack_ids_max + 1)}));
    encoded(ContactRequest{std::string(name_bytes_max, 'a'), std::string(256, 'a'), {}, {}});
    encoded(Text{{}, 0, std::string(text_bytes_max, 'a'), {}});
    encoded(Ack{std::vector<MessageId>(ack_ids_max)});

    // From the wire.
    CHECK(malformed(golden("0004 00000000")));                                 // no reason
    CHECK(malformed(golden("0012 00000005 00000001 ff")));                     // not UTF-8
    CHECK(malformed(golden("0012 00000005 00000041 61")));                     // name of 65
    CHECK(malformed(golden("0021 00000004 00001001")));                        // 4,097 ids
    CHECK(malformed(golden("0021 00000004 ffffffff")));                        // length bomb
    CHECK(malformed(golden("0001 0000000e 0000 7fffffff 0000000000000000")));  // length bomb
    Bytes text = encoded(Text{id_of(1), 2, "t", std::nullopt});
    text.back() = 2;
    CHECK(malformed(text));  // neither 0 nor 1
    Bytes card = encoded(ContactCard{"", {}, {{crypto::CandidateKind::lan, {1, 2, 3, 4}, 5}}});
    Bytes no_port = card;
    no_port.back() = 0;
    CHECK(malformed(no_port));
    card[message_header_size + 4 + 16 + 4 + 1] = 5;
    CHECK(malformed(card));  // address of 3
}

TEST_CASE("an announced size costs nothing before its bytes are there") {
    const Bytes bytes{0xFF, 0xFF, 0xFF, 0xFF, 1};
    WireReader reader(bytes);
    std::vector<MessageId> ids;
    reader(bounded(ids, std::size_t{0xFFFFFFFF}));
    CHECK(reader.failed());
    CHECK(ids.capacity() == 0);
    std::string text_field = "old";
    WireReader again(bytes);
    again(text(text_field, std::size_t{0xFFFFFFFF}));
    CHECK(again.failed());
    CHECK(text_field.empty());
}

TEST_CASE("no byte string makes the reader misbehave") {
    // Every single-byte change of a record with all messages: decoded or malformed, never worse.
    Bytes record;
    for (const Message& message :
         {Message{Hello{1, "agent", 2}}, Message{Text{id_of(1), 2, "text", id_of(3)}},
          Message{Ack{{id_of(1)}}},
          Message{ContactRequest{"n", "g", {}, {{crypto::CandidateKind::lan, {1, 2, 3, 4}, 5}}}}}) {
        REQUIRE(append_message(record, message));
    }
    for (std::size_t position = 0; position < record.size(); ++position) {
        for (const std::uint8_t value : {0x00, 0x01, 0x7F, 0x80, 0xFF}) {
            Bytes changed = record;
            changed[position] = value;
            RecordReader reader(changed);
            int messages = 0;
            while (reader.next()) ++messages;
            CHECK(messages <= 6);
        }
    }
}
