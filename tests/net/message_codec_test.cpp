// SPDX-License-Identifier: MIT
//
// Golden bytes of every message, field by field, and what a reader accepts and refuses.
#include "net/message_codec.hpp"

#include <catch2/catch_test_macros.hpp>

#include "net/archive.hpp"
#include "net/transfer/manifest.hpp"

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
        00000023                            // length
        11111111111111111111111111111111    // id
        0000018bcfe56800                    // sent_at, milliseconds since 1970
        00000002 6869                       // text: "hi"
        00                                  // no reply_to
        00000000                            // timer: kept for ever
    )");
    CHECK(encoded(text) == plain);
    text.reply_to = id_of(0x22);
    text.sent_at = -1;
    text.timer = 3600;
    const Bytes reply = golden(R"(
        0020 00000033
        11111111111111111111111111111111
        ffffffffffffffff                    // sent_at: a clock before 1970
        00000002 6869
        01 22222222222222222222222222222222 // reply_to
        00000e10                            // timer: an hour
    )");
    CHECK(encoded(text) == reply);
    const auto back = decoded<Text>(reply);
    CHECK(back.sent_at == -1);
    CHECK(back.reply_to == id_of(0x22));
    CHECK(back.timer == 3600);
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

// What a Text was before it had a timer.
namespace old {

struct Text {
    MessageId id{};
    std::int64_t sent_at = 0;
    std::string text;
    std::optional<MessageId> reply_to;
};
template <typename Archive>
void serialize(Archive& archive, Text& m) {
    archive(m.id, m.sent_at, net::text(m.text, text_bytes_max), m.reply_to);
}

}  // namespace old

TEST_CASE("a Text without a timer is read, and one with a timer is read by those who know none") {
    const Bytes recorded = golden(R"(
        0020 0000001f
        11111111111111111111111111111111
        0000018bcfe56800
        00000002 6869
        00
    )");
    const auto from_old = decoded<Text>(recorded);
    CHECK(from_old.text == "hi");
    CHECK(from_old.timer == 0);
    for (std::size_t extra = 1; extra < 4; ++extra) {
        Bytes part = recorded;
        part.resize(part.size() + extra);
        set_length(part);
        CHECK(malformed(part));  // a timer that is cut short
    }

    const Bytes bytes = encoded(Text{id_of(0x11), 5, "hi", id_of(0x22), 3600});
    WireReader reader(crypto::ByteView(bytes).subspan(message_header_size));
    old::Text to_old;
    reader(to_old);
    CHECK_FALSE(reader.failed());
    CHECK(to_old.text == "hi");
    CHECK(to_old.reply_to == id_of(0x22));
}

TEST_CASE("Edit and Erase") {
    const Bytes edit = golden(R"(
        0022                                // type
        0000002f                            // length
        11111111111111111111111111111111    // id
        22222222222222222222222222222222    // target
        0000018bcfe56801                    // revision
        00000003 68c3a9                     // text: "h" U+00E9
    )");
    CHECK(encoded(Edit{id_of(0x11), id_of(0x22), 0x18BCFE56801, "h\xC3\xA9"}) == edit);
    const auto back = decoded<Edit>(edit);
    CHECK(back.id == id_of(0x11));
    CHECK(back.target == id_of(0x22));
    CHECK(back.revision == 0x18BCFE56801);
    CHECK(back.text == "h\xC3\xA9");

    const Bytes erase = golden(R"(
        0023 00000020
        11111111111111111111111111111111    // id
        22222222222222222222222222222222    // target
    )");
    CHECK(encoded(Erase{id_of(0x11), id_of(0x22)}) == erase);
    CHECK(decoded<Erase>(erase).id == id_of(0x11));
    CHECK(decoded<Erase>(erase).target == id_of(0x22));
}

TEST_CASE("Reactions") {
    const Bytes two = golden(R"(
        0024                                // type
        0000003b                            // length
        11111111111111111111111111111111    // id
        22222222222222222222222222222222    // target
        ffffffffffffffff                    // revision
        00000002                            // emojis: count
        00000004 f09f918d                   //   U+1F44D
        00000003 e29da4                     //   U+2764
    )");
    CHECK(encoded(Reactions{
              id_of(0x11), id_of(0x22), ~std::uint64_t{0}, {"\xF0\x9F\x91\x8D", "\xE2\x9D\xA4"}}) ==
          two);
    const auto back = decoded<Reactions>(two);
    CHECK(back.target == id_of(0x22));
    CHECK(back.revision == ~std::uint64_t{0});
    CHECK(back.emojis == std::vector<std::string>{"\xF0\x9F\x91\x8D", "\xE2\x9D\xA4"});

    const Bytes none = golden(R"(
        0024 0000002c
        11111111111111111111111111111111 22222222222222222222222222222222
        0000000000000001 00000000           // taken back
    )");
    CHECK(encoded(Reactions{id_of(0x11), id_of(0x22), 1, {}}) == none);
    CHECK(decoded<Reactions>(none).emojis.empty());
}

