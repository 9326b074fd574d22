// SPDX-License-Identifier: MIT
#include <catch2/catch_test_macros.hpp>
#include <random>

#include "app/store/connection.hpp"
#include "app/store/search_index.hpp"
#include "tests/store/support.hpp"

using namespace kith::store;
using test::get;
using test::message;
using test::message_id;
using test::peer;

namespace {

using Numbers = std::vector<std::uint64_t>;

std::uint64_t number_of(const MessageId& id) {
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < 8; ++i) number = (number << 8) | id.bytes[i];
    return number;
}

struct Fixture {
    Database database = test::in_memory();

    void add(std::uint64_t number, std::string text, std::uint8_t of = 1) {
        get<Inserted>(database.run(InsertIncoming{message(peer(of), number, std::move(text))}));
    }
    void add_own(std::uint64_t number, std::string text) {
        get<Inserted>(database.run(InsertOutgoing{message(peer(1), number, std::move(text))}));
    }
    Hits search(std::string text, std::optional<std::uint8_t> of = {}, std::size_t limit = 50,
                std::optional<MessageId> before = {}) {
        Search job{std::move(text), {}, limit, before};
        if (of) job.peer = peer(*of);
        return get<Hits>(database.run(job));
    }
    Numbers find(std::string text, std::optional<std::uint8_t> of = {}) {
        Numbers out;
        for (const auto& hit : search(std::move(text), of).hits)
            out.push_back(number_of(hit.message.id));
        return out;
    }
    std::int64_t number(const std::string& sql) {
        const auto result = database.connection().number(sql);
        if (!result) test::give_up(result.error());
        return *result;
    }
    /// Words and beginnings of words that the index still holds, by its own account and by bytes.
    /// `word` is long, so that no other shares all of it.
    std::int64_t traces(const std::string& word) {
        return number("SELECT count(*) FROM search_data WHERE instr(block, CAST('" + word +
                      "' AS BLOB))") +
               number("SELECT count(*) FROM search_idx WHERE instr(term, CAST('" + word +
                      "' AS BLOB))");
    }
    /// Whether it holds the words of what is there, and nothing else.
    void check_index() {
        while (index_some(database.connection(), 512).value()) {
        }
        const auto sound = database.connection().execute(
            "INSERT INTO search (search, rank) VALUES ('integrity-check', 1);");
        if (!sound) test::give_up(sound.error());
        SUCCEED();
    }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "search: any script") {
    const std::pair<const char*, const char*> examples[] = {
        {"A quick brown fox", "brown"},
        {"Gr\u00fc\u00dfe aus K\u00f6ln", "koln"},
        {"\u041f\u0440\u0438\u0432\u0435\u0442, \u0432\u0441\u0451 \u0445\u043e\u0440\u043e\u0448"
         "\u043e?",
         "\u043f\u0440\u0438\u0432\u0435\u0442 \u0432\u0441\u0435"},
        {"\u039a\u03b1\u03bb\u03b7\u03bc\u03ad\u03c1\u03b1 \u03c3\u03b1\u03c2",
         "\u03ba\u03b1\u03bb\u03b7\u03bc\u03b5\u03c1\u03b1"},
        {"\u0645\u0631\u062d\u0628\u0627 \u0628\u0627\u0644\u0639\u0627\u0644\u0645",
         "\u0645\u0631\u062d\u0628\u0627"},
        {"\u6211\u4eec\u660e\u5929\u53bb\u5317\u4eac\u5427", "\u5317\u4eac"},
        {"\u4eca\u65e5\u306f\u6771\u4eac\u30bf\u30ef\u30fc\u306b\u884c\u3063\u305f",
         "\u30bf\u30ef\u30fc"},
        {"\u4ed6\u306f\u6771\u4eac\u306b", "\u6771\u4eac"},
        {"\uc624\ub298 \uc11c\uc6b8\uc5d0\uc11c \ub9cc\ub098\uc694", "\uc11c\uc6b8"},
        {"\u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35\u0e04\u0e23\u0e31\u0e1a",
         "\u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35"},
        {"\u0928\u092e\u0938\u094d\u0924\u0947 \u0926\u0941\u0928\u093f\u092f\u093e",
         "\u0926\u0941\u0928\u093f\u092f\u093e"},
        {"well done \U0001F44D\U0001F3FD", "\U0001F44D"},
    };
    std::uint64_t next = 0;
    for (const auto& [text, query] : examples) add(++next, text);
    next = 0;
    for (const auto& [text, query] : examples) {
        INFO(text << " <- " << query);
        const auto found = find(query);
        ++next;
        CHECK(std::find(found.begin(), found.end(), next) != found.end());
        CHECK_FALSE(search(query).hits.at(0).marks.empty());
    }
    CHECK(find("\u4eac\u6771").empty());  // both characters, in another order
    CHECK(find("\u6771\u4eac") == Numbers{8, 7});
}

