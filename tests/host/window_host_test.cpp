// SPDX-License-Identifier: MIT
//
// The whole program but its window: a profile from its first run to a running node, on real files
// and a loopback port.
#include "app/host/window_host.hpp"

#include <catch2/catch_test_macros.hpp>
#include <condition_variable>

#include "app/profile/key_store.hpp"
#include "app/profile/profile_folder.hpp"
#include "tests/host/support.hpp"

using namespace kith;
using namespace kith::host;
using model::Stage;
namespace fs = std::filesystem;

namespace {

/// A window as far as the host can tell.
class Window {
public:
    explicit Window(const profile::ProfilePaths& paths, std::optional<std::string> trouble = {})
        : host_(ProfileAccess(paths), options(paths, std::move(trouble)), [this] { woken(); }) {}

    void send(model::FromWindow item) { REQUIRE(host_.bridge().send(std::move(item))); }
    model::StageChanged next_stage() { return next<model::StageChanged>(); }
    /// The next stage that is not "working".
    model::StageChanged settled() {
        auto stage = next_stage();
        while (stage.stage == Stage::working) stage = next_stage();
        return stage;
    }
    model::Reply execute(model::Command command) {
        send(model::Execute{++ticket_, std::move(command)});
        return next<model::Completed>().reply;
    }
    void wait_for_close() { (void)next<model::Close>(); }
    /// What has been told so far, in sentences.
    [[nodiscard]] const std::vector<std::string>& notices() const { return notices_; }
    [[nodiscard]] bool protected_by_password() const { return protected_; }
    [[nodiscard]] std::optional<std::string> failure() const { return host_.failure(); }

private:
    static WindowHost::Options options(const profile::ProfilePaths& paths,
                                       std::optional<std::string> trouble) {
        WindowHost::Options made;
        made.instance.paths = paths;
        made.instance.first_name = "Ada";
        made.instance.port = 0;
        made.instance.listen = {"127.0.0.1"};
        made.instance.discovery = false;
        made.instance.version = "test";
        made.log_level = "error";
        made.trouble = std::move(trouble);
        return made;
    }
    void woken() {
        const std::lock_guard lock(mutex_);
        woken_ = true;
        changed_.notify_one();
    }
    /// The next item of one kind; events are kept on the way, other items are lost.
    template <typename Item>
    Item next() {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
        for (;;) {
            while (auto item = host_.bridge().next()) {
                if (const auto* event = std::get_if<model::Event>(&*item)) keep(*event);
                if (auto* found = std::get_if<Item>(&*item)) return std::move(*found);
            }
            std::unique_lock lock(mutex_);
            REQUIRE(changed_.wait_until(lock, deadline, [this] { return woken_; }));
            woken_ = false;
        }
    }
    void keep(const model::Event& event) {
        if (const auto* notice = std::get_if<model::Notice>(&event))
            notices_.push_back(notice->text);
        if (const auto* changed = std::get_if<model::ProfileChanged>(&event))
            protected_ = changed->profile.password_protected;
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    bool woken_ = false;
    std::uint64_t ticket_ = 0;
    std::vector<std::string> notices_;
    bool protected_ = false;
    WindowHost host_;  ///< last: it wakes us from its threads
};

struct Fixture {
    test::TempFolder folder;
    profile::ProfilePaths paths = folder.profile();
    crypto::SystemRandom random;
    Fixture() { REQUIRE(profile::create_folder(paths)); }

    void make_profile(std::string_view password) {
        REQUIRE(profile::create_key(paths, test::secrets(), password, random, test::cheap));
    }
};

model::Profile who(Window& window) {
    const auto reply = window.execute(model::WhoAmI{});
    REQUIRE(reply);
    return std::get<model::Profile>(*reply);
}

}  // namespace

TEST_CASE_METHOD(Fixture, "a profile is made, protected, locked and opened again") {
    model::PeerId self;
    {
        Window window(paths);
        REQUIRE(window.next_stage().stage == Stage::first_run);
        window.send(model::CreateProfile{"Ada", ""});
        REQUIRE(window.settled().stage == Stage::running);
        self = who(window).self;
        CHECK_FALSE(who(window).password_protected);
        const auto refused = window.execute(model::SetPassword{"guess", "right"});
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == "wrong_password");
        REQUIRE(window.execute(model::SetPassword{"", "right"}));
        CHECK(who(window).password_protected);
        CHECK(window.protected_by_password());
        CHECK_FALSE(window.failure());
    }
    {
        Window window(paths);
        REQUIRE(window.next_stage().stage == Stage::locked);
        window.send(model::Unlock{"wrong"});
        const auto refused = window.settled();
        CHECK(refused.stage == Stage::locked);
        CHECK(refused.wrong_password);
        window.send(model::Unlock{"right"});
        REQUIRE(window.settled().stage == Stage::running);
        CHECK(who(window).self == self);
        REQUIRE(window.execute(model::SetPassword{"right", ""}));
        CHECK_FALSE(who(window).password_protected);
    }
    Window window(paths);
    REQUIRE(window.settled().stage == Stage::running);
    CHECK(who(window).self == self);
}

