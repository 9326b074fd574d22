// SPDX-License-Identifier: MIT
#include "app/control/terminal_text.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace kith::control;

TEST_CASE("names lose what a terminal or an eye would obey") {
    const auto [given, shown] = GENERATE(table<std::string, std::string>({
        {"Zoë 王 🙂 é", "Zoë 王 🙂 é"},
        {"a\x1b[31mred\x1b]0;title\x07", "a<U+001B>[31mred<U+001B>]0;title<U+0007>"},
        {"two\nlines\r\t", "two<U+000A>lines<U+000D><U+0009>"},
        {"\x7f", "<U+007F>"},
        {"\xC2\x9B"
         "31m",
         "<U+009B>31m"},  // C1 CSI
        {"photo\xE2\x80\xAEgnp.exe", "photo<U+202E>gnp.exe"},
        {"\xE2\x81\xA6"
         "x\xE2\x81\xA9",
         "<U+2066>x<U+2069>"},
        {"a\xE2\x80\x8B"
         "b\xE2\x80\x8D",
         "a<U+200B>b<U+200D>"},
        {"\xEF\xBB\xBF", "<U+FEFF>"},
        {"\xF3\xA0\x81\x81", "<U+E0041>"},  // tag character
        {"\xFFx", "\xEF\xBF\xBDx"},
        {"\xC0\xAF", "\xEF\xBF\xBD\xEF\xBF\xBD"},                  // overlong
        {"\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},  // surrogate
        {"\xF0\x9F\x99", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},  // cut short
        {"\xF4\x90\x80\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
    }));
    CHECK(safe_name(given) == shown);
    CHECK(safe_name(safe_name(given)) == shown);
}

TEST_CASE("texts keep their lines, indented, and the joiners of emoji") {
    CHECK(safe_text("a\nb\tc", "  ") == "a\n  b\tc");
    CHECK(safe_text("👩\xE2\x80\x8D💻", "") == "👩\xE2\x80\x8D💻");
    CHECK(safe_text("x\r\x1b[2J\xE2\x80\xAE", "") == "x<U+000D><U+001B>[2J<U+202E>");
}

TEST_CASE("parts of a text on one line") {
    CHECK(safe_line("a\nb\tc\x1b[2J") == "a b c<U+001B>[2J");
    CHECK(safe_line("👩\xE2\x80\x8D💻\xE2\x80\xAE") == "👩\xE2\x80\x8D💻<U+202E>");
}

TEST_CASE("JSON keeps its meaning") {
    CHECK(safe_json("{\"name\":\"a\xE2\x80\xAE\xC2\x9B\x7f\"}") ==
          "{\"name\":\"a\\u202e\\u009b\\u007f\"}");
    CHECK(safe_json("\"\xF3\xA0\x81\x81\"") == "\"\\udb40\\udc41\"");
}
