// SPDX-License-Identifier: MIT
//
// Two hundred rounds of kill -9, of either side or both, at random moments of a conversation with
// edits, reactions and deletions. Afterwards both histories are the same, nothing twice, in the
// order of each sender, and what was acknowledged has happened.
//
//   KITH_E2E_SEED=n     replays the choices of a run (the moments of the kernel are its own)
//   KITH_E2E_ROUNDS=n   instead of 200
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <iostream>
#include <map>
#include <random>
#include <set>

#include "tests/e2e/instance.hpp"

using namespace kith::e2e;

namespace {

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
    const char* value = std::getenv(name);
    return value == nullptr ? otherwise : std::strtoull(value, nullptr, 10);
}

/// What one side said and knows to have done to it.
class Speaker {
public:
    Speaker(Instance& self, Instance& other, std::string name, std::mt19937_64& random)
        : self_(self), other_(other), name_(std::move(name)), random_(random) {}

    /// Sends requests without waiting for their replies.
    void begin_batch() {
        const std::size_t size = 12 + random_() % 13;
        for (std::size_t i = 0; i < size; ++i) {
            const auto dice = random_() % 100;
            if (dice < 70 || known_.empty()) {
                say();
            } else if (dice < 85) {
                edit(pick());
            } else if (dice < 97) {
                react(random_() % 2 == 0 || heard_.empty() ? pick()
                                                           : heard_[random_() % heard_.size()]);
            } else {
                erase(pick());
            }
        }
    }

    void read_replies(std::size_t count) {
        for (; count > 0 && !asked_.empty(); --count) {
            const Json reply = self_.receive();
            const auto asked = asked_.find(reply.at("id").get<std::uint64_t>());
            REQUIRE(asked != asked_.end());
            note(asked->second, reply);
            asked_.erase(asked);
        }
    }
    void read_all_replies() { read_replies(asked_.size()); }
    [[nodiscard]] std::size_t unanswered() const { return asked_.size(); }

    /// After a crash: a text without a reply is in the history or never was; then it is said again.
    void go_on_after_crash() {
        std::map<std::string, std::string> newest;
        const auto recent = back_to_known();
        for (const Json& m : recent) {
            if (m.at("from") == self_.fingerprint()) newest[m.at("text")] = m.at("message");
        }
        auto lost = std::exchange(asked_, {});
        for (const auto& [id, asked] : lost) {
            if (asked.cmd != "send_text") continue;
            const auto stored = newest.find(asked.text);
            if (stored == newest.end()) {
                send({"send_text", {}, asked.text});
            } else {
                known_.push_back(stored->second);
                said_[stored->second].push_back({asked.text, true});
            }
        }
        read_all_replies();
        for (const Json& m : recent) {
            if (m.at("from") != self_.fingerprint()) heard_.push_back(m.at("message"));
        }
        if (heard_.size() > 200) heard_.erase(heard_.begin(), heard_.end() - 200);
    }

    /// Against what the history says in the end.
    void check(const std::vector<Json>& history) const {
        std::map<std::string, Json> mine;
        for (const Json& m : history) {
            if (m.at("from") == self_.fingerprint()) mine[m.at("message")] = m;
        }
        CHECK(mine.size() == said_.size());
        for (const auto& [id, texts] : said_) {
            REQUIRE(mine.contains(id));
            const Json& m = mine[id];
            const auto erased = erased_.find(id);
            if (erased == erased_.end()) REQUIRE(m.at("deleted") == false);
            if (erased != erased_.end() && erased->second) REQUIRE(m.at("deleted") == true);
            if (m.at("deleted") == false) REQUIRE(may_be(texts, m.at("text")));
        }
    }

private:
    struct Asked {
        std::string cmd, message, text;
    };
    struct Wording {
        std::string text;
        bool acknowledged = false;
    };

    /// The last acknowledged wording, or one that was tried afterwards.
    static bool may_be(const std::vector<Wording>& texts, const std::string& text) {
        for (auto each = texts.rbegin(); each != texts.rend(); ++each) {
            if (each->text == text) return true;
            if (each->acknowledged) return false;
        }
        return false;
    }

    /// The history from its end back to a text of ours that is accounted for: however much the
    /// other side had waiting, everything of ours behind it has been seen then.
    std::vector<Json> back_to_known() {
        std::vector<Json> all;
        Json request{{"cmd", "messages"}, {"peer", other_.fingerprint()}, {"limit", 100}};
        while (true) {
            const Json page = self_.ask(request);
            const auto& messages = page.at("messages");
            all.insert(all.begin(), messages.begin(), messages.end());
            const auto known = [this](const Json& m) {
                return m.at("from") == self_.fingerprint() && said_.contains(m.at("message"));
            };
            if (std::any_of(messages.begin(), messages.end(), known) || page.at("more") == false)
                return all;
            request["before"] = messages.front().at("message");
        }
    }

    const std::string& pick() { return known_[random_() % known_.size()]; }

