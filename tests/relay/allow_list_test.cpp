// SPDX-License-Identifier: MIT
#include "app/relay/allow_list.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace kith::relay;

namespace {

const std::string ada(64, 'a');
const std::string bob(64, 'b');

kith::crypto::Fingerprint fingerprint(std::uint8_t byte) {
    kith::crypto::Fingerprint result;
    result.bytes.fill(byte);
    return result;
}

}  // namespace

TEST_CASE("one fingerprint a line, with comments and white space") {
    const auto list = parse_allow_list(
        "# friends\n\n  " + ada + "  # Ada\r\n" + bob + "\n" + ada + "\n\t# " + bob, "people");
    REQUIRE(list);
    REQUIRE(list->size() == 2);
    CHECK(list->contains(fingerprint(0xAA)));
    CHECK(list->contains(fingerprint(0xBB)));
}

TEST_CASE("an empty list admits nobody") {
    CHECK(parse_allow_list("", "people")->empty());
    CHECK(parse_allow_list("# nobody\n", "people")->empty());
}

TEST_CASE("what is no fingerprint is named by its line, not repeated") {
    const auto line = GENERATE(std::string(63, 'a'), std::string(65, 'a'), std::string(64, 'x'),
                               std::string("Ada"), ada + " " + bob, std::string(1, '\0') + ada);
    const auto list = parse_allow_list(ada + "\n" + line + "\n", "people");
    REQUIRE_FALSE(list);
    CHECK(list.error().starts_with("people, line 2: "));
    CHECK(list.error().find(line) == std::string::npos);
}
