// SPDX-License-Identifier: MIT
#include "app/relay/log.hpp"

#include <catch2/catch_test_macros.hpp>
#include <sstream>

using namespace kith::relay;

namespace {

constexpr std::int64_t moment = 1'767'323'045'678;  // 2026-01-02T03:04:05.678Z

}  // namespace

TEST_CASE("a line is one JSON object") {
    std::ostringstream out;
    Log log(out, LogLevel::info, [] { return moment; });
    log.write(LogLevel::warning, "reload", "A \"quoted\"\nsentence.",
              {{"changed", std::vector<std::string>{"allow", "log-level"}},
               {"allowed", std::uint64_t{12}},
               {"why", std::string("\xff")}});
    CHECK(out.str() ==
          R"({"time":"2026-01-02T03:04:05.678Z","level":"warning","event":"reload",)"
          R"("text":"A \"quoted\"\nsentence.","changed":["allow","log-level"],"allowed":12,)"
          "\"why\":\"\xEF\xBF\xBD\"}\n");
}

TEST_CASE("what is less important than asked for is left out") {
    std::ostringstream out;
    Log log(out, LogLevel::warning, [] { return moment; });
    log.write(LogLevel::info, "started", "");
    CHECK(out.str().empty());
    log.set_level(LogLevel::debug);
    log.write(LogLevel::debug, "started", "");
    CHECK_FALSE(out.str().empty());
}