TEST_CASE_METHOD(Fixture, "search: finds while a word is typed") {
    add(1, "meet at the station");
    for (const char* const typed : {"st", "sta", "stat", "stati", "statio", "station"})
        CHECK(find(typed) == Numbers{1});
    CHECK(find("s").empty());  // single letters are words
    CHECK(find("ation").empty());
    CHECK(find("stations").empty());
}

TEST_CASE_METHOD(Fixture, "search: all words, in any order; phrases in theirs") {
    add(1, "the red car and the blue house");
    add(2, "the blue car");
    CHECK(find("car blue") == Numbers{2, 1});
    CHECK(find("\"blue car\"") == Numbers{2});
    CHECK(find("\"the blue\" house") == Numbers{1});
    CHECK(find("\"blue ca\"").empty());
    CHECK(find("\"blue ca") == Numbers{2});  // still being typed
    CHECK(find("car bicycle").empty());
}

TEST_CASE_METHOD(Fixture, "search: newest first, page after page") {
    for (std::uint64_t i = 1; i <= 25; ++i) add(i, "common text " + std::to_string(i));
    Numbers all;
    std::optional<MessageId> before;
    for (int page = 0; page < 3; ++page) {
        const auto hits = search("common", {}, 10, before);
        CHECK(hits.more == (page < 2));
        for (const auto& hit : hits.hits) all.push_back(number_of(hit.message.id));
        before = hits.hits.back().message.id;
    }
    REQUIRE(all.size() == 25);
    CHECK(std::is_sorted(all.rbegin(), all.rend()));
    CHECK(search("common", {}, 10, before).hits.empty());
}

TEST_CASE_METHOD(Fixture, "search: goes on behind a hit that was removed meanwhile") {
    for (std::uint64_t i = 1; i <= 5; ++i) add(i, "common");
    get<Gone>(database.run(RemoveLocally{message_id(3), 1}));
    CHECK(search("common", {}, 50, message_id(3)).hits.size() == 2);
    const auto refused = database.run(Search{"common", {}, 50, message_id(99)});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::no_such_message);
}

