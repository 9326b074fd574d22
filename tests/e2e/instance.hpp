// SPDX-License-Identifier: MIT
//
// A headless Kith with its own profile, and the scripts' view of it: requests over the control
// socket, and waiting for something to become true, driven by its events.
#pragma once

#include <functional>
#include <memory>
#include <nlohmann/json.hpp>

#include "net/local_server.hpp"
#include "tests/e2e/process.hpp"

namespace kith::e2e {

using Json = nlohmann::json;

class Instance {
public:
    struct Options {
        std::string name;
        std::string password;           ///< empty: none
        std::vector<std::string> more;  ///< further arguments
        /// Fills the profile's folder before the first start.
        std::function<void(const std::filesystem::path& profile)> prepare{};
        std::filesystem::path profile{};  ///< instead of a temporary folder
        /// Shared by those that are to find each other on loopback; none: no discovery.
        std::optional<std::uint16_t> discovery_port{};
        /// A network namespace to run in, listening everywhere and finding others; empty: this one,
        /// on loopback.
        std::string network{};
    };
    explicit Instance(Options options);  ///< starts
    explicit Instance(std::string name) : Instance(Options{std::move(name), {}, {}, {}, {}, {}}) {}

    void start() { start_with({}); }
    void start_with(const std::vector<std::string>& more);  ///< arguments of this start alone
    /// For a start that is to fail: runs to its end.
    [[nodiscard]] Finished try_to_start(const std::vector<std::string>& more = {}) const;
    /// What the next start unlocks with; empty: nothing.
    void use_password(const std::string& password);
    void kill();     ///< SIGKILL, gone when this returns
    int quit();      ///< by the control socket; gives the exit code
    void restart();  ///< kill and start

    /// The reply as it is.
    Json request(Json fields);
    /// Throws when the reply's "ok" is false.
    Json ask(const Json& fields);
    /// Requests in flight: send() many, then receive() as many replies, in any order.
    void send(Json fields);
    Json receive();
    /// Until `condition` holds: looked at now and after each event.
    void wait_until(const std::string& what, const std::function<bool()>& condition,
                    Clock::duration timeout = patience);
    /// The next event for which `wanted` holds; those before are forgotten.
    Json wait_for_event(const std::string& what, const std::function<bool(const Json&)>& wanted,
                        Clock::duration timeout = patience);

    [[nodiscard]] const Json& ready() const { return ready_; }
    [[nodiscard]] std::string fingerprint() const { return ready_.at("fingerprint"); }
    [[nodiscard]] std::string connection_id() {
        return ask({{"cmd", "whoami"}}).at("connection_id");
    }
    [[nodiscard]] const std::filesystem::path& profile() const { return profile_; }
    /// A folder of the test's own beside the profile.
    [[nodiscard]] const std::filesystem::path& folder() const { return folder_->path(); }
    [[nodiscard]] std::vector<std::string> arguments() const;
    [[nodiscard]] Process& process() { return *process_; }

    /// The entry of `peers`, or null.
    Json peer(const std::string& fingerprint);
    /// Everything in a conversation, oldest first, page by page.
    std::vector<Json> history(const std::string& fingerprint);
    /// One of its newest 1,000 messages, or null.
    Json message(const std::string& fingerprint, const std::string& id);
    /// Until one of the newest 1,000 messages is there and fits.
    Json wait_for_message(const std::string& fingerprint, const std::string& id,
                          const std::function<bool(const Json&)>& fits);
    /// Sends and gives the message's ID.
    std::string say(const std::string& fingerprint, const std::string& text);

private:
    std::unique_ptr<TemporaryFolder> folder_;
    Options options_;
    std::filesystem::path profile_;
    std::unique_ptr<Process> process_;
    Json ready_;
    std::unique_ptr<net::LocalClient> commands_, events_;
    std::uint64_t last_id_ = 0;
};

/// `a` asks, `b` accepts, both see each other online.
void befriend(Instance& a, Instance& b, const std::string& greeting = "It is me");
/// Whether both have the same messages of each sender, in the same order, with the same texts and
/// reactions. What was deleted before it left leaves a tombstone with its sender alone.
[[nodiscard]] bool agree(Instance& a, Instance& b);
void wait_until_agreed(Instance& a, Instance& b);
/// Until each sees the other online.
void wait_until_online(Instance& a, Instance& b);

/// The program under test.
[[nodiscard]] std::string kith_program();

}  // namespace kith::e2e
