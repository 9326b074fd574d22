// SPDX-License-Identifier: MIT
#include "app/files/safe_name.hpp"

#include <catch2/catch_test_macros.hpp>
#include <random>

#include "net/utf8.hpp"

using namespace kith::files;

namespace {

std::string repeated(std::string_view text, std::size_t times) {
    std::string out;
    while (times-- > 0) out += text;
    return out;
}

/// Pieces that make trouble, and some that do not.
std::string random_name(std::mt19937& random) {
    static const std::vector<std::string> pieces{"..",
                                                 ".",
                                                 "/",
                                                 "\\",
                                                 std::string(1, '\0'),
                                                 "\x1b[31m",
                                                 "\n",
                                                 "\u202e",
                                                 "\u2066",
                                                 "\u200b",
                                                 "\ufeff",
                                                 " ",
                                                 "CON",
                                                 "com1",
                                                 "nul",
                                                 "LPT\u00b9",
                                                 "C:",
                                                 "*",
                                                 "\xff",
                                                 "\xc3",
                                                 "\xed\xa0\x80",
                                                 "\u65c5",
                                                 "\u00fc",
                                                 "a",
                                                 ".txt",
                                                 ".deadbeef.part",
                                                 "-",
                                                 "~",
                                                 repeated("x", 100),
                                                 repeated("\u00fc", 90),
                                                 repeated(".", 80),
                                                 repeated(" ", 70),
                                                 "\U0001F600"};
    std::string name;
    for (auto count = random() % 8; count-- > 0;) name += pieces[random() % pieces.size()];
    return name;
}

}  // namespace

TEST_CASE("ordinary names stay as they are") {
    for (const char* name :
         {"photo.jpg", ".bashrc", "a", "-rf", "~", "..hidden", "\u65c5\u884c.jpg", "a b.tar.gz",
          "con1", "comma", "CONSOLE.txt", "x.part", "a (1).txt"})
        CHECK(safe_name(name) == name);
}

TEST_CASE("names that would do harm do not any more") {
    CHECK(safe_name("") == "_");
    CHECK(safe_name(".") == "_");
    CHECK(safe_name("..") == "_");
    CHECK(safe_name(" .. ") == "_");
    CHECK(safe_name("../../etc/passwd") == ".._.._etc_passwd");
    CHECK(safe_name("/etc/passwd") == "_etc_passwd");
    CHECK(safe_name("C:\\boot.ini") == "C__boot.ini");
    CHECK(safe_name(std::string("a\0b", 3)) == "a_b");
    CHECK(safe_name("\x1b[31mred") == "_[31mred");
    CHECK(safe_name("photo\u202egpj.exe") == "photogpj.exe");
    CHECK(safe_name("a\u200bb\u2066c\ufeff") == "abc");
    CHECK(safe_name("a. . .") == "a");
    CHECK(safe_name("NUL") == "_NUL");
    CHECK(safe_name("con .txt") == "_con .txt");
    CHECK(safe_name("Com1.tar.gz") == "_Com1.tar.gz");
    CHECK(safe_name("\xff\xfe.jpg") == "\ufffd\ufffd.jpg");
    CHECK(safe_name("a.0123abcd.part") == "a.0123abcd.part_");
    CHECK(safe_name("NU\u200bL") == "_NUL");
}

TEST_CASE("long names are cut between characters and keep their extension") {
    const auto name = safe_name(repeated("\u00fc", 200) + ".jpeg");
    CHECK(name.size() == 255);
    CHECK(name.ends_with("\u00fc.jpeg"));
    CHECK(kith::net::valid_utf8(name));
    CHECK(safe_name(std::string(300, 'a')) == std::string(255, 'a'));
    CHECK(numbered(std::string(251, 'a') + ".txt", 12) == std::string(246, 'a') + " (12).txt");
    CHECK(numbered(".bashrc", 1) == ".bashrc (1)");
}

TEST_CASE("no name, whatever it is made of, is unsafe or changes again") {
    const auto seed = std::random_device{}();
    INFO("seed " << seed);
    std::mt19937 random(seed);
    for (int i = 0; i < 20'000; ++i) {
        const auto raw = random_name(random);
        const auto name = safe_name(raw);
        INFO("raw: " << raw << "\nname: " << name);
        REQUIRE_FALSE(name.empty());
        REQUIRE(name.size() <= name_max);
        REQUIRE((name != "." && name != ".."));
        REQUIRE(kith::net::valid_utf8(name));
        REQUIRE(name.find_first_of(std::string_view("/\\:*?\"<>|\0\n\x1b", 12)) ==
                std::string::npos);
        for (const char* unseen : {"\u202e", "\u2066", "\u200b", "\ufeff"})
            REQUIRE(name.find(unseen) == std::string::npos);
        REQUIRE((name.front() != ' ' && name.back() != ' ' && name.back() != '.'));
        REQUIRE(safe_name(name) == name);
    }
}

TEST_CASE("names that become the same in one folder are told apart") {
    NamesInFolder names;
    CHECK(names.take("a (1).txt") == "a (1).txt");
    CHECK(names.take("a.txt") == "a.txt");
    CHECK(names.take("a.txt") == "a (2).txt");
    CHECK(names.take("a.txt") == "a (3).txt");
    for (int i = 0; i < 50'000; ++i) (void)names.take("_");  // not in quadratic time
    CHECK(names.take("_") == "_ (50000)");
}

TEST_CASE("long names that become the same when they are numbered do not take quadratic time") {
    NamesInFolder names;
    const std::string stem(name_max - 5, 'x');
    const auto long_name = [&](int i) { return stem + std::to_string(10'000 + i); };
    for (int i = 0; i < 30'000; ++i) (void)names.take(long_name(i));
    for (int i = 0; i < 30'000; ++i) (void)names.take(long_name(i));
    CHECK(names.take(long_name(0)) == std::string(name_max - 8, 'x') + " (30001)");
}
