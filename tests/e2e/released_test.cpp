// SPDX-License-Identifier: MIT
//
// Profiles of released versions, opened by this one: everything tests/released/README.md says of
// them is still there, and the two can go on chatting.
#include <catch2/catch_test_macros.hpp>

#include "tests/e2e/instance.hpp"

using namespace kith::e2e;
namespace fs = std::filesystem;

namespace {

/// A copy: the original never changes.
Instance::Options released(const char* name) {
    Instance::Options options;
    options.name = name;
    options.prepare = [name](const fs::path& profile) {
        fs::copy(fs::path(KITH_RELEASED_PROFILES) / name, profile, fs::copy_options::recursive);
        for (const auto& entry : fs::directory_iterator(profile))
            fs::permissions(entry.path(), fs::perms::owner_read | fs::perms::owner_write);
    };
    return options;
}

std::vector<std::string> texts(const std::vector<Json>& history) {
    std::vector<std::string> all;
    for (const Json& m : history) all.push_back(m.at("text"));
    return all;
}

std::vector<std::string> texts_from(const std::vector<Json>& history, const std::string& sender) {
    std::vector<std::string> all;
    for (const Json& m : history) {
        if (m.at("from") == sender) all.push_back(m.at("text"));
    }
    return all;
}

const std::vector<std::string> of_ada{"from Ada 0", "from Ada 1", "from Ada 2", "from Ada 3",
                                      "from Ada 4", "from Ada 5", "from Ada 6", "from Ada 7"};
const std::vector<std::string> of_ben{"an answer, 日本語 too", "from Ben 0", "from Ben 1",
                                      "from Ben 2"};

const Json& find(const std::vector<Json>& history, const std::string& text) {
    for (const Json& m : history) {
        if (m.at("text") == text) return m;
    }
    throw std::runtime_error("there is no \"" + text + "\"");
}

template <typename... Lists>
std::vector<std::string> joined(std::vector<std::string> first, const Lists&... more) {
    (first.insert(first.end(), more.begin(), more.end()), ...);
    return first;
}

}  // namespace

TEST_CASE("profiles of version 1 lose nothing and chat on") {
    Instance ada(released("v1-crashed"));
    const std::vector<std::string> waiting{"waiting 0", "waiting 1"};
    const Json ben_entry = ada.ask({{"cmd", "peers"}}).at("peers").at(0);
    const std::string ben_id = ben_entry.at("peer");
    CHECK(ben_entry.at("name") == "Benjamin");
    CHECK(ben_entry.at("verified") == true);
    CHECK(ben_entry.at("contact") == true);
    CHECK(ben_entry.at("unread") == 2);
    CHECK(ben_entry.at("disappearing") == 0);
    const Json settings = ada.ask({{"cmd", "settings"}}).at("settings");
    CHECK(settings.at("theme") == "dark");
    CHECK(settings.at("read_receipts") == true);
    CHECK(settings.at("typing") == true);
    CHECK(settings.at("history_days") == 0);
    const auto before = ada.history(ben_id);
    CHECK(texts_from(before, ada.fingerprint()) == joined(of_ada, waiting));
    CHECK(texts_from(before, ben_id) == of_ben);
    for (const auto& text : of_ada) CHECK(find(before, text).at("state") == "delivered");
    for (const auto& text : waiting) CHECK(find(before, text).at("state") == "queued");
    const Json answer = find(before, of_ben[0]);
    CHECK(answer.at("reply_to") == find(before, "from Ada 2").at("message"));
    CHECK(answer.at("quote").at("text") == "from Ada 2");
    const Json hits = ada.ask({{"cmd", "search"}, {"text", "日本"}}).at("messages");
    REQUIRE(hits.size() == 1);
    CHECK(hits[0].at("message") == answer.at("message"));

    Instance ben(released("v1-clean"));
    CHECK(ben.fingerprint() == ben_id);
    wait_until_online(ada, ben);
    ben.wait_until("what waited", [&] {
        return texts_from(ben.history(ada.fingerprint()), ada.fingerprint()) ==
               joined(of_ada, waiting);
    });
    CHECK(texts_from(ben.history(ada.fingerprint()), ben_id) == of_ben);
    const std::string id = find(before, "from Ada 0").at("message");
    ada.ask({{"cmd", "edit_message"}, {"message", id}, {"text", "from Ada 0, edited"}});
    ben.ask({{"cmd", "react"}, {"message", id}, {"emoji", "👍"}, {"on", true}});
    ben.wait_for_message(ada.fingerprint(), id,
                         [](const Json& m) { return m.at("text") == "from Ada 0, edited"; });
    ada.wait_for_message(ben_id, id, [](const Json& m) { return m.at("reactions").contains("👍"); });
    const std::string news = ben.say(ada.fingerprint(), "and on we go");
    ada.wait_for_message(ben_id, news, [](const Json&) { return true; });
    wait_until_agreed(ada, ben);
    CHECK(texts(ada.history(ben_id)).size() == of_ada.size() + of_ben.size() + 3);
    CHECK(ada.peer(ben_id).at("unread") == 3);
}