    void send(Asked asked, Json more = Json::object()) {
        const std::uint64_t id = ++last_id_;
        more["id"] = id;
        more["cmd"] = asked.cmd;
        if (asked.cmd == "send_text") more["peer"] = other_.fingerprint();
        if (asked.cmd != "send_text") more["message"] = asked.message;
        if (!asked.text.empty()) more["text"] = asked.text;
        self_.send(more);
        asked_.emplace(id, std::move(asked));
    }
    void say() { send({"send_text", {}, name_ + " " + std::to_string(++last_text_)}); }
    void edit(const std::string& id) {
        if (erased_.contains(id)) return say();
        const std::string text = name_ + " edited " + std::to_string(++last_text_);
        said_[id].push_back({text, false});
        send({"edit_message", id, text});
    }
    void react(const std::string& id) {
        send({"react", id, {}},
             {{"emoji", random_() % 2 == 0 ? "👍" : "🎉"}, {"on", random_() % 3 != 0}});
    }
    void erase(const std::string& id) {
        erased_.emplace(id, false);
        send({"delete_message", id, {}}, {{"for", "both"}});
    }

    void note(const Asked& asked, const Json& reply) {
        INFO(asked.cmd << " " << asked.message << " " << reply.dump());
        if (asked.cmd == "send_text") {
            REQUIRE(reply.at("ok") == true);
            known_.push_back(reply.at("message"));
            said_[reply.at("message")].push_back({asked.text, true});
        } else if (reply.at("ok") == false) {
            // Only what was deleted meanwhile cannot be changed any more.
            REQUIRE((erased_.contains(asked.message) || asked.cmd == "react"));
        } else if (asked.cmd == "edit_message") {
            for (Wording& wording : said_[asked.message])
                if (wording.text == asked.text) wording.acknowledged = true;
        } else if (asked.cmd == "delete_message") {
            erased_[asked.message] = true;
        }
    }

    Instance& self_;
    Instance& other_;
    std::string name_;
    std::mt19937_64& random_;
    std::uint64_t last_id_ = 1'000'000;  // beside those of Instance::ask
    int last_text_ = 0;
    std::map<std::uint64_t, Asked> asked_;
    std::vector<std::string> known_, heard_;            ///< IDs of texts
    std::map<std::string, std::vector<Wording>> said_;  ///< by ID
    std::map<std::string, bool> erased_;                ///< by ID: acknowledged
};

void check_nothing_twice(const std::vector<Json>& history) {
    std::set<std::string> ids;
    for (const Json& m : history) ids.insert(m.at("message"));
    CHECK(ids.size() == history.size());
}

bool all_delivered(Instance& who, Instance& whom) {
    const auto history = who.history(whom.fingerprint());
    return std::all_of(history.begin(), history.end(), [](const Json& m) {
        return m.at("deleted") == true || m.at("state") == "received" ||
               m.at("state") == "delivered" || m.at("state") == "read";
    });
}

void check_unread(Instance& who, Instance& whom, const std::vector<Json>& history) {
    const auto unread = std::count_if(history.begin(), history.end(), [&](const Json& m) {
        return m.at("from") == whom.fingerprint() && m.at("deleted") == false;
    });
    CHECK(who.peer(whom.fingerprint()).at("unread") == unread);
}

}  // namespace

TEST_CASE("two hundred rounds of kill -9 lose, double and reorder nothing") {
    const auto seed = from_environment("KITH_E2E_SEED", std::random_device{}());
    const auto rounds = from_environment("KITH_E2E_ROUNDS", 200);
    std::cout << "kill rounds: KITH_E2E_SEED=" << seed << " KITH_E2E_ROUNDS=" << rounds
              << std::endl;
    CAPTURE(seed);
    std::mt19937_64 random(seed);
    Instance alice("Alice"), bob("Bob");
    befriend(alice, bob);
    Speaker a(alice, bob, "a", random), b(bob, alice, "b", random);
    for (std::uint64_t round = 0; round < rounds; ++round) {
        CAPTURE(round);
        a.begin_batch();
        b.begin_batch();
        const auto victims = 1 + random() % 3;  // bit 0: Alice, bit 1: Bob
        // A moment somewhere between the first request and the last reply.
        if (victims & 1) a.read_replies(random() % (a.unanswered() + 1));
        if (victims & 2) b.read_replies(random() % (b.unanswered() + 1));
        if (victims & 1) alice.kill();
        if (victims & 2) bob.kill();
        if (victims & 1) alice.start();
        if (victims & 2) bob.start();
        if (victims & 1) a.go_on_after_crash();
        if (victims & 2) b.go_on_after_crash();
        a.read_all_replies();
        b.read_all_replies();
    }
    const auto everything = [&] {
        return all_delivered(alice, bob) && all_delivered(bob, alice) && agree(alice, bob);
    };
    alice.wait_until("both have everything", everything, std::chrono::seconds(180));
    const auto of_alice = alice.history(bob.fingerprint()),
               of_bob = bob.history(alice.fingerprint());
    check_nothing_twice(of_alice);
    check_nothing_twice(of_bob);
    a.check(of_alice);
    b.check(of_bob);
    check_unread(alice, bob, of_alice);
    check_unread(bob, alice, of_bob);
    std::cout << "kill rounds: " << of_alice.size() << " messages" << std::endl;
}
