// SPDX-License-Identifier: MIT
//
// A history as a script sees it: pages, search, export, deletion, and what disappears by itself.
#include <sys/stat.h>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <sstream>

#include "tests/e2e/instance.hpp"
#include "tests/e2e/profile_surgery.hpp"

using namespace kith::e2e;
namespace fs = std::filesystem;

namespace {

/// Alice has a contact who is away, so that texts go nowhere but into the history.
struct AloneWithBob {
    AloneWithBob() {
        befriend(alice, bob);
        CHECK(bob.quit() == 0);
    }

    /// Many at once; their IDs in order.
    std::vector<std::string> say_all(const std::vector<std::string>& texts) {
        for (std::size_t i = 0; i < texts.size(); ++i) {
            alice.send(
                {{"id", i}, {"cmd", "send_text"}, {"peer", bob.fingerprint()}, {"text", texts[i]}});
        }
        std::vector<std::string> ids(texts.size());
        for (std::size_t i = 0; i < texts.size(); ++i) {
            const Json reply = alice.receive();
            REQUIRE(reply.at("ok") == true);
            ids.at(reply.at("id").get<std::size_t>()) = reply.at("message");
        }
        return ids;
    }

    Json page(Json fields) {
        fields.update({{"cmd", "messages"}, {"peer", bob.fingerprint()}});
        return alice.ask(fields);
    }

    Instance alice{"Alice"}, bob{"Bob"};
};

std::vector<std::string> ids_of(const Json& reply) {
    std::vector<std::string> ids;
    for (const Json& m : reply.at("messages")) ids.push_back(m.at("message"));
    return ids;
}

std::vector<std::string> part(const std::vector<std::string>& all, std::size_t from,
                              std::size_t to) {
    return {all.begin() + static_cast<std::ptrdiff_t>(from),
            all.begin() + static_cast<std::ptrdiff_t>(to)};
}

std::string contents(const fs::path& file) {
    std::ostringstream text;
    text << std::ifstream(file, std::ios::binary).rdbuf();
    return text.str();
}

}  // namespace

TEST_CASE_METHOD(AloneWithBob, "a long conversation comes in pages from any place") {
    constexpr std::size_t count = 3000;
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < count; ++i) texts.push_back("text " + std::to_string(i));
    const auto ids = say_all(texts);

    const Json newest = page({{"limit", 1000}});
    CHECK(ids_of(newest) == part(ids, 2000, 3000));
    CHECK(newest.at("more") == true);
    CHECK(newest.at("more_newer") == false);

    const std::string from_the_start = "00000000-0000-0000-0000-000000000000";
    std::vector<std::string> forwards;
    for (std::string last = from_the_start;;) {
        const Json next = page({{"after", last}, {"limit", 700}});
        const auto some = ids_of(next);
        forwards.insert(forwards.end(), some.begin(), some.end());
        CHECK(next.at("more") == (last != from_the_start));
        if (next.at("more_newer") == false) break;
        REQUIRE_FALSE(some.empty());
        last = some.back();
    }
    CHECK(forwards == ids);

    std::vector<std::string> backwards;
    for (Json anchor = nullptr;;) {
        const Json next = page({{"before", anchor}, {"limit", 999}});
        const auto some = ids_of(next);
        backwards.insert(backwards.begin(), some.begin(), some.end());
        if (next.at("more") == false) break;
        REQUIRE_FALSE(some.empty());
        anchor = some.front();
    }
    CHECK(backwards == ids);

    const Json middle = page({{"around", ids[1500]}, {"limit", 101}});
    const auto shown = ids_of(middle);
    CHECK(shown.size() == 101);
    CHECK(std::find(shown.begin() + 45, shown.begin() + 56, ids[1500]) != shown.begin() + 56);
    CHECK(middle.at("more") == true);
    CHECK(middle.at("more_newer") == true);
    const Json first = page({{"around", ids[0]}, {"limit", 101}});
    CHECK(ids_of(first).front() == ids[0]);
    CHECK(first.at("more") == false);
    CHECK(first.at("more_newer") == true);
    const Json last = page({{"around", ids.back()}, {"limit", 101}});
    CHECK(ids_of(last).back() == ids.back());
    CHECK(last.at("more") == true);
    CHECK(last.at("more_newer") == false);
}