TEST_CASE("ReadUpTo, Disappearing and Typing") {
    const Bytes read = golden(R"(
        0025 00000020
        11111111111111111111111111111111    // id
        22222222222222222222222222222222    // target
    )");
    CHECK(encoded(ReadUpTo{id_of(0x11), id_of(0x22)}) == read);
    CHECK(decoded<ReadUpTo>(read).target == id_of(0x22));

    const Bytes disappearing = golden(R"(
        0026 0000001c
        11111111111111111111111111111111    // id
        0000018bcfe56801                    // revision
        00015180                            // seconds: a day
    )");
    CHECK(encoded(Disappearing{id_of(0x11), 0x18BCFE56801, 86'400}) == disappearing);
    CHECK(decoded<Disappearing>(disappearing).seconds == 86'400);
    CHECK(decoded<Disappearing>(disappearing).revision == 0x18BCFE56801);

    CHECK(encoded(Typing{true}) == golden("0027 00000001 01"));
    CHECK(encoded(Typing{false}) == golden("0027 00000001 00"));
    CHECK(decoded<Typing>(golden("0027 00000001 01")).on);
    CHECK_FALSE(decoded<Typing>(golden("0027 00000001 00")).on);
    CHECK(malformed(golden("0027 00000001 02")));
}

TEST_CASE("FileOffer and FileAnswer") {
    const Bytes offer = golden(R"(
        0030                                // type
        0000005d                            // length
        11111111111111111111111111111111    // id
        0000018bcfe56800                    // sent_at
        00000009 70686f746f2e6a7067         // title
        00000001                            // files
        0000000000000003                    // bytes
        2222222222222222222222222222222222222222222222222222222222222222    // manifest_hash
        00000004                            // manifest_size
        00000004 01020304                   // manifest
    )");
    std::array<std::uint8_t, 32> hash{};
    hash.fill(0x22);
    CHECK(encoded(FileOffer{
              id_of(0x11), 0x18BCFE56800, "photo.jpg", 1, 3, hash, 4, {1, 2, 3, 4}}) == offer);
    const auto back = decoded<FileOffer>(offer);
    CHECK(back.title == "photo.jpg");
    CHECK(back.manifest == Bytes{1, 2, 3, 4});
    CHECK(decoded<FileOffer>(encoded(FileOffer{{}, 0, "", 0, 0, {}, 1 << 20, {}})).manifest_size ==
          1 << 20);

    const Bytes answer = golden(R"(
        0033                                // type
        00000055                            // length
        11111111111111111111111111111111    // id
        22222222222222222222222222222222    // transfer
        01                                  // accept
        2222222222222222222222222222222222222222222222222222222222222222    // manifest_hash
        00000002                            // selected: count
        00000000 00000001                   //   entry 0
        00000002 00000003                   //   entries 2 to 4
    )");
    CHECK(encoded(FileAnswer{id_of(0x11), id_of(0x22), true, hash, {{0, 1}, {2, 3}}}) == answer);
    CHECK(decoded<FileAnswer>(answer).selected == std::vector<EntryRange>{{0, 1}, {2, 3}});
}

TEST_CASE("what is said about files keeps to its bounds") {
    const auto refused = [](const Message& message) {
        Bytes out;
        return !append_message(out, message);
    };
    CHECK(refused(FileOffer{{}, 0, std::string(title_bytes_max + 1, 'a'), 0, 0, {}, 1, {}}));
    CHECK(refused(FileOffer{{}, 0, "", 0, 0, {}, 0, {}}));
    CHECK(refused(FileOffer{{}, 0, "", 0, 0, {}, manifest_bytes_max + 1, {}}));
    CHECK(refused(FileOffer{{}, 0, "", 0, 0, {}, 3, {1, 2}}));
    CHECK(refused(
        FileOffer{{}, 0, "", 0, 0, {}, manifest_inline_max + 1, Bytes(manifest_inline_max + 1)}));
    CHECK(refused(ManifestPart{{}, 0, Bytes(manifest_part_max + 1)}));
    const std::uint32_t most = manifest_entries_max;
    const auto answers = [&](bool accept, std::vector<EntryRange> selected) {
        return !refused(FileAnswer{{}, {}, accept, {}, std::move(selected)});
    };
    CHECK(answers(false, {}));
    CHECK_FALSE(answers(true, {}));
    CHECK_FALSE(answers(false, {{0, 1}}));
    CHECK(answers(true, {{0, most}}));
    CHECK_FALSE(answers(true, {{0, most + 1}}));
    CHECK_FALSE(answers(true, {{1, 0xFFFFFFFF}}));
    CHECK_FALSE(answers(true, {{0, 0}}));
    CHECK_FALSE(answers(true, {{0, 2}, {1, 1}}));  // overlap
    CHECK_FALSE(answers(true, {{0, 2}, {2, 1}}));  // one range written as two
    CHECK_FALSE(answers(true, {{2, 1}, {0, 1}}));
    CHECK(refused(BulkData{{}, {}}));
    CHECK(refused(BulkData{{}, Bytes(bulk_data_max + 1)}));

    for (const auto& [message, at] : std::vector<std::pair<Message, std::size_t>>{
             {FileAnswer{id_of(1), id_of(2), true, {}, {{0, 1}}}, message_header_size + 32},
             {FileStop{id_of(1), id_of(2), StopReason::done}, message_header_size + 32},
             {FileState{id_of(1), TransferWish::go}, message_header_size + 16},
             {FileRun{id_of(1), id_of(2), false}, message_header_size + 32}}) {
        Bytes bytes = encoded(message);
        bytes[at] = 3;
        CHECK(malformed(bytes));
    }
}

TEST_CASE("where somebody is seen keeps its bytes") {
    const std::string ticket = std::string(2 * 63, '0') + "07";
    CircuitTicket shown{};
    shown.back() = 7;
    CHECK(encoded(CircuitWhence{shown}) == golden("0068 00000040 " + ticket));
    const Bytes seen = golden("0069 00000047 " + ticket + " 04 cb007102 1267");
    CHECK(encoded(CircuitSeen{shown, {203, 0, 113, 2}, 4711}) == seen);
    CHECK(decoded<CircuitSeen>(seen).port == 4711);
    const Bytes offer = golden("006a 0000000b 00000001 04 cb007102 1267");
    CHECK(encoded(PunchOffer{1, {203, 0, 113, 2}, 4711}) == offer);
    CHECK(decoded<PunchOffer>(offer).address == Bytes{203, 0, 113, 2});
    CHECK(encoded(PunchGo{2}) == golden("006b 00000004 00000002"));
    CHECK(malformed(golden("006a 0000000b 00000001 04 cb007102 0000")));    // port 0
    CHECK(malformed(golden("006a 0000000c 00000001 05 cb00710200 1267")));  // no address
    Bytes out;
    CHECK_FALSE(append_message(out, PunchOffer{1, {1, 2, 3}, 4}));
}

TEST_CASE("a record of a newer peer still says what we understand") {
    // Recorded: an unknown type, a Text with two more fields, a candidate of an unknown kind.
    Bytes record = golden(R"(
        0040 00000005 0102030405            // type 64: skipped
        0020 0000002d
        11111111111111111111111111111111
        0000018bcfe56800
        00000002 6869
        00
        00000000
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
        Ack{{id_of(1), id_of(2)}},
        Edit{id_of(1), id_of(2), 3, "text"},
        Erase{id_of(1), id_of(2)},
        Reactions{id_of(1), id_of(2), 3, {"a", "b"}},
        ReadUpTo{id_of(1), id_of(2)},
        Disappearing{id_of(1), 2, 3},
        Typing{true},
        FileOffer{id_of(1), 2, "photo.jpg", 1, 3, {}, 4, {1, 2, 3, 4}},
        ManifestRequest{id_of(1), 2},
        ManifestPart{id_of(1), 2, {3}},
        FileAnswer{id_of(1), id_of(2), true, {}, {{0, 1}, {2, 1}}},
        FileStop{id_of(1), id_of(2), StopReason::done},
        FileState{id_of(1), TransferWish::pause},
        FileRun{id_of(1), id_of(2), true},
        FileReady{id_of(1)},
        BulkData{id_of(1), {1, 2}},
        BulkCredit{id_of(1), 2},
        CircuitKnock{1, {2}, {{3}, {4}}},
        CircuitCall{{1}, {2}, {{3}, {4}}},
        CircuitReady{1, {2}},
        CircuitRefusal{1, CircuitReason::busy, 2},
        CircuitWhence{{1}},
        CircuitSeen{{1}, {192, 0, 2, 1}, 2},
        PunchOffer{1, {192, 0, 2, 1}, 2},
        PunchGo{1},
        Prekeys{{{1, Bytes(1216, 2)}}},
        PrekeyStock{3},
        Deposit{1, {2}, id_of(3), {4, 5}, true},
        OpenSlots{1, true, {{{2}, true}, {{3}, false}}, {4}},
        Mail{1, {2}, {3, 4}},
        MailTaken{{1, 2}},
        CardAsk{1, {2}},
        NameClaim{1, "anna", {2}},
        NameAsk{1, "anna"},
        MailboxAnswer{1, MailboxOutcome::done, 2, {3}},
        HeldAsk{1, {2}, id_of(3)},
        HeldItem{1, MailboxOutcome::none, 2, {3}},
        HeldDrop{1, {2}, {id_of(3), id_of(4)}},
        FileWaits{id_of(1), id_of(2), "kith-relay1abc", {3}, 4}};
    for (const auto& message : all) {
        const Bytes whole = encoded(message);
        const std::size_t trailing = std::holds_alternative<Text>(message) ? whole.size() - 4 : 0;
        for (std::size_t size = message_header_size; size < whole.size(); ++size) {
            Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
            CHECK(malformed(cut));  // the announced length is not there
            set_length(cut);
            // It is, but the last fields are missing; of a Text the last may.
            CHECK(malformed(cut) == (size != trailing));
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
    CHECK(refused(Edit{{}, {}, 0, std::string(text_bytes_max + 1, 'a')}));
    CHECK(refused(Edit{{}, {}, 0, "\xFF"}));
    CHECK(refused(Reactions{{}, {}, 0, std::vector<std::string>(reactions_max + 1, "a")}));
    CHECK(refused(Reactions{{}, {}, 0, {std::string(emoji_bytes_max + 1, 'a')}}));
    CHECK(refused(Reactions{{}, {}, 0, {"\xC0\xAF"}}));
    CHECK(refused(Prekeys{{{1, Bytes(1215, 2)}}}));
    CHECK(refused(Prekeys{std::vector<Prekey>(prekeys_max + 1, {1, Bytes(1216, 2)})}));
    CHECK(refused(Deposit{1, {}, {}, Bytes(sealed_max + 1, 1)}));
    CHECK(refused(OpenSlots{1, false, std::vector<MailboxSlot>(slots_max + 1), {}}));
    CHECK(refused(MailTaken{std::vector<std::uint64_t>(mail_taken_max + 1)}));
    CHECK(refused(NameAsk{1, std::string(relay_name_max + 1, 'a')}));
    CHECK(refused(MailboxAnswer{1, {}, 0, Bytes(slot_card_max + 1, 1)}));
    CHECK(refused(HeldItem{1, {}, 0, Bytes(sealed_max + 1, 1)}));
    CHECK(refused(HeldDrop{1, {}, std::vector<MessageId>(held_drop_max + 1)}));
    CHECK(refused(FileWaits{{}, {}, std::string(parcel_relay_max + 1, 'a'), {}, 1}));
    CHECK(refused(FileWaits{{}, {}, "a", {}, 0}));
    CHECK(refused(FileWaits{{}, {}, "a", {}, parcel_max + 1}));
    encoded(ContactRequest{std::string(name_bytes_max, 'a'), std::string(256, 'a'), {}, {}});
    encoded(Text{{}, 0, std::string(text_bytes_max, 'a'), {}});
    encoded(Ack{std::vector<MessageId>(ack_ids_max)});
    encoded(Edit{{}, {}, 0, std::string(text_bytes_max, 'a')});
    const std::vector<std::string> most(reactions_max, std::string(emoji_bytes_max, 'a'));
    CHECK(decoded<Reactions>(encoded(Reactions{{}, {}, 0, most})).emojis == most);

    // From the wire.
    CHECK(malformed(golden("0004 00000000")));                                 // no reason
    CHECK(malformed(golden("0012 00000005 00000001 ff")));                     // not UTF-8
    CHECK(malformed(golden("0012 00000005 00000041 61")));                     // name of 65
    CHECK(malformed(golden("0021 00000004 00001001")));                        // 4,097 ids
    CHECK(malformed(golden("0021 00000004 ffffffff")));                        // length bomb
    CHECK(malformed(golden("0001 0000000e 0000 7fffffff 0000000000000000")));  // length bomb
    Bytes text = encoded(Text{id_of(1), 2, "t", std::nullopt});
    text[text.size() - 5] = 2;
    CHECK(malformed(text));  // neither 0 nor 1
    // Reactions: nine of them; a count without its bytes; one of 65 bytes.
    const std::string head(2 * 40, '0');
    CHECK(malformed(golden("0024 00000050" + head + "00000009" + std::string(2 * 36, '0'))));
    CHECK(malformed(golden("0024 0000002c" + head + "00000008")));
    CHECK(
        malformed(golden("0024 00000071" + head + "00000001 00000041" + std::string(2 * 65, '1'))));
    CHECK(malformed(golden("0024 00000031" + head + "00000001 00000001 ff")));  // not UTF-8
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
          Message{Ack{{id_of(1)}}}, Message{Edit{id_of(1), id_of(2), 3, "text"}},
          Message{Reactions{id_of(1), id_of(2), 3, {"a", "b"}}},
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
            CHECK(messages <= 8);
        }
    }
}
