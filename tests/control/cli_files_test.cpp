// SPDX-License-Identifier: MIT
#include "app/control/cli_files.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <deque>
#include <sstream>

#include "app/control/amounts.hpp"
#include "app/control/transfer_progress.hpp"

using namespace kith::control;

namespace {

Json transfer(const std::string& state, std::uint64_t bytes = 0) {
    return {{"event", "transfer"}, {"transfer", "t"}, {"peer", "b"},   {"direction", "out"},
            {"name", "Holiday"},   {"bytes", bytes},  {"total", 1000}, {"state", state},
            {"rate", 50},          {"eta", 15},       {"error", ""}};
}

Json bob(const std::string& state) {
    return {{"event", "peer"}, {"peer", "b"}, {"name", "Bob"}, {"state", state}};
}

/// An instance that answers with one transfer and Bob, and then tells the events it was given.
struct Scripted {
    Json listed = transfer("offered"), person = bob("online");
    std::deque<Json> between, events;

    Instance instance() {
        return {[this](const Json& request, const std::function<void(const Json&)>& on_event) {
                    for (const Json& event : std::exchange(between, {})) on_event(event);
                    if (request["cmd"] == "transfers")
                        return std::optional<Json>(Json{{"transfers", Json::array({listed})}});
                    return std::optional<Json>(Json{{"peers", Json::array({person})}});
                },
                [this]() -> std::optional<Json> {
                    if (events.empty()) return std::nullopt;
                    Json event = events.front();
                    events.pop_front();
                    return event;
                }};
    }
};

struct Followed {
    FollowEnd end;
    std::string out, err;
};

Followed follow(Scripted script, std::size_t columns = 0, bool json = false) {
    std::ostringstream out, err;
    const auto end = follow_transfer("t", script.instance(), out, err, columns, json);
    return {end, out.str(), err.str()};
}

}  // namespace

TEST_CASE("files that arrive, without a terminal") {
    Scripted script;
    Json other = transfer("failed");
    other["transfer"] = "another";
    script.events = {other, transfer("active", 100), transfer("active", 150),
                     transfer("active", 250), transfer("done", 1000)};
    const auto followed = follow(script);
    CHECK(followed.end == FollowEnd::done);
    CHECK(followed.err.empty());
    CHECK(followed.out ==
          "waiting for Bob to accept\n"
          "Holiday  10%  100 B of 1.0 kB  50 B/s  15 s left\n"
          "Holiday  25%  250 B of 1.0 kB  50 B/s  15 s left\n"
          "Sent Holiday to Bob (1.0 kB).\n");
}

TEST_CASE("a recipient who is away and comes") {
    Scripted script;
    script.person = bob("offline");
    script.events = {bob("online"), transfer("declined")};
    const auto followed = follow(script);
    CHECK(followed.out == "Bob is offline; the offer waits\nwaiting for Bob to accept\n");
    CHECK(followed.err == "kith: Bob declined the files.\n");
    CHECK(followed.end == FollowEnd::not_done);
}

TEST_CASE("how a transfer that does not arrive ends") {
    const auto [state, words] = GENERATE(table<std::string, std::string>({
        {"declined", "kith: Bob declined the files.\n"},
        {"failed", "kith: The transfer failed: disk full<U+001B>\n"},
        {"cancelled", "kith: The transfer was cancelled: disk full<U+001B>\n"},
    }));
    Scripted script;
    Json last = transfer(state);
    last["error"] = "disk full\x1b";
    script.events = {last};
    const auto followed = follow(script);
    CHECK(followed.end == FollowEnd::not_done);
    CHECK(followed.err == words);
}

TEST_CASE("events that come before the list count after it") {
    Scripted script;
    script.listed = transfer("active", 10);
    script.between = {transfer("done", 1000)};
    CHECK(follow(script).end == FollowEnd::done);
}

TEST_CASE("a reader that was too slow reads the list again") {
    Scripted script;
    script.events = {Json{{"event", "resync"}}};
    auto lost = follow(script);
    CHECK(lost.end == FollowEnd::connection_lost);
    script.listed = transfer("done", 1000);
    CHECK(follow(script).end == FollowEnd::done);
}

TEST_CASE("an instance that ends loses the follower") {
    CHECK(follow({}).end == FollowEnd::connection_lost);
}

TEST_CASE("on a terminal one line is written over and cut at its width") {
    Scripted script;
    script.events = {transfer("active", 100), transfer("done", 1000)};
    const auto followed = follow(script, 12);
    CHECK(followed.out ==
          "\r\x1b[Kwaiting for\r\x1b[KHoliday  10\r\x1b[KSent Holiday to Bob (1.0 kB).\n");
}

TEST_CASE("machines read each state of the transfer once") {
    Scripted script;
    script.events = {bob("idle"), transfer("done", 1000)};
    const auto followed = follow(script, 0, true);
    std::istringstream lines(followed.out);
    std::string first, second, none;
    REQUIRE(std::getline(lines, first));
    REQUIRE(std::getline(lines, second));
    CHECK_FALSE(std::getline(lines, none));
    CHECK(Json::parse(first)["state"] == "offered");
    CHECK(Json::parse(second)["state"] == "done");
}

TEST_CASE("what is waited for") {
    const Recipient there{"Bob", true}, away{"Bob", false};
    CHECK(progress_words(transfer("waiting"), there) == "waiting for its turn");
    CHECK(progress_words(transfer("waiting"), away) == "Bob is offline; the rest waits");
    CHECK(progress_words(transfer("paused"), there) == "paused");
    Json paused = transfer("paused");
    paused["paused_by_peer"] = true;
    CHECK(progress_words(paused, there) == "paused by Bob");
}

TEST_CASE("hundred percent is everything") {
    Json one = transfer("active", 999);
    CHECK(percent_of(one) == 99);
    one["total"] = 0;
    CHECK(percent_of(one) == 100);
    CHECK(percent_of(Json::object()) == 100);
}

TEST_CASE("transfers are named by the beginning of their ID") {
    const Json list{
        {"transfers",
         Json::array({Json{{"transfer", "abc1"}, {"state", "done"}},
                      Json{{"transfer", "abd2"}, {"state", "offered"}, {"direction", "in"}},
                      Json{{"transfer", "x"}, {"state", "offered"}, {"direction", "out"}}})}};
    CHECK(find_transfer(list, "abc") == "abc1");
    CHECK(find_transfer(list, "abd2") == "abd2");
    CHECK_FALSE(find_transfer(list, "ab"));
    CHECK_FALSE(find_transfer(list, "y"));
    CHECK(find_transfer(list, std::nullopt) == "abd2");
    CHECK_FALSE(find_transfer(Json::object(), std::nullopt));
    const std::string whole(36, 'a');
    CHECK(find_transfer(list, whole) == whole);
    Json two = list;
    two["transfers"].push_back(list["transfers"][1]);
    CHECK(find_transfer(two, std::nullopt).error().starts_with("Several"));
}

TEST_CASE("sizes and times for people") {
    CHECK(size_words(0) == "0 B");
    CHECK(size_words(999) == "999 B");
    CHECK(size_words(1500) == "1.5 kB");
    CHECK(size_words(999'999) == "999.9 kB");
    CHECK(size_words(1'000'000) == "1.0 MB");
    CHECK(size_words(UINT64_MAX) == "18.4 EB");
    CHECK(time_words(59) == "59 s");
    CHECK(time_words(119) == "1 min");
    CHECK(time_words(3900) == "1 h 5 min");
}