TEST_CASE_METHOD(AloneWithBob, "search finds beginnings, phrases and scripts without blanks") {
    Instance carol("Carol");
    befriend(alice, carol);
    const auto ids = say_all({"Übermorgen gehen wir ins Kino", "wir gehen heute",
                              "gehen Übermut tut", "今日は天気がいいですね", "天と気"});
    const std::string of_carol = alice.say(carol.fingerprint(), "übermorgen, 天気");
    const auto search = [&](const std::string& text, Json more = Json::object()) {
        more.update({{"cmd", "search"}, {"text", text}});
        return alice.ask(more);
    };
    using Ids = std::vector<std::string>;
    CHECK(ids_of(search("überm")) == Ids{of_carol, ids[2], ids[0]});
    CHECK(ids_of(search("uberm")) == Ids{of_carol, ids[2], ids[0]});
    CHECK(ids_of(search("geh überm")) == Ids{ids[2], ids[0]});
    CHECK(ids_of(search("\"gehen wir\"")) == Ids{ids[0]});
    CHECK(ids_of(search("天気")) == Ids{of_carol, ids[3]});
    CHECK(ids_of(search("überm", {{"peer", "Bob"}})) == Ids{ids[2], ids[0]});
    CHECK(ids_of(search("überm", {{"peer", "Carol"}})) == Ids{of_carol});
    CHECK(ids_of(search("nirgends")).empty());
    CHECK(ids_of(search("\" OR NEAR(* : ^")).empty());
    const Json one = search("überm", {{"limit", 1}});
    CHECK(ids_of(one) == Ids{of_carol});
    CHECK(one.at("more") == true);
    CHECK(ids_of(search("überm", {{"before", of_carol}})) == Ids{ids[2], ids[0]});

    const Json hit = search("kino").at("messages").at(0);
    CHECK(hit.at("peer") == bob.fingerprint());
    CHECK(hit.at("text") == "Übermorgen gehen wir ins Kino");
    const std::string snippet = hit.at("snippet");
    REQUIRE(hit.at("marks").size() == 1);
    CHECK(snippet.substr(hit.at("marks")[0][0], hit.at("marks")[0][1]) == "Kino");

    alice.ask({{"cmd", "edit_message"}, {"message", ids[0]}, {"text", "Gestern war es schön"}});
    CHECK(ids_of(search("kino")).empty());
    CHECK(ids_of(search("schon")) == Ids{ids[0]});
    alice.ask({{"cmd", "delete_message"}, {"message", ids[0]}});
    CHECK(ids_of(search("schon")).empty());
    alice.restart();
    CHECK(ids_of(search("überm")) == Ids{of_carol, ids[2]});
}

