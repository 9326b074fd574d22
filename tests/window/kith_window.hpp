// SPDX-License-Identifier: MIT
//
// Kith with its window on a virtual desktop: what it shows (KITH_UI_MAP), what a person does to it
// with mouse and keyboard, and what a script learns over the control socket. All waiting is for
// something to appear; failures are std::runtime_error and name a picture of the desktop.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "tests/window/desktop.hpp"

namespace kith::e2e {
class Instance;
}

namespace kith::window {

using Json = nlohmann::json;

class KithWindow {
public:
    struct Rect {
        int x = 0, y = 0, width = 0, height = 0;
        bool operator==(const Rect&) const = default;
    };
    using Map = std::map<std::string, Rect>;
    struct Network {
        std::vector<std::string> listen{"127.0.0.1"};   ///< addresses of this machine
        std::optional<std::uint16_t> discovery_port{};  ///< sees who is near; none: nobody
    };

    /// Starts on a profile of its own. `who` is for messages.
    KithWindow(Desktop& desktop, std::string who);
    /// Starts on a profile that exists.
    KithWindow(Desktop& desktop, std::string who, std::filesystem::path profile);
    /// Starts on a profile of its own.
    KithWindow(Desktop& desktop, std::string who, Network network);
    ~KithWindow();  ///< keeps a picture of the desktop when a test fails
    KithWindow(const KithWindow&) = delete;
    KithWindow& operator=(const KithWindow&) = delete;

    void start();  ///< returns once the process exists
    int quit();    ///< by the control socket; gives the exit code
    int wait() { return process_->wait(); }
    /// A second process for the same profile; its exit code.
    int start_again();

    // What is on screen.
    [[nodiscard]] Map map() const;  ///< empty before the first frame
    [[nodiscard]] bool shows(const std::string& label) const { return map().contains(label); }
    Rect wait_for(const std::string& label);  ///< until it stands still
    void wait_gone(const std::string& label);
    /// The label of the first control whose label begins so.
    std::string wait_for_one(const std::string& beginning);
    void wait_until(const std::string& what, const std::function<bool()>& condition);

    // Hands.
    void click(const std::string& label);
    void right_click(const std::string& label);
    void point_at(const std::string& label);                             ///< the mouse rests there
    void click_into(const std::string& label, const std::string& text);  ///< and types
    void type(const std::string& text);
    void key(const std::string& chord);  ///< "ctrl+v"
    void activate();                     ///< brings the window to the front
    void resize(int width, int height);
    void move(int x, int y);
    [[nodiscard]] Picture picture();  ///< of the screen, where the window is
    [[nodiscard]] bool active() const;
    void create_profile(const std::string& name, const std::string& password = {});

    // The scripts' view.
    Json request(Json fields);
    Json ask(Json fields);  ///< throws when the reply's "ok" is false
    std::string fingerprint() { return ask({{"cmd", "whoami"}}).at("fingerprint"); }
    Json peer(const std::string& fingerprint);                   ///< the entry of `peers`, or null
    std::vector<Json> messages(const std::string& fingerprint);  ///< the newest, oldest first
    std::optional<Json> find_message(const std::string& fingerprint, const std::string& text);

    [[nodiscard]] const std::filesystem::path& profile() const { return profile_; }
    /// Where what it receives lands.
    [[nodiscard]] std::filesystem::path downloads() const { return folder_.path() / "downloads"; }
    [[nodiscard]] const std::filesystem::path& map_file() const { return map_file_; }
    [[nodiscard]] pid_t pid() const { return process_->pid(); }

private:
    std::string window_id();
    void press(const std::string& label, std::vector<std::string> button);
    std::vector<std::string> command() const;
    [[noreturn]] void fail(const std::string& what) const;

    Desktop& desktop_;
    std::string who_;
    e2e::TemporaryFolder folder_;
    std::filesystem::path profile_, map_file_;
    Network network_{};
    std::unique_ptr<e2e::Process> process_;
    std::string window_id_;
    unsigned clicks_ = 0;
};

/// Asks, accepts, and waits until both see each other.
void befriend(KithWindow& window, e2e::Instance& person);

/// The label of a conversation or request begins so: `conversation/1a2b3c4d`.
[[nodiscard]] std::string label_of(const std::string& kind, const std::string& fingerprint);
/// A part of a transfer's card: `transfer/1a2b3c4d/accept`.
[[nodiscard]] std::string label_of_transfer(const std::string& transfer, const std::string& part);

}  // namespace kith::window
