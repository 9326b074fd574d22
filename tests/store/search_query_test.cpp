// SPDX-License-Identifier: MIT
#include "app/store/search_query.hpp"

#include <catch2/catch_test_macros.hpp>

#include "app/store/fts_script.hpp"
#include "tests/store/support.hpp"

using namespace kith::store;

namespace {

struct Fixture {
    Database database = test::in_memory();

    std::vector<Phrase> parse(std::string_view text) {
        const auto tokenizer = Tokenizer::of(database.connection());
        if (!tokenizer) test::give_up(tokenizer.error());
        return parse_query(*tokenizer, text);
    }
    std::string expression(std::string_view text) { return match_expression(parse(text), {}); }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "query: words are prefixes, phrases are not") {
    CHECK(expression("Foo bar") == R"("Foo" * AND "bar" *)");
    CHECK(expression(R"(one "two three" four)") == R"("one" * AND "two three" AND "four" *)");
    CHECK(expression("foo-bar") == R"("foo-bar" *)");
    CHECK(parse("foo-bar").at(0).tokens == std::vector<std::string>{"foo", "bar"});
}

TEST_CASE_METHOD(Fixture, "query: a phrase that is not closed is still being typed") {
    CHECK(expression(R"("two thr)") == R"("two thr" *)");
    CHECK(expression(R"("two thr")") == R"("two thr")");
}

TEST_CASE_METHOD(Fixture, "query: single letters and code points of scripts without spaces") {
    CHECK(expression("a") == R"("a")");
    CHECK(expression("\u6771\u4eac") == "\"\u6771\u4eac\"");
    CHECK(expression("\u6771ab") == "\"\u6771ab\" *");
}

TEST_CASE_METHOD(Fixture, "query: what has no token is left out") {
    CHECK(parse("").empty());
    CHECK(parse("  \t\n ").empty());
    CHECK(parse("* ( ) ^ : + - { } ' , . ; \"\"\"").empty());
    CHECK(parse("\xff\xfe").empty());
    CHECK(expression("!!! foo ...") == R"("foo" *)");
}

TEST_CASE_METHOD(Fixture, "query: the same word twice counts once") {
    CHECK(expression("foo FOO foo") == R"("foo" *)");
    CHECK(expression("foo \"foo\"") == R"("foo" * AND "foo")");
}

TEST_CASE_METHOD(Fixture, "query: text behind the limit does not count, nor half a code point") {
    const std::string filler(kith::model::query_max - 4, ' ');
    CHECK(expression(filler + "abcdefgh") == R"("abcd" *)");
    CHECK(expression(filler + "abc\u00e9") == R"("abc" *)");
}

TEST_CASE_METHOD(Fixture, "query: scopes cannot be typed") {
    CHECK(parse("\U000F0001").empty());
    CHECK(match_expression(parse("ab"), 1) == "\"\U000F0001\" AND \"ab\" *");
    CHECK(match_expression(parse("ab"), 1 + std::int64_t{scope_count}) ==
          match_expression(parse("ab"), 1));
}