TEST_CASE_METHOD(AloneWithBob, "a whole conversation is written into a new file") {
    std::vector<std::string> texts;
    for (int i = 0; i < 1200; ++i) texts.push_back("text \"" + std::to_string(i) + "\"\nand more");
    const auto ids = say_all(texts);
    alice.ask({{"cmd", "react"}, {"message", ids[7]}, {"emoji", "🎉"}, {"on", true}});
    alice.ask({{"cmd", "cancel_message"}, {"message", ids[8]}});
    const auto history = alice.history(bob.fingerprint());
    REQUIRE(history.size() == 1199);

    const auto json_file = (alice.folder() / "history.json").string();
    Json order{{"cmd", "export_history"}, {"peer", "Bob"}, {"path", json_file}};
    const Json written = alice.ask(order);
    CHECK(written.at("count") == 1199);
    CHECK(written.at("path") == json_file);
    const Json document = Json::parse(contents(json_file));
    CHECK(document.at("peer") == bob.fingerprint());
    CHECK(document.at("name") == "Bob");
    CHECK(document.at("self") == alice.fingerprint());
    CHECK(document.at("messages") == Json(history));
    struct stat status {};
    REQUIRE(::stat(json_file.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);

    const auto text_file = (alice.folder() / "history.txt").string();
    CHECK(alice
              .ask({{"cmd", "export_history"},
                    {"peer", "Bob"},
                    {"path", text_file},
                    {"format", "text"}})
              .at("count") == 1199);
    const std::string text = contents(text_file);
    CHECK(text.find("Alice: text \"0\"\n    and more") != std::string::npos);
    CHECK(text.find("\n  reactions: 🎉 Alice\n") != std::string::npos);
    CHECK(text.find("text \"8\"") == std::string::npos);

    const Json again = alice.request(order);
    CHECK(again.at("code") == "exists");
    CHECK(again.at("error").get<std::string>().find(json_file) != std::string::npos);
    CHECK(Json::parse(contents(json_file)) == document);
    order["path"] = (alice.folder() / "nowhere" / "x.json").string();
    CHECK(alice.request(order).at("code") == "no_such_folder");
    std::size_t files = 0;
    for (const auto& entry : fs::directory_iterator(alice.folder()))
        files += entry.path().filename().string().starts_with("history") ? 1U : 0U;
    CHECK(files == 2);
}

TEST_CASE("a deleted conversation is gone, and what still waits is not") {
    Instance alice("Alice"), bob("Bob");
    befriend(alice, bob);
    const std::string delivered = alice.say(bob.fingerprint(), "delivered canary");
    bob.wait_for_message(alice.fingerprint(), delivered, [](const Json&) { return true; });
    alice.wait_for_message(bob.fingerprint(), delivered,
                           [](const Json& m) { return m.at("state") == "delivered"; });
    CHECK(bob.quit() == 0);
    alice.wait_until("offline",
                     [&] { return alice.peer(bob.fingerprint()).at("state") != "online"; });
    const std::string waiting = alice.say(bob.fingerprint(), "waiting canary");
    const Json done = alice.ask({{"cmd", "delete_conversation"}, {"peer", "Bob"}});
    CHECK(done.at("removed") == 1);
    CHECK(done.at("kept") == 1);
    CHECK(alice.message(bob.fingerprint(), delivered) == nullptr);
    CHECK(alice.ask({{"cmd", "search"}, {"text", "canary"}}).at("messages").size() == 1);
    alice.restart();
    bob.start();
    bob.wait_for_message(alice.fingerprint(), waiting, [](const Json&) { return true; });
    CHECK(bob.history(alice.fingerprint()).size() == 2);
    alice.wait_for_message(bob.fingerprint(), waiting,
                           [](const Json& m) { return m.at("state") == "delivered"; });
    CHECK(alice.history(bob.fingerprint()).size() == 1);
}

TEST_CASE_METHOD(AloneWithBob, "messages older than the setting are removed, unless they wait") {
    bob.start();
    const auto ids = say_all({"old", "old and unsent", "new"});
    alice.wait_for_message(bob.fingerprint(), ids[2],
                           [](const Json& m) { return m.at("state") == "delivered"; });
    alice.kill();
    alter_history(
        alice.profile(),
        "UPDATE messages SET at = at - 40 * 86400000, stored_at = stored_at - 40 * 86400000 "
        "WHERE text = 'old';");
    alice.start();
    CHECK(alice.history(bob.fingerprint()).size() == 3);
    alice.ask({{"cmd", "set_settings"}, {"history_days", 30}});
    alice.wait_until("the old one is gone",
                     [&] { return alice.history(bob.fingerprint()).size() == 2; });
    CHECK(alice.message(bob.fingerprint(), ids[0]) == nullptr);
    alice.restart();
    CHECK(alice.history(bob.fingerprint()).size() == 2);
    CHECK(alice.ask({{"cmd", "settings"}}).at("settings").at("history_days") == 30);
    CHECK(bob.history(alice.fingerprint()).size() == 3);
}

TEST_CASE("messages disappear when both want that, on each side after reading or delivery") {
    Instance alice("Alice"), bob("Bob");
    befriend(alice, bob);
    const std::string before = alice.say(bob.fingerprint(), "stays");
    const auto wish = [](Instance& who, const char* whom, int seconds) {
        who.ask({{"cmd", "set_disappearing"}, {"peer", whom}, {"seconds", seconds}});
    };
    const auto effective = [](Instance& who, Instance& whom) {
        return who.peer(whom.fingerprint()).at("disappearing");
    };
    wish(alice, "Bob", 2);
    bob.wait_until("the wish",
                   [&] { return bob.peer(alice.fingerprint()).at("timer_theirs") == 2; });
    CHECK(effective(bob, alice) == 0);
    CHECK(effective(alice, bob) == 0);
    const std::string one_sided = alice.say(bob.fingerprint(), "only one wants it");
    CHECK(alice.message(bob.fingerprint(), one_sided).at("timer") == 0);
    wish(bob, "Alice", 1);
    alice.wait_until("both agree", [&] { return effective(alice, bob) == 2; });
    CHECK(effective(bob, alice) == 2);

    const std::string id = alice.say(bob.fingerprint(), "not for long");
    CHECK(alice.message(bob.fingerprint(), id).at("timer") == 2);
    bob.wait_for_message(alice.fingerprint(), id, [](const Json& m) { return m.at("timer") == 2; });
    alice.wait_for_event("it is gone for the sender", [&](const Json& e) {
        return e.at("event") == "messages_removed" && e.at("messages") == Json::array({id});
    });
    CHECK(alice.message(bob.fingerprint(), id) == nullptr);
    CHECK(bob.message(alice.fingerprint(), id).is_object());  // not read yet
    bob.restart();
    bob.ask({{"cmd", "mark_read"}, {"peer", "Alice"}});
    CHECK(bob.peer(alice.fingerprint()).at("unread") == 0);
    bob.wait_until("it is gone for the reader",
                   [&] { return bob.message(alice.fingerprint(), id) == nullptr; });
    alice.restart();
    for (Instance* who : {&alice, &bob}) {
        Instance& other = who == &alice ? bob : alice;
        CHECK(who->message(other.fingerprint(), id) == nullptr);
        CHECK(who->message(other.fingerprint(), before).is_object());
        CHECK(who->message(other.fingerprint(), one_sided).is_object());
        CHECK(who->ask({{"cmd", "search"}, {"text", "\"not for long\""}}).at("messages").empty());
        CHECK(effective(*who, other) == 2);
    }
    wish(bob, "Alice", 0);
    alice.wait_until("off", [&] { return effective(alice, bob) == 0; });
}

TEST_CASE("settings outlive the process") {
    Instance alice("Alice");
    const Json changed{{"theme", "dark"},
                       {"zoom", 1.5},
                       {"read_receipts", false},
                       {"typing", false},
                       {"history_days", 365},
                       {"visible", false},
                       {"mapping", false},
                       {"public_address", "192.0.2.1:4711"},
                       {"downloads", "/srv/in coming"},
                       {"naming", "{date}_{name}"},
                       {"rate_total", 1'000'000},
                       {"rate_each", 500'000}};
    alice.ask({{"cmd", "set_settings"}, {"settings", changed}});
    alice.restart();
    CHECK(alice.ask({{"cmd", "settings"}}).at("settings") == changed);
    const Json refused = alice.request(
        {{"cmd", "set_settings"}, {"settings", {{"typing", true}, {"history_days", 99999}}}});
    CHECK(refused.at("code") == "bad_request");
    CHECK(alice.ask({{"cmd", "settings"}}).at("settings") == changed);
}
