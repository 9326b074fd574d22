// SPDX-License-Identifier: MIT
#include "app/store/fts_tokenizer.hpp"

#include <catch2/catch_test_macros.hpp>
#include <random>
#include <vector>

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

    std::vector<std::string> tokens(std::string_view text) const {
        std::vector<std::string> out;
        tokenizer.run(text, [&](const Token& token) {
            CHECK(token.begin < token.end);
            CHECK(token.end <= text.size());
            out.emplace_back(token.folded);
            return true;
        });
        return out;
    }
};

using Tokens = std::vector<std::string>;

}  // namespace

TEST_CASE_METHOD(Fixture, "tokenizer: scripts with spaces, case and accents folded") {
    CHECK(tokens("Hello, W\u00f6rld!") == Tokens{"hello", "world"});
    CHECK(tokens("na\u00efve e\u0301t\u00e9") == Tokens{"naive", "ete"});
    CHECK(tokens("\u041c\u041e\u0421\u041a\u0412\u0410 \u0451\u043b\u043a\u0430") ==
          Tokens{"\u043c\u043e\u0441\u043a\u0432\u0430", "\u0435\u043b\u043a\u0430"});
    CHECK(tokens("\u0391\u03b8\u03ae\u03bd\u03b1 \u03bb\u03cc\u03b3\u03bf\u03c2") ==
          Tokens{"\u03b1\u03b8\u03b7\u03bd\u03b1", "\u03bb\u03bf\u03b3\u03bf\u03c3"});
    CHECK(tokens("don't foo_bar a1b2") == Tokens{"don", "t", "foo", "bar", "a1b2"});
}

TEST_CASE_METHOD(Fixture, "tokenizer: vowel points do not make another word") {
    CHECK(tokens("\u0643\u064e\u062a\u064e\u0628\u064e") == tokens("\u0643\u062a\u0628"));
    CHECK(tokens("\u0643\u0640\u0640\u062a\u0628") == tokens("\u0643\u062a\u0628"));
    CHECK(tokens("\u05e9\u05c1\u05b8\u05dc\u05d5\u05b9\u05dd") ==
          tokens("\u05e9\u05dc\u05d5\u05dd"));
    CHECK(tokens("\u064e").empty());
}

TEST_CASE_METHOD(Fixture, "tokenizer: Devanagari words stay whole with their vowels") {
    CHECK(tokens("\u0939\u093f\u0928\u094d\u0926\u0940 \u092d\u093e\u0937\u093e").size() == 2);
}

TEST_CASE_METHOD(Fixture, "tokenizer: scripts without spaces, one token each") {
    CHECK(tokens("\u6771\u4eac\u3067\u3059\u3002") ==
          Tokens{"\u6771", "\u4eac", "\u3067", "\u3059"});
    CHECK(tokens("\uc548\ub155") == Tokens{"\uc548", "\ub155"});
    CHECK(tokens("\u0e14\u0e35").size() == 2);              // Thai
    CHECK(tokens("\u0ea5\u0eb2\u0ea7").size() == 3);        // Lao
    CHECK(tokens("\u1781\u17d2\u1798\u17c2").size() == 4);  // Khmer
    CHECK(tokens("\u1019\u103c\u1014\u103a").size() == 4);  // Myanmar
    CHECK(tokens("\U00020000\U0002070e").size() == 2);      // Han, beyond the first plane
    CHECK(tokens("Wi-Fi\u5bc6\u7801abc") == Tokens{"wi", "fi", "\u5bc6", "\u7801", "abc"});
}

TEST_CASE_METHOD(Fixture, "tokenizer: pictures are tokens, what only changes them is not") {
    CHECK(tokens("\U0001F44D\U0001F3FD ok") == Tokens{"\U0001F44D", "ok"});
    CHECK(tokens("\u2764\ufe0f") == Tokens{"\u2764"});
    CHECK(tokens("\U0001F468\u200d\U0001F469\u200d\U0001F467").size() == 3);
}

TEST_CASE_METHOD(Fixture, "tokenizer: places are those of the text given") {
    std::vector<std::pair<std::size_t, std::size_t>> places;
    tokenizer.run("a \u6771b \u00e9", [&](const Token& token) {
        places.emplace_back(token.begin, token.end);
        return true;
    });
    CHECK(places ==
          std::vector<std::pair<std::size_t, std::size_t>>{{0, 1}, {2, 5}, {5, 6}, {7, 9}});
}

TEST_CASE_METHOD(Fixture, "tokenizer: stops when told to") {
    int seen = 0;
    tokenizer.run("one two \u6771\u4eac three", [&](const Token&) { return ++seen < 3; });
    CHECK(seen == 3);
}

TEST_CASE_METHOD(Fixture, "tokenizer: bytes that are not UTF-8 separate words") {
    CHECK(tokens("ab\xff"
                 "cd") == Tokens{"ab", "cd"});
    CHECK(tokens("ab\xe4\xb8") == Tokens{"ab"});
    CHECK(tokens("\xc0\xaf\xed\xa0\x80\xf5\x80\x80\x80").empty());
    CHECK(tokens(std::string_view("a\0b", 3)) == Tokens{"a", "b"});
}

TEST_CASE_METHOD(Fixture, "tokenizer: any bytes give tokens that are valid and in order") {
    const auto seed = std::random_device{}();
    INFO("seed " << seed);
    std::mt19937 random(seed);
    for (int round = 0; round < 5000; ++round) {
        std::string text(random() % 40, '\0');
        for (char& c : text)
            c = static_cast<char>(random() % 3 == 0 ? 0x80 + random() % 128 : random() % 256);
        std::size_t last = 0;
        tokenizer.run(text, [&](const Token& token) {
            CHECK(token.begin >= last);
            CHECK(token.end <= text.size());
            last = token.end;
            for (auto left = token.folded; !left.empty();) {
                const auto next = decode(left);
                CHECK(next.valid);
                left.remove_prefix(next.size);
            }
            return true;
        });
    }
}
