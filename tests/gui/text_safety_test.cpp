// SPDX-License-Identifier: MIT
#include "gui/text_safety.hpp"

#include <catch2/catch_test_macros.hpp>

#include "gui/utf8.hpp"

using namespace kith::gui;

TEST_CASE("ordinary names and texts stay as they are") {
    for (const char* text :
         {"Ada", "Tomáš Novák", "Оля", "田中 さくら", "שרה", "مريم", "O'Neill-Smith", "🌙 Luna"}) {
        CHECK(safe_name(text) == text);
        CHECK(safe_text(text) == text);
    }
}

TEST_CASE("bidirectional overrides become visible") {
    CHECK(safe_name("Ali\u202Eecila") == "Ali\uFFFDecila");
    CHECK(safe_text("\u2066x\u2069") == "\uFFFDx\uFFFD");
    CHECK(safe_text("\u202A\u202B\u202C\u202D\u202E") == "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD");
}

TEST_CASE("what cannot be seen is taken out, so that two names cannot look the same by it") {
    CHECK(safe_name("A\u200Bli\u200Dce\uFEFF") == "Alice");
    CHECK(safe_name("Al\u00ADice\u2060") == "Alice");
    CHECK(safe_name("Alice\U000E0041") == "Alice");
}

TEST_CASE("a name is one line without blanks around it") {
    CHECK(safe_name("  Ada \n Lovelace\t") == "Ada Lovelace");
    CHECK(safe_name("Ada\u00A0\u3164Lovelace") == "Ada Lovelace");
    CHECK(safe_name("\u2800\u3164 ") == "Unnamed");
    CHECK(safe_name("") == "Unnamed");
}

TEST_CASE("control characters become visible, line breaks stay in texts") {
    CHECK(safe_text("a\nb\r\nc\x1b[31m") == "a\nb\nc\uFFFD[31m");
    CHECK(safe_line("a\nb") == "a b");
    CHECK(safe_text(std::string_view("a\0b", 3)) ==
          "a\uFFFD"
          "b");
}

TEST_CASE("piles of combining marks are cut") {
    std::string pile = "e";
    for (int i = 0; i < 50; ++i) pile += "\u0301";
    CHECK(count_code_points(safe_text(pile)) == 4);
}

TEST_CASE("what is not UTF-8 shows as U+FFFD") {
    CHECK(safe_text("\xff") == "\uFFFD");
    CHECK(safe_text("\xc0\xaf") == "\uFFFD\uFFFD");                      // overlong "/"
    CHECK(safe_text("\xed\xa0\x80") == "\uFFFD\uFFFD\uFFFD");            // a surrogate
    CHECK(safe_text("a\xe2\x82") == "a\uFFFD\uFFFD");                    // cut short
    CHECK(safe_text("\xf4\x90\x80\x80") == "\uFFFD\uFFFD\uFFFD\uFFFD");  // above U+10FFFF
}

TEST_CASE("cutting keeps code points whole") {
    CHECK(cut_utf8("aé", 2) == "a");
    CHECK(cut_utf8("aé", 3) == "aé");
}