TEST_CASE_METHOD(Fixture, "search: no more hits than asked for, or than there may be") {
    for (std::uint64_t i = 1; i <= kith::model::hits_max + 5; ++i) add(i, "common");
    CHECK(search("common", {}, 0).hits.empty());
    CHECK(search("common", {}, 3).hits.size() == 3);
    CHECK(search("common", {}, 100'000).hits.size() == kith::model::hits_max);
}

TEST_CASE_METHOD(Fixture, "search: in one conversation or all") {
    add(1, "tea with Ann", 1);
    add(2, "tea with Ben", 2);
    CHECK(find("tea") == Numbers{2, 1});
    CHECK(find("tea", 1) == Numbers{1});
    CHECK(find("tea", 2) == Numbers{2});
    CHECK(find("tea", 3).empty());
}

TEST_CASE_METHOD(Fixture, "search: conversations that share a scope are told apart") {
    add(1, "tea", 1);
    // As many conversations as there are scopes, but one.
    const auto made = database.connection().execute(
        "INSERT INTO conversations (ref, peer) SELECT ref + 65521, x'" + std::string(62, '0') +
        "02' FROM conversations;");
    REQUIRE(made);
    PeerId other;
    other.bytes.back() = 2;
    get<Inserted>(database.run(InsertIncoming{message(other, 2, "tea")}));
    CHECK(find("tea") == Numbers{2, 1});
    CHECK(find("tea", 1) == Numbers{1});
    // What somebody writes is no scope either.
    add(3, "\U000F0001 coffee", 5);
    CHECK(find("coffee", 1).empty());
}

TEST_CASE_METHOD(Fixture, "search: hits carry the whole message") {
    add_own(1, "the question");
    auto reply = message(peer(1), 2, "the answer");
    reply.reply_to = message_id(1);
    get<Inserted>(database.run(InsertIncoming{reply}));
    get<Changed>(database.run(ReactOwn{message_id(2), message_id(3), "\u2764", true, 9}));
    const auto hits = search("answer").hits;
    REQUIRE(hits.size() == 1);
    CHECK(hits[0].message == test::newest(database, peer(1)).back());
    CHECK(hits[0].message.quote.value().text == "the question");
    CHECK(hits[0].message.reactions.size() == 1);
    CHECK(hits[0].snippet == "the answer");
    CHECK(hits[0].marks == std::vector<std::pair<std::uint32_t, std::uint32_t>>{{4, 6}});
}

TEST_CASE_METHOD(Fixture, "search: an edited text is found by its new words only") {
    add_own(1, "marmalade forever");
    CHECK(find("marmalade") == Numbers{1});
    get<Changed>(database.run(EditOwn{message_id(1), message_id(2), "honey forever", 5}));
    CHECK(find("marmalade").empty());
    CHECK(find("honey") == Numbers{1});
    CHECK(find("forever") == Numbers{1});
    CHECK(traces("marmalade") == 0);
    check_index();
}

TEST_CASE_METHOD(Fixture, "search: edited before it was in the index") {
    add_own(1, "marmalade forever");
    get<Changed>(database.run(EditOwn{message_id(1), message_id(2), "honey forever", 5}));
    CHECK(find("marmalade").empty());
    CHECK(find("honey") == Numbers{1});
    check_index();
}

TEST_CASE_METHOD(Fixture, "search: what is deleted is not found and leaves no word in the index") {
    for (std::uint64_t i = 1; i <= 40; ++i) add_own(i, "ordinary talk " + std::to_string(i));
    add_own(41, "xylophonist");
    add_own(42, "quartermaster");
    add_own(43, "bewilderment");
    CHECK(find("xylophonist") == Numbers{41});
    CHECK(traces("ylophonist") == 1);
    get<Changed>(database.run(EraseOwn{message_id(41), message_id(100), 5}));
    get<Gone>(database.run(CancelOwn{message_id(42), {}, 5}));
    get<Delivered>(database.run(Acknowledged{peer(1), {message_id(43)}, 5}));
    get<Gone>(database.run(RemoveLocally{message_id(43), 5}));
    for (const char* const word : {"xylophonist", "quartermaster", "bewilderment"}) {
        CHECK(find(word).empty());
        CHECK(traces(std::string(word).substr(1)) == 0);
    }
    CHECK(find("ordinary").size() == 40);
    const auto vocabulary = database.connection().execute(
        "CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, search, row);");
    REQUIRE(vocabulary);
    CHECK(number("SELECT count(*) FROM temp.vocabulary WHERE term LIKE 'xy%' OR term LIKE 'quar%'"
                 " OR term LIKE 'bew%'") == 0);
    CHECK(number("SELECT count(*) FROM temp.vocabulary WHERE term = 'ordinary'") == 1);
    check_index();
}

TEST_CASE_METHOD(Fixture, "search: pruned and deleted conversations") {
    add(1, "xylophonist");
    add(2, "quartermaster", 2);
    CHECK(find("xylophonist").size() + find("quartermaster").size() == 2);
    get<Emptied>(database.run(DeleteConversation{peer(1), 5}));
    get<Unread>(database.run(MarkRead{peer(2), message_id(2), {}, 5}));
    get<Pruned>(database.run(Prune{2'000'000'000'000, 1'900'000'000'000, 100}));
    CHECK(find("xylophonist").empty());
    CHECK(find("quartermaster").empty());
    CHECK(traces("ylophonist") + traces("uartermaster") == 0);
    check_index();
}

TEST_CASE_METHOD(Fixture, "search: whatever is typed, there is an answer") {
    const auto seed = std::random_device{}();
    INFO("seed " << seed);
    std::mt19937 random(seed);
    for (std::uint64_t i = 1; i <= 200; ++i) add(i, "foo bar \u6771\u4eac and or not near");
    const std::vector<std::string> pieces{"\"",
                                          "'",
                                          "*",
                                          "(",
                                          ")",
                                          "{",
                                          "}",
                                          ":",
                                          "^",
                                          "+",
                                          "-",
                                          " ",
                                          "foo",
                                          "ba",
                                          "AND",
                                          "OR",
                                          "NOT",
                                          "NEAR(",
                                          "words",
                                          "search:",
                                          "\u6771",
                                          "\xff",
                                          std::string(1, '\0'),
                                          "\U000F0001",
                                          "\U0001F44D",
                                          ", 5)",
                                          "\\",
                                          ";",
                                          "--",
                                          "%",
                                          "_",
                                          "\n"};
    for (int round = 0; round < 3000; ++round) {
        std::string text;
        for (auto left = random() % 12; left > 0; --left)
            text += random() % 8 == 0 ? std::string(1, static_cast<char>(random()))
                                      : pieces[random() % pieces.size()];
        const auto result = database.run(
            Search{text, random() % 2 == 0 ? std::optional(peer(1)) : std::nullopt, 5, {}});
        INFO("<" << text << ">" << (result ? "" : result.error().text));
        CHECK(result.has_value());
    }
}

TEST_CASE_METHOD(Fixture, "search: long texts and texts that are not UTF-8") {
    add(1, std::string(kith::model::text_max, 'x') + " end");
    add(2, "broken \xff\xfe\xc3 bytes");
    CHECK(find("xxxx").size() == 1);
    CHECK(find("end") == Numbers{1});
    CHECK(find("bytes") == Numbers{2});
    check_index();
}

TEST_CASE("search: after closing and opening again") {
    const test::TempFolder folder;
    {
        auto database = test::open(folder.file());
        get<Inserted>(database.run(InsertIncoming{message(peer(1), 1, "indexed before")}));
        get<Hits>(database.run(Search{"indexed", {}, 5, {}}));
        get<Inserted>(database.run(InsertIncoming{message(peer(1), 2, "indexed afterwards")}));
    }
    auto database = test::open(folder.file());
    CHECK(get<Hits>(database.run(Search{"indexed", {}, 5, {}})).hits.size() == 2);
    CHECK(get<Hits>(database.run(Search{"before", {}, 5, {}})).hits.size() == 1);
}

TEST_CASE("search: within the transaction of what it finds") {
    auto database = test::in_memory();
    REQUIRE(database.begin());
    get<Inserted>(database.run(InsertIncoming{message(peer(1), 1, "just now")}));
    CHECK(get<Hits>(database.run(Search{"just", {}, 5, {}})).hits.size() == 1);
    database.rollback();
    CHECK(get<Hits>(database.run(Search{"just", {}, 5, {}})).hits.empty());
}

TEST_CASE_METHOD(Fixture, "search: random edits and removals keep index and messages in step") {
    const auto seed = std::random_device{}();
    INFO("seed " << seed);
    std::mt19937 random(seed);
    const std::vector<std::string> words{"alpha", "beta", "gamma", "\u6771\u4eac", "delta"};
    const auto text = [&] { return words[random() % 5] + ' ' + words[random() % 5]; };
    std::uint64_t id = 0;
    for (int round = 0; round < 1500; ++round) {
        const auto target = message_id(1 + random() % (id + 1));
        switch (random() % 6) {
            case 0:
                (void)database.run(EditOwn{target, message_id(100'000 + ++id), text(), 5});
                break;
            case 1:
                (void)database.run(EraseOwn{target, message_id(100'000 + ++id), 5});
                break;
            case 2:
                (void)database.run(CancelOwn{target, {}, 5});
                break;
            case 3:
                (void)index_some(database.connection(), random() % 20 + 1);
                break;
            default:
                add_own(++id, text());
        }
    }
    check_index();
    for (const auto& word : words) {
        std::size_t expected = 0;
        for (const auto& one : test::newest(database, peer(1)))
            expected += one.text.find(word) != std::string::npos;
        CHECK(search(word, {}, 200).hits.size() == std::min<std::size_t>(expected, 200));
    }
}
