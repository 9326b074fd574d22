// SPDX-License-Identifier: MIT
#include "app/node/convert.hpp"

#include <catch2/catch_test_macros.hpp>

#include "app/node/conversations.hpp"
#include "tests/support/test_relays.hpp"

using namespace kith;

TEST_CASE("names from others lose control characters and outer blanks") {
    CHECK(node::tidy_name("  Ada\tL.\n") == "Ada L.");
    CHECK(node::tidy_name("\x1b[31mred") == "[31mred");
    CHECK(node::tidy_name(" \r\n ").empty());
}

TEST_CASE("names from others lose what nobody sees and what turns text around") {
    CHECK(node::tidy_name("photo\u202egpj.exe") == "photogpj.exe");
    CHECK(node::tidy_name("A\u200bd\u2066a\u2069\ufeff\u061c") == "Ada");
    CHECK(node::tidy_name("two\u2028lines\u0085") == "two lines");
    CHECK(node::tidy_name("\u202e\u200b ").empty());
    // Joiners are letters' and signs' own.
    CHECK(node::tidy_name("\u0645\u06cc\u200c\u062e \U0001f469\u200d\U0001f680") ==
          "\u0645\u06cc\u200c\u062e \U0001f469\u200d\U0001f680");
    CHECK(node::tidy_name("caf\u00e9") == "caf\u00e9");
}

TEST_CASE("candidates with odd addresses or no port are left out, and no more than 16 kept") {
    using crypto::Candidate;
    using crypto::CandidateKind;
    std::vector<Candidate> candidates{{CandidateKind::lan, {10, 0, 0, 1}, 0},
                                      {CandidateKind::lan, {10, 0, 0}, 4},
                                      {CandidateKind::lan, {10, 0, 0, 1}, 4711}};
    CHECK(node::to_rows(candidates).size() == 1);
    candidates.assign(40, {CandidateKind::lan, {10, 0, 0, 1}, 4711});
    CHECK(node::to_rows(candidates).size() == crypto::candidates_max);
}

TEST_CASE("our addresses are labelled by what they are, link-local ones are of no use to others") {
    const auto candidates = node::to_candidates({{{127, 0, 0, 1}, 1, 0},
                                                 {{192, 168, 1, 2}, 1, 0},
                                                 {{198, 51, 100, 7}, 1, 0},
                                                 {crypto::Bytes(16, 0xfe), 1, 3}});
    REQUIRE(candidates.size() == 3);
    CHECK(candidates[0].kind == crypto::CandidateKind::loopback);
    CHECK(candidates[1].kind == crypto::CandidateKind::lan);
    CHECK(candidates[2].kind == crypto::CandidateKind::public_address);
}

TEST_CASE("a preview is one line and never cuts a character") {
    CHECK(node::preview("two\nlines") == "two lines");
    std::string text(199, 'a');
    text += "\xc3\xa9tail";  // the two bytes of é lie across the cut
    CHECK(node::preview(text) == std::string(199, 'a'));
}

TEST_CASE("two relays of a person are kept, behind their other addresses") {
    using crypto::Candidate;
    using crypto::CandidateKind;
    std::vector<Candidate> candidates{test::relay_candidate(1),
                                      {CandidateKind::relay, {10, 0, 0, 1}, 4711},
                                      {CandidateKind::lan, test::relay_candidate(4).address, 4720},
                                      test::relay_candidate(2),
                                      test::relay_candidate(3)};
    candidates.insert(candidates.end(), 20, {CandidateKind::lan, {10, 0, 0, 1}, 4711});
    const auto rows = node::to_rows(candidates);
    REQUIRE(rows.size() == crypto::candidates_max);
    CHECK(rows[13].address.size() == 4);
    CHECK(rows[14].address == test::relay_candidate(1).address);
    CHECK(rows[15].address == test::relay_candidate(2).address);
}