TEST_CASE_METHOD(Fixture, "a damaged history is shown, and set aside when asked to") {
    make_profile("");
    const std::string garbage(50'000, 'g');
    test::write_contents(paths.database(), garbage);
    Window window(paths);
    const auto failed = window.settled();
    REQUIRE(failed.stage == Stage::failed);
    CHECK(failed.can_set_aside);
    CHECK(failed.text.find(paths.database().string()) != std::string::npos);
    CHECK(window.failure() == failed.text);
    CHECK(test::contents(paths.database()) == garbage);

    window.send(model::SetHistoryAside{});
    REQUIRE(window.settled().stage == Stage::running);
    CHECK_FALSE(window.failure());
    REQUIRE(window.notices().size() == 1);
    const auto names = test::names_in(paths.folder);
    const auto aside = std::find_if(names.begin(), names.end(), [](const auto& name) {
        return name.starts_with("history-damaged-");
    });
    REQUIRE(aside != names.end());
    CHECK(window.notices()[0].find(*aside) != std::string::npos);
    CHECK(test::contents(paths.folder / *aside) == garbage);
}

TEST_CASE_METHOD(Fixture, "a history without its key gets no new key that could not open it") {
    make_profile("");
    test::make_history(paths.database(), 3);
    fs::rename(paths.key_file(), paths.folder / "key.away");
    const auto history = test::contents(paths.database());
    {
        Window window(paths);
        const auto failed = window.settled();
        REQUIRE(failed.stage == Stage::failed);
        CHECK(failed.text.find("history.db") != std::string::npos);
        window.send(model::CreateProfile{"Ada", ""});
        CHECK(window.settled().stage == Stage::failed);
        CHECK_FALSE(fs::exists(paths.key_file()));
        CHECK(test::contents(paths.database()) == history);
    }
    fs::rename(paths.folder / "key.away", paths.key_file());
    Window window(paths);
    CHECK(window.settled().stage == Stage::running);
}

TEST_CASE_METHOD(Fixture, "a history that is sound is not set aside by a stray request") {
    make_profile("");
    Window window(paths);
    REQUIRE(window.settled().stage == Stage::running);
    window.send(model::SetHistoryAside{});
    window.send(model::RestoreBackup{"/nowhere", "x"});
    window.send(model::Quit{});  // taken in order: the two before it were looked at
    window.wait_for_close();
    for (const auto& name : test::names_in(paths.folder))
        CHECK_FALSE(name.starts_with("history-damaged-"));
}

TEST_CASE_METHOD(Fixture, "what cannot be helped is said in the window, and nothing is changed") {
    std::string file;
    SECTION("a damaged key file") {
        test::write_contents(paths.key_file(), "no key");
        file = paths.key_file().string();
    }
    SECTION("a key file of a newer version") {
        make_profile("");
        auto bytes = test::contents(paths.key_file());
        bytes[8] = 99;
        test::write_contents(paths.key_file(), bytes);
        file = paths.key_file().string();
    }
    const auto before = test::contents(paths.key_file());
    Window window(paths);
    const auto failed = window.settled();
    CHECK(failed.stage == Stage::failed);
    CHECK_FALSE(failed.can_set_aside);
    CHECK(failed.text.find(file) != std::string::npos);
    CHECK(test::contents(paths.key_file()) == before);
    CHECK(test::names_in(paths.folder) == std::vector<std::string>{"key"});
}

TEST_CASE_METHOD(Fixture, "a folder that cannot be used is said in the window") {
    Window window(paths, "The disk is read-only.");
    const auto failed = window.settled();
    CHECK(failed.stage == Stage::failed);
    CHECK(failed.text == "The disk is read-only.");
    CHECK_FALSE(failed.can_set_aside);
    CHECK(window.failure() == "The disk is read-only.");
    CHECK(fs::is_empty(paths.folder));
}

TEST_CASE_METHOD(Fixture, "the first run can begin with a backup") {
    const auto file = folder.path() / "backup";
    model::Profile before;
    {
        Window window(paths);
        REQUIRE(window.next_stage().stage == Stage::first_run);
        window.send(model::CreateProfile{"Ada", ""});
        REQUIRE(window.settled().stage == Stage::running);
        before = who(window);
        REQUIRE(window.execute(model::CreateBackup{file, "of the backup"}));
    }
    const profile::ProfilePaths other{folder.path() / "other"};
    REQUIRE(profile::create_folder(other));
    {
        Window window(other);
        REQUIRE(window.next_stage().stage == Stage::first_run);
        window.send(model::RestoreBackup{file, "wrong"});
        const auto refused = window.settled();
        CHECK(refused.stage == Stage::first_run);
        CHECK(refused.wrong_password);
        CHECK_FALSE(refused.text.empty());
        window.send(model::RestoreBackup{file, "of the backup"});
        REQUIRE(window.settled().stage == Stage::running);
        const auto now = who(window);
        CHECK(now.self == before.self);
        CHECK(now.name == before.name);
        CHECK(now.connection_id != before.connection_id);
        CHECK(now.password_protected);
    }
    Window window(other);
    CHECK(window.next_stage().stage == Stage::locked);
    window.send(model::Unlock{"of the backup"});
    CHECK(window.settled().stage == Stage::running);
}
