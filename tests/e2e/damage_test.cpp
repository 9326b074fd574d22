// SPDX-License-Identifier: MIT
//
// A history that cannot be used: a sentence that names it, exit code 1, and not a byte changed.
// --set-history-aside goes on with what can be read and keeps the damaged file.
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <fstream>
#include <functional>
#include <map>
#include <sstream>

#include "tests/e2e/instance.hpp"
#include "tests/e2e/profile_surgery.hpp"

using namespace kith::e2e;
namespace fs = std::filesystem;

namespace {

std::string contents(const fs::path& file) {
    std::ostringstream text;
    text << std::ifstream(file, std::ios::binary).rdbuf();
    return text.str();
}

void write(const fs::path& file, const std::string& bytes) {
    std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
}

/// Every file of the history: its log too.
std::map<std::string, std::string> history_files(const fs::path& profile) {
    std::map<std::string, std::string> files;
    for (const auto& entry : fs::directory_iterator(profile)) {
        const auto name = entry.path().filename().string();
        if (name.starts_with("history") || name == "key") files[name] = contents(entry.path());
    }
    return files;
}

/// Nothing but an empty log may have come.
void check_unchanged(const fs::path& profile, const std::map<std::string, std::string>& before) {
    const auto after = history_files(profile);
    for (const auto& [name, bytes] : before) {
        CAPTURE(name);
        REQUIRE(after.contains(name));
        CHECK((after.at(name) == bytes));
    }
    for (const auto& [name, bytes] : after) {
        CAPTURE(name);
        if (!before.contains(name)) CHECK(bytes.empty());
    }
}

struct Damage {
    const char* what;
    std::function<std::string(const std::string& bytes)> apply;
    bool readable_parts;  ///< the first page is whole
};

const std::vector<Damage>& damages() {
    static const std::vector<Damage> all{
        {"garbage", [](const std::string& bytes) { return std::string(bytes.size(), 'x'); }, false},
        {"its first page flipped",
         [](const std::string& bytes) {
             return bytes.substr(0, 100) + (bytes.at(100) == 'x' ? 'y' : 'x') + bytes.substr(101);
         },
         false},
        {"cut to a few bytes", [](const std::string& bytes) { return bytes.substr(0, 100); },
         false},
        {"cut in the middle",
         [](const std::string& bytes) { return bytes.substr(0, bytes.size() / 2 + 77); }, true},
    };
    return all;
}

/// A conversation of 400 messages, closed.
struct Conversation {
    Conversation() {
        befriend(alice, bob);
        for (int i = 0; i < 400; ++i) {
            alice.send({{"id", i},
                        {"cmd", "send_text"},
                        {"peer", bob.fingerprint()},
                        {"text", std::to_string(i) + std::string(400, '.')}});
        }
        for (int i = 0; i < 400; ++i) alice.receive();
        CHECK(alice.quit() == 0);
    }
    [[nodiscard]] fs::path history() const { return alice.profile() / "history.db"; }

