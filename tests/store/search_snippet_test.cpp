// SPDX-License-Identifier: MIT
#include "app/store/search_snippet.hpp"

#include <catch2/catch_test_macros.hpp>
#include <random>

#include "app/store/fts_script.hpp"
#include "tests/store/support.hpp"

using namespace kith::store;

namespace {

struct Fixture {
    Database database = test::in_memory();
    Tokenizer tokenizer = [this] {
        auto made = Tokenizer::of(database.connection());
        if (!made) test::give_up(made.error());
        return std::move(*made);
    }();

    Snippet make(std::string_view query, std::string_view text) const {
        return make_snippet(tokenizer, parse_query(tokenizer, query), text);
    }
    static std::vector<std::string> marked(const Snippet& snippet) {
        std::vector<std::string> out;
        for (const auto& [offset, size] : snippet.marks)
            out.push_back(snippet.text.substr(offset, size));
        return out;
    }
};

using Marks = std::vector<std::string>;

bool valid(std::string_view text) {
    while (!text.empty()) {
        const auto next = decode(text);
        if (!next.valid) return false;
        text.remove_prefix(next.size);
    }
    return true;
}

}  // namespace

TEST_CASE_METHOD(Fixture, "snippet: a short text is shown whole, every place marked") {
    const auto snippet = make("wor \"fine day\"", "Words, a Fine  day: words!");
    CHECK(snippet.text == "Words, a Fine  day: words!");
    CHECK(marked(snippet) == Marks{"Words", "Fine  day", "words"});
}

TEST_CASE_METHOD(Fixture, "snippet: what only looks alike is not marked") {
    CHECK(marked(make("\"wor\"", "words wor sword")) == Marks{"wor"});
    CHECK(marked(make("\"fine day\"", "fine, a day")).empty());
    CHECK(marked(make("a", "a an apple a")) == Marks{"a", "a"});
}

TEST_CASE_METHOD(Fixture, "snippet: accents, case, scripts without spaces") {
    CHECK(marked(make("uber", "das \u00dcbermorgen")) == Marks{"\u00dcbermorgen"});
    CHECK(marked(make("\u6771\u4eac", "\u4eca\u65e5\u306f\u6771\u4eac\u3078")) ==
          Marks{"\u6771\u4eac"});
}

TEST_CASE_METHOD(Fixture, "snippet: places that touch become one") {
    CHECK(marked(make("\u6771 \u4eac", "x\u6771\u4eacx")) == Marks{"\u6771\u4eac"});
    CHECK(marked(make("\"a b\" \"b c\"", "x a b c x")) == Marks{"a b c"});
}

TEST_CASE_METHOD(Fixture, "snippet: of a long text, the part around the first place") {
    std::string text;
    for (int i = 0; i < 100; ++i) text += "filling " + std::to_string(i) + ' ';
    const auto snippet = make("needle", text + "needle " + text);
    CHECK(snippet.text.size() <= snippet_max);
    CHECK(snippet.text.rfind("\u2026", 0) == 0);
    CHECK(snippet.text.substr(snippet.text.size() - 3) == "\u2026");
    CHECK(marked(snippet) == Marks{"needle"});
}

TEST_CASE_METHOD(Fixture, "snippet: lines are joined") {
    CHECK(make("b", "a\nb\tc").text == "a b c");
}

TEST_CASE_METHOD(Fixture, "snippet: a place longer than the snippet is cut with it") {
    const std::string word(1000, 'w');
    const auto snippet = make("ww", "x " + word);
    CHECK(snippet.text.size() <= snippet_max);
    REQUIRE(snippet.marks.size() == 1);
    CHECK(snippet.marks[0].first + snippet.marks[0].second <= snippet.text.size());
}

TEST_CASE_METHOD(Fixture, "snippet: always short and valid, with marks in it at code points") {
    const auto seed = std::random_device{}();
    INFO("seed " << seed);
    std::mt19937 random(seed);
    const std::vector<std::string> pieces{"a",  "needle", " ",      "\u00e9", "\u6771\u4eac",
                                          "\n", "\u0e14", "\u2764", "xyz ",   "\U0001F44D"};
    for (int round = 0; round < 2000; ++round) {
        std::string text;
        for (auto left = random() % 200; left > 0; --left) text += pieces[random() % pieces.size()];
        const auto snippet = make("needle \u6771 x", text);
        CHECK(snippet.text.size() <= snippet_max);
        CHECK(valid(snippet.text));
        std::size_t last = 0;
        for (const auto& [offset, size] : snippet.marks) {
            CHECK(offset >= last);
            CHECK(size > 0);
            last = offset + size;
            REQUIRE(last <= snippet.text.size());
            CHECK(valid(snippet.text.substr(offset, size)));
        }
    }
}
