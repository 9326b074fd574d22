// SPDX-License-Identifier: MIT
//
// A password that is set, changed or removed while the disk fails or the process dies at each
// system call of it.
#include <sys/wait.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "app/profile/key_store.hpp"
#include "app/profile/leftovers.hpp"
#include "app/profile/profile_folder.hpp"
#include "tests/profile/interrupted_calls.hpp"
#include "tests/profile/support.hpp"

using namespace kith;
using namespace kith::profile;
using test::InterruptedCalls;
namespace fs = std::filesystem;

namespace {

constexpr crypto::PasswordCost cheap = crypto::password_cost_min;
constexpr int calls_max = 20;  // of one change; more would be another program

const crypto::ProfileSecrets& secrets() {
    static const crypto::ProfileSecrets made = [] {
        crypto::SystemRandom random;
        return crypto::ProfileSecrets{crypto::Identity::generate(random).keys(),
                                      crypto::SecretBytes(32, 5)};
    }();
    return made;
}

struct Change {
    const char* name;
    std::string before, after;
};

struct Profile {
    test::TempFolder folder;
    ProfilePaths paths = folder.profile();
    crypto::SystemRandom random;

    explicit Profile(const std::string& password) {
        REQUIRE(create_folder(paths));
        REQUIRE(create_key(paths, secrets(), password, random, cheap));
    }
    [[nodiscard]] bool opens(const std::string& password) const {
        const auto loaded = load_key(paths, password);
        return loaded && loaded->database_key == secrets().database_key;
    }
    /// The password that is in force; fails the test unless it is exactly one of the two.
    std::string in_force(const Change& change) {
        const bool clear = key_needs_password(paths) == false;
        const bool old = clear ? change.before.empty() : opens(change.before);
        const bool fresh = clear ? change.after.empty() : opens(change.after);
        CHECK(old != fresh);
        CHECK(opens(old ? change.before : change.after));
        return old ? change.before : change.after;
    }
    void check_only_the_key_is_left() {
        REQUIRE(clear_leftovers(paths));
        CHECK(test::mode(paths.key_file()) == 0600);
        CHECK(std::distance(fs::directory_iterator(paths.folder), {}) == 1);
    }
};

Change any_change() {
    return GENERATE(Change{"set", "", "second"}, Change{"changed", "first", "second"},
                    Change{"removed", "first", ""});
}

}  // namespace

TEST_CASE("a password change that dies at any system call leaves the old key file or the new") {
    const Change change = any_change();
    INFO("the password is " << change.name);
    bool old_seen = false, new_seen = false, ended = false;
    for (int call = 0; !ended; ++call) {
        REQUIRE(call < calls_max);
        INFO("dies at call " << call);
        Profile profile(change.before);
        const int code = test::in_another_process([&] {
            const InterruptedCalls calls(call, InterruptedCalls::End::die);
            return change_password(profile.paths, change.before, change.after, profile.random,
                                   cheap, calls)
                .has_value();
        });
        REQUIRE((code == 0 || code == 9));
        ended = code == 0;
        const auto beside = profile.paths.key_file().string() + ".new";
        if (fs::exists(beside)) CHECK(test::mode(beside) == 0600);
        const bool is_new = profile.in_force(change) == change.after;
        (is_new ? new_seen : old_seen) = true;
        CHECK((is_new || !new_seen));  // never back to the old one
        profile.check_only_the_key_is_left();
        CHECK((profile.in_force(change) == change.after) == is_new);
    }
    CHECK(old_seen);
    CHECK(new_seen);
}

TEST_CASE("a password change that fails at any system call says so and leaves one that opens") {
    const Change change = any_change();
    INFO("the password is " << change.name);
    bool ended = false;
    for (int call = 0; !ended; ++call) {
        REQUIRE(call < calls_max);
        INFO("fails at call " << call);
        Profile profile(change.before);
        const InterruptedCalls calls(call, InterruptedCalls::End::fail);
        const auto replaced = change_password(profile.paths, change.before, change.after,
                                              profile.random, cheap, calls);
        ended = !calls.reached();
        const auto in_force = profile.in_force(change);
        if (replaced) {
            CHECK(in_force == change.after);
        } else {
            CHECK(replaced.error().code == Errc::full);
            CHECK(replaced.error().text.find(profile.paths.folder.string()) != std::string::npos);
            // Only the last call, the folder's flush, comes after the point of no return.
            CHECK((in_force == change.before || calls.log().back() == 'F'));
        }
        // Nothing that may hold keys stays behind a failure.
        CHECK_FALSE(fs::exists(profile.paths.key_file().string() + ".new"));
        profile.check_only_the_key_is_left();
    }
}

TEST_CASE("the new key file is on the disk before its name is, and the name before the answer") {
    Profile profile("first");
    const InterruptedCalls calls(calls_max, InterruptedCalls::End::die);
    REQUIRE(change_password(profile.paths, "first", "second", profile.random, cheap, calls));
    CHECK(calls.log() == "dcwfxrF");
}

TEST_CASE("a key file whose creation dies at any system call is whole or not there") {
    for (int call = 0;; ++call) {
        REQUIRE(call < calls_max);
        INFO("dies at call " << call);
        test::TempFolder folder;
        const ProfilePaths paths = folder.profile();
        REQUIRE(create_folder(paths));
        crypto::SystemRandom random;
        const int code = test::in_another_process([&] {
            const InterruptedCalls calls(call, InterruptedCalls::End::die);
            return create_key(paths, secrets(), "", random, cheap, calls).has_value();
        });
        if (has_key(paths)) CHECK(load_key(paths, ""));
        REQUIRE(clear_leftovers(paths));
        const auto entries = std::distance(fs::directory_iterator(paths.folder), {});
        CHECK(entries == (has_key(paths) ? 1 : 0));
        if (!has_key(paths)) CHECK(create_key(paths, secrets(), "", random, cheap));
        if (code == 0) break;
    }
}

TEST_CASE("a wrong current password changes nothing") {
    Profile profile("first");
    const auto before = test::contents(profile.paths.key_file());
    for (const char* wrong : {"", "First", "second"}) {
        const auto changed = change_password(profile.paths, wrong, "second", profile.random, cheap);
        REQUIRE_FALSE(changed);
        CHECK(changed.error().code == Errc::wrong_password);
    }
    CHECK(test::contents(profile.paths.key_file()) == before);
    Profile open("");
    const auto changed = change_password(open.paths, "guess", "second", open.random, cheap);
    REQUIRE_FALSE(changed);
    CHECK(changed.error().code == Errc::wrong_password);
    CHECK(open.opens(""));
}