    Instance alice{"Alice"}, bob{"Bob"};
};

/// In a process of its own, whose mounts end with it. The exit code of `act`, or nothing when
/// mounting is not allowed here.
std::optional<int> with_mount(const std::function<bool()>& mount_it,
                              const std::function<int()>& act) {
    constexpr int no_mount = 111, failed = 112;
    const pid_t child = ::fork();
    if (child == 0) {
        if (::unshare(CLONE_NEWNS) != 0 ||
            ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 || !mount_it()) {
            ::_exit(no_mount);
        }
        int code = failed;
        try {
            code = act();
        } catch (const std::exception& thrown) {
            std::fprintf(stderr, "%s\n", thrown.what());
        }
        ::_exit(code);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    REQUIRE(WIFEXITED(status));
    if (WEXITSTATUS(status) == no_mount) return std::nullopt;
    return WEXITSTATUS(status);
}

}  // namespace

TEST_CASE_METHOD(Conversation, "a damaged history is reported and left as it is") {
    const Damage damage = GENERATE(from_range(damages()));
    CAPTURE(damage.what);
    write(history(), damage.apply(contents(history())));
    const auto before = history_files(alice.profile());
    const auto refused = alice.try_to_start();
    CHECK(refused.code == 1);
    CHECK(refused.out.empty());
    INFO(refused.err);
    CHECK(refused.err.find("history.db") != std::string::npos);
    CHECK(refused.err.find("--set-history-aside") != std::string::npos);
    check_unchanged(alice.profile(), before);
}

TEST_CASE_METHOD(Conversation, "a damaged history is set aside, what can be read of it is kept") {
    const Damage damage = GENERATE(from_range(damages()));
    CAPTURE(damage.what);
    const std::string damaged = damage.apply(contents(history()));
    write(history(), damaged);
    const std::string before = alice.fingerprint();
    alice.start_with({"--set-history-aside"});
    CHECK(alice.fingerprint() == before);
    const auto files = history_files(alice.profile());
    CHECK(std::count_if(files.begin(), files.end(), [&](const auto& file) {
              return file.first.starts_with("history-damaged-") && file.second == damaged;
          }) == 1);
    CHECK(alice.process().errors().find("history-damaged-") != std::string::npos);
    CHECK(alice.quit() == 0);
    alice.start();
    CHECK(alice.fingerprint() == before);
    if (!damage.readable_parts) {
        CHECK(alice.ask({{"cmd", "peers"}}).at("peers").empty());
        return;
    }
    const auto history = alice.history(bob.fingerprint());
    CHECK(history.size() >= 50);
    for (const Json& m : history) {
        const std::string text = m.at("text");
        CHECK(text.ends_with("...."));
    }
    wait_until_online(alice, bob);
    const std::string id = alice.say(bob.fingerprint(), "still here");
    bob.wait_for_message(alice.fingerprint(), id, [](const Json&) { return true; });
}

TEST_CASE_METHOD(Conversation, "a history damaged where the start does not look is salvaged too") {
    std::string bytes = contents(history());
    const std::size_t middle = bytes.size() / 2;
    bytes.replace(middle, 1, bytes.at(middle) == 'x' ? "y" : "x");
    write(history(), bytes);
    alice.start();
    const Json page =
        alice.request({{"cmd", "messages"}, {"peer", bob.fingerprint()}, {"limit", 1000}});
    if (page.at("ok") == false) {
        CHECK(page.at("code") == "damaged");
        CHECK(page.at("error").get<std::string>().find("history.db") != std::string::npos);
    }
    CHECK(alice.quit() == 0);
    alice.start_with({"--set-history-aside"});
    const auto saved = alice.history(bob.fingerprint());
    CHECK(saved.size() >= 350);
    CHECK(saved.front().at("text") == "0" + std::string(400, '.'));
    CHECK(saved.back().at("text") == "399" + std::string(400, '.'));
}

TEST_CASE_METHOD(Conversation, "setting a sound history aside loses nothing") {
    const std::string bytes = contents(history());
    alice.start_with({"--set-history-aside"});
    CHECK(alice.history(bob.fingerprint()).size() == 400);
    CHECK(alice.peer(bob.fingerprint()).at("contact") == true);
    const auto files = history_files(alice.profile());
    CHECK(std::count_if(files.begin(), files.end(), [&](const auto& file) {
              return file.first.starts_with("history-damaged-") && file.second == bytes;
          }) == 1);
    alice.restart();
    CHECK(alice.history(bob.fingerprint()).size() == 400);
}

TEST_CASE_METHOD(Conversation, "a history of a newer version is left to it") {
    alter_history(alice.profile(), "PRAGMA user_version = 99;");
    const auto before = history_files(alice.profile());
    for (const auto& more : {std::vector<std::string>{}, {"--set-history-aside"}}) {
        const auto refused = alice.try_to_start(more);
        CHECK(refused.code == 1);
        INFO(refused.err);
        CHECK(refused.err.find("newer") != std::string::npos);
        check_unchanged(alice.profile(), before);
    }
}

TEST_CASE_METHOD(Conversation, "a profile on a read-only disk is reported") {
    const std::string folder = alice.profile().string();
    const auto before = history_files(alice.profile());
    const auto code = with_mount(
        [&] {
            return ::mount(folder.c_str(), folder.c_str(), nullptr, MS_BIND, nullptr) == 0 &&
                   ::mount(nullptr, folder.c_str(), nullptr, MS_REMOUNT | MS_BIND | MS_RDONLY,
                           nullptr) == 0;
        },
        [&] {
            const auto refused = alice.try_to_start();
            std::fputs(refused.err.c_str(), stderr);
            const bool named = refused.err.find(folder) != std::string::npos;
            return refused.code == 1 && refused.out.empty() && named ? 0 : 1;
        });
    if (!code) SKIP("mounting is not allowed here");
    CHECK(*code == 0);
    check_unchanged(alice.profile(), before);
}

TEST_CASE("a full disk is reported, and nothing that was acknowledged is lost") {
    const TemporaryFolder disk;
    const std::string place = disk.path().string();
    const auto code =
        with_mount([&] { return ::mount("tmpfs", place.c_str(), "tmpfs", 0, "size=3m") == 0; },
                   [&] {
                       Instance::Options options;
                       options.name = "Alice";
                       options.profile = disk.path() / "p";
                       Instance alice(options), bob("Bob");
                       befriend(alice, bob);
                       if (bob.quit() != 0) return 1;
                       std::vector<std::string> acknowledged;
                       Json refusal;
                       for (int i = 0; i < 200 && refusal.is_null(); ++i) {
                           const Json reply = alice.request({{"cmd", "send_text"},
                                                             {"peer", bob.fingerprint()},
                                                             {"text", std::string(60'000, 'x')}});
                           if (reply.at("ok") == true) acknowledged.push_back(reply.at("message"));
                           if (reply.at("ok") == false) refusal = reply;
                       }
                       if (refusal.is_null() || refusal.at("code") != "disk_full") return 2;
                       if (alice.ask({{"cmd", "whoami"}}).at("ok") != true) return 3;
                       if (::mount("tmpfs", place.c_str(), "tmpfs", MS_REMOUNT, "size=30m") != 0)
                           return 4;
                       acknowledged.push_back(alice.say(bob.fingerprint(), "there is room again"));
                       alice.restart();
                       std::vector<std::string> stored;
                       for (const Json& m : alice.history(bob.fingerprint()))
                           stored.push_back(m.at("message"));
                       return stored == acknowledged ? 0 : 5;
                   });
    if (!code) SKIP("mounting is not allowed here");
    CHECK(*code == 0);
}
