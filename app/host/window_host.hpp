// SPDX-License-Identifier: MIT
//
// Everything behind the window: takes the profile from first run or unlock to a running node, on a
// thread of its own, so that key generation and password derivation never hold up drawing.
#pragma once

#include <mutex>
#include <semaphore>
#include <thread>

#include "app/host/instance.hpp"
#include "app/host/profile_access.hpp"
#include "app/host/window_bridge.hpp"

namespace kith::host {

class WindowHost {
public:
    struct Options {
        InstanceOptions instance;
        std::optional<std::string> name;      ///< --name: first run does not ask
        std::optional<std::string> password;  ///< of --password-file
        std::string log_level;
        /// The profile cannot be used at all: the window says why.
        std::optional<std::string> trouble;
    };

    /// `wake_window` may be called from any thread.
    WindowHost(ProfileAccess profile, Options options, std::function<void()> wake_window);
    ~WindowHost();  ///< takes the node down and waits
    WindowHost(const WindowHost&) = delete;
    WindowHost& operator=(const WindowHost&) = delete;

    [[nodiscard]] WindowBridge& bridge() { return bridge_; }
    /// The sentence of the failed page, when that was the last stage. Any thread.
    [[nodiscard]] std::optional<std::string> failure() const;

private:
    void run();
    void begin();
    void handle(const model::CreateProfile& item);
    void handle(const model::Unlock& item);
    void handle(const model::RestoreBackup& item);
    void handle(const model::SetHistoryAside&);
    void handle(const model::NewInstance&);
    void handle(const model::Quit&);
    template <typename Other>
    void handle(const Other&) {}  // for the node, not for us
    void start_node(tl::expected<crypto::ProfileSecrets, model::Error> secrets,
                    bool password_protected);
    void fail(const model::Error& error, bool can_set_aside = false);
    void notice(std::string text);
    void stage(model::Stage stage, std::string text = {}, bool wrong_password = false);
    void tell(model::StageChanged change);

    ProfileAccess profile_;
    Options options_;
    WindowBridge bridge_;
    std::unique_ptr<Instance> instance_;
    std::unique_ptr<model::EventSink> log_;
    /// Of a profile whose history is damaged, while a person decides what to do about it.
    std::optional<crypto::ProfileSecrets> secrets_;
    mutable std::mutex failure_mutex_;
    std::optional<std::string> failure_;
    std::counting_semaphore<> work_{0};
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

}  // namespace kith::host
