// SPDX-License-Identifier: MIT
#include "app/node/rules.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace kith;

namespace {

std::string code(const node::Problem& problem) { return problem ? problem->code : "ok"; }

}  // namespace

TEST_CASE("a text has something in it, at most 64 KiB, of UTF-8") {
    CHECK(code(node::text_problem("x")) == "ok");
    CHECK(code(node::text_problem(std::string(model::text_max, 'x'))) == "ok");
    CHECK(code(node::text_problem("")) == "empty");
    CHECK(code(node::text_problem(std::string(model::text_max + 1, 'x'))) == "too_long");
    CHECK(code(node::text_problem("\xc0\xaf")) == "bad_request");
}

TEST_CASE("a reaction is something that can be seen") {
    CHECK(code(node::emoji_problem("\xf0\x9f\x91\x8d")) == "ok");  // U+1F44D
    CHECK(code(node::emoji_problem("+1")) == "ok");
    CHECK(code(node::emoji_problem("\xe2\x9d\xa4\xef\xb8\x8f")) == "ok");  // with U+FE0F
    // A family: three people and two zero width joiners.
    CHECK(code(node::emoji_problem("\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa9\xe2\x80\x8d"
                                   "\xf0\x9f\x91\xa6")) == "ok");
    CHECK(code(node::emoji_problem(std::string(model::emoji_max, 'x'))) == "ok");

    CHECK(code(node::emoji_problem("")) == "empty");
    CHECK(code(node::emoji_problem(std::string(model::emoji_max + 1, 'x'))) == "too_long");
    CHECK(code(node::emoji_problem("\xff")) == "bad_request");
    CHECK(code(node::emoji_problem("a b")) == "bad_request");
    CHECK(code(node::emoji_problem("a\n")) == "bad_request");
    CHECK(code(node::emoji_problem("\x1b[31m")) == "bad_request");
    CHECK(code(node::emoji_problem("\x7f")) == "bad_request");
    CHECK(code(node::emoji_problem("\xc2\x85")) == "bad_request");          // U+0085
    CHECK(code(node::emoji_problem("a\xc2\xa0")) == "bad_request");         // U+00A0
    CHECK(code(node::emoji_problem("\xe3\x80\x80")) == "bad_request");      // U+3000
    CHECK(code(node::emoji_problem("\xe3\x85\xa4")) == "bad_request");      // U+3164, a filler
    CHECK(code(node::emoji_problem("\xe2\xa0\x80")) == "bad_request");      // U+2800, blank braille
    CHECK(code(node::emoji_problem("\xf3\xa0\x80\x81")) == "bad_request");  // U+E0001
    CHECK(code(node::emoji_problem("\xf3\xa0\x84\x80")) == "bad_request");  // U+E0100
    CHECK(code(node::emoji_problem("a\xe2\x80\xae")) == "bad_request");     // U+202E
    CHECK(code(node::emoji_problem("a\xe2\x80\x8b")) == "bad_request");     // U+200B
    CHECK(code(node::emoji_problem("\xe2\x80\x8d")) == "bad_request");      // U+200D alone
    CHECK(code(node::emoji_problem("\xef\xb8\x8f")) == "bad_request");      // U+FE0F alone
    CHECK(code(node::emoji_problem("\xf3\xa0\x81\xa7")) == "bad_request");  // a tag alone
}

TEST_CASE("there has to be something to search for") {
    CHECK(code(node::query_problem("words")) == "ok");
    CHECK(code(node::query_problem(std::string(model::query_max, 'x'))) == "ok");
    CHECK(code(node::query_problem("")) == "empty");
    CHECK(code(node::query_problem(" \t\n")) == "empty");
    CHECK(code(node::query_problem(std::string(model::query_max + 1, 'x'))) == "too_long");
    CHECK(code(node::query_problem("a\xff")) == "bad_request");
}

TEST_CASE("settings and limits have bounds") {
    model::Settings settings;
    CHECK(code(node::settings_problem(settings)) == "ok");
    settings.theme = "purple";
    CHECK(code(node::settings_problem(settings)) == "bad_request");
    settings.theme = "dark";
    for (const double zoom : {0.49, 3.01, -1.0}) {
        settings.zoom = zoom;
        CHECK(code(node::settings_problem(settings)) == "bad_request");
    }
    settings.zoom = 3.0;
    settings.history_days = model::history_days_max;
    CHECK(code(node::settings_problem(settings)) == "ok");
    settings.history_days = model::history_days_max + 1;
    CHECK(code(node::settings_problem(settings)) == "bad_request");

    CHECK(code(node::limit_problem(0, 10)) == "bad_request");
    CHECK(code(node::limit_problem(1, 10)) == "ok");
    CHECK(code(node::limit_problem(10, 10)) == "ok");
    CHECK(code(node::limit_problem(11, 10)) == "bad_request");
}
