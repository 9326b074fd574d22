// SPDX-License-Identifier: MIT
//
// What somebody on the wire and somebody with the disk can find: nothing that was said, and nobody
// by name. Canaries are searched as they are and in the spellings programs leave behind.
#include <catch2/catch_test_macros.hpp>

#include "crypto/connection_id.hpp"
#include "tests/e2e/canaries.hpp"
#include "tests/e2e/instance.hpp"
#include "tests/e2e/recording_proxy.hpp"

using namespace kith::e2e;
namespace crypto = kith::crypto;

namespace {

std::string raw_fingerprint(const std::string& hex) {
    const auto bytes = crypto::from_hex(hex);
    return {bytes->begin(), bytes->end()};
}

/// `id` with nothing but the proxy as a way to its owner.
std::string through(const RecordingProxy& proxy, const std::string& id) {
    auto parsed = crypto::parse_connection_id(id);
    REQUIRE(parsed);
    parsed->candidates = {{crypto::CandidateKind::loopback, {127, 0, 0, 1}, proxy.port()}};
    return crypto::format(*parsed);
}

const std::string canary_text = "CanaryTextQ7w8E9r0", canary_greeting = "CanaryGreetingA1s2",
                  canary_alice = "CanaryAliceNameZ3x4", canary_bob = "CanaryBobNameC5v6",
                  canary_alias = "CanaryAliasB7n8", canary_edit = "CanaryEditM9k0",
                  canary_deleted = "CanaryDeletedJ1h2", canary_emoji = "CanaryEmojiG3f4",
                  canary_search = "CanarySearchD5s6", canary_password = "CanaryPasswordT7y8",
                  canary_backup_password = "CanaryBackupU9i0";
const std::vector<std::string> said_canaries{canary_text,     canary_greeting,       canary_edit,
                                             canary_deleted,  canary_emoji,          canary_search,
                                             canary_password, canary_backup_password};
const std::vector<std::string> canaries = [] {
    auto all = said_canaries;
    all.insert(all.end(), {canary_alice, canary_bob, canary_alias});
    return all;
}();

}  // namespace

TEST_CASE("the search finds canaries in every spelling") {
    for (const auto& prefix : {"", "a", "ab"}) {
        const std::string around = prefix + canary_text + "tail";
        const std::string haystack = crypto::to_base64url(crypto::view(around));
        bool found = false;
        for (const auto& spelling : base64_spellings(canary_text))
            found = found || haystack.find(spelling) != std::string::npos;
        CHECK(found);
    }
}

TEST_CASE("a recording of the wire holds no text, no name and no fingerprint") {
    Instance alice(canary_alice), bob(canary_bob);
    const RecordingProxy proxy(bob.ready().at("port").get<std::uint16_t>());
    alice.ask({{"cmd", "add_contact"},
               {"connection_id", through(proxy, bob.connection_id())},
               {"greeting", canary_greeting}});
    bob.wait_until("a request", [&] {
        return !bob.ask({{"cmd", "requests"}}).at("requests").empty();
    });
    bob.ask({{"cmd", "accept"}, {"peer", alice.fingerprint()}});
    wait_until_online(alice, bob);
    const std::size_t before = proxy.recorded().size();
    CHECK(before > 4000);  // the handshake went this way
    std::string long_text;
    while (long_text.size() < 32 * 1024) long_text += canary_text;
    alice.say(bob.fingerprint(), long_text);
    bob.say(alice.fingerprint(), canary_text);
    const auto both_have_both = [&] {
        return bob.history(alice.fingerprint()).size() == 2 &&
               alice.history(bob.fingerprint()).size() == 2;
    };
    bob.wait_until("both texts", both_have_both);
    const std::string recorded = proxy.recorded();
    CHECK(recorded.size() > before + 32 * 1024);  // and so did the texts
    check_absent(recorded, canaries);
    for (Instance* who : {&alice, &bob}) {
        CHECK(recorded.find(raw_fingerprint(who->fingerprint())) == std::string::npos);
        CHECK(recorded.find(who->fingerprint()) == std::string::npos);
    }
}

TEST_CASE("a protected profile holds nothing for who has only the disk") {
    Instance::Options options;
    options.name = canary_alice;
    options.password = canary_password;
    options.more = {"--log-level", "debug"};
    Instance alice(options), bob(canary_bob);
    const auto id_of_alice = alice.fingerprint(), id_of_bob = bob.fingerprint();
    alice.ask({{"cmd", "add_contact"},
               {"connection_id", bob.connection_id()},
               {"greeting", canary_greeting}});
    bob.wait_until("a request", [&] {
        return !bob.ask({{"cmd", "requests"}}).at("requests").empty();
    });
    bob.ask({{"cmd", "accept"}, {"peer", id_of_alice}});
    wait_until_online(alice, bob);
    for (int i = 0; i < 50; ++i) alice.say(id_of_bob, canary_text);
    bob.say(id_of_alice, canary_text);
    alice.wait_until("the answer", [&] { return alice.history(id_of_bob).size() == 51; });
    const TemporaryFolder elsewhere;
    const auto backup = (elsewhere.path() / "backup").string();
    const auto check_disk = [&] {
        const std::string disk = everything_below(alice.profile()) + everything_below(backup);
        check_absent(disk, canaries);
        check_absent(disk, {id_of_bob, raw_fingerprint(id_of_bob)});
        check_absent(alice.process().errors(), said_canaries);
    };
    check_disk();  // while it runs, its write-ahead log included

    const std::string edited = alice.say(id_of_bob, canary_text),
                      deleted = alice.say(id_of_bob, canary_deleted);
    alice.ask({{"cmd", "edit_message"}, {"message", edited}, {"text", canary_edit}});
    alice.ask({{"cmd", "delete_message"}, {"message", deleted}});
    alice.ask({{"cmd", "react"}, {"message", edited}, {"emoji", canary_emoji}, {"on", true}});
    alice.ask({{"cmd", "rename_contact"}, {"peer", id_of_bob}, {"name", canary_alias}});
    CHECK(alice.ask({{"cmd", "search"}, {"text", canary_edit}}).at("messages").size() == 1);
    CHECK(alice.ask({{"cmd", "search"}, {"text", canary_search}}).at("messages").empty());
    alice.ask({{"cmd", "export_history"},
               {"peer", id_of_bob},
               {"path", (elsewhere.path() / "export.json").string()}});
    alice.ask({{"cmd", "backup"}, {"path", backup}, {"password", canary_backup_password}});
    alice.request({{"cmd", "set_password"},
                   {"current", canary_search},
                   {"password", canary_backup_password}});
    bob.wait_for_message(id_of_alice, edited,
                         [](const Json& m) { return m.at("text") == canary_edit; });
    check_disk();
    alice.kill();
    check_disk();
    alice.start();
    CHECK(alice.history(id_of_bob).size() == 53);
    CHECK(alice.quit() == 0);
    check_disk();
}
