// SPDX-License-Identifier: MIT
#include "tests/window/kith_window.hpp"

#include <algorithm>
#include <exception>
#include <fstream>
#include <stdexcept>

#include "net/local_server.hpp"
#include "tests/e2e/instance.hpp"

namespace kith::window {
namespace {

constexpr int reply_timeout_ms = 30'000;
constexpr int steady_looks = 3;  ///< a control that stayed where it is for as many looks can be hit
constexpr std::size_t short_id_length = 8;

}  // namespace

std::string label_of(const std::string& kind, const std::string& fingerprint) {
    return kind + "/" + fingerprint.substr(0, short_id_length);
}

std::string label_of_transfer(const std::string& transfer, const std::string& part) {
    return "transfer/" + transfer.substr(transfer.size() - short_id_length) + "/" + part;
}

void befriend(KithWindow& window, e2e::Instance& person) {
    const std::string me = window.fingerprint();
    person.ask({{"cmd", "add_contact"},
                {"connection_id", window.ask({{"cmd", "whoami"}}).at("connection_id")},
                {"greeting", "Hello!"}});
    window.wait_until("a request", [&] { return !window.peer(person.fingerprint()).is_null(); });
    window.ask({{"cmd", "accept"}, {"peer", person.fingerprint()}});
    person.wait_until("a contact", [&] {
        const auto entry = person.peer(me);
        return entry.is_object() && entry.at("state") == "online";
    });
}

KithWindow::KithWindow(Desktop& desktop, std::string who)
    : desktop_(desktop), who_(std::move(who)), profile_(folder_.path() / "profile") {
    start();
}

KithWindow::KithWindow(Desktop& desktop, std::string who, std::filesystem::path profile)
    : desktop_(desktop), who_(std::move(who)), profile_(std::move(profile)) {
    start();
}

KithWindow::KithWindow(Desktop& desktop, std::string who, Network network)
    : desktop_(desktop),
      who_(std::move(who)),
      profile_(folder_.path() / "profile"),
      network_(std::move(network)) {
    start();
}

KithWindow::~KithWindow() {
    if (std::uncaught_exceptions() > 0) desktop_.keep_picture();
}

std::vector<std::string> KithWindow::command() const {
    std::vector<std::string> words{"KITH_UI_MAP=" + map_file_.string(),
                                   e2e::kith_program(),
                                   "--profile-dir",
                                   profile_.string(),
                                   "--downloads",
                                   downloads().string()};
    for (const auto& address : network_.listen) words.insert(words.end(), {"--listen", address});
    if (network_.discovery_port) {
        words.insert(words.end(), {"--discovery-port", std::to_string(*network_.discovery_port)});
    } else {
        words.emplace_back("--no-discovery");
    }
    return words;
}

void KithWindow::start() {
    map_file_ = folder_.path() / "map.json";
    std::filesystem::remove(map_file_);
    window_id_.clear();
    process_ = desktop_.start(command(), folder_.path() / "stderr");
}

int KithWindow::quit() {
    ask({{"cmd", "quit"}});
    return process_->wait();
}

int KithWindow::start_again() {
    auto words = command();
    words.front() = "KITH_UI_MAP=" + (folder_.path() / "second.json").string();
    return desktop_.run(std::move(words)).code;
}

KithWindow::Map KithWindow::map() const {
    std::ifstream file(map_file_);
    if (!file) return {};
    const Json items = Json::parse(file);
    Map map;
    for (const auto& [label, r] : items.items()) map[label] = {r[0], r[1], r[2], r[3]};
    return map;
}

KithWindow::Rect KithWindow::wait_for(const std::string& label) {
    std::optional<Rect> last;
    int same = 0;
    wait_until(label + " on screen", [&] {
        const Map now = map();
        const auto at = now.find(label);
        const auto found = at == now.end() ? std::nullopt : std::optional(at->second);
        same = found && found == last ? same + 1 : 0;
        last = found;
        return same >= steady_looks;
    });
    return *last;
}

void KithWindow::wait_gone(const std::string& label) {
    wait_until(label + " gone", [&] { return !shows(label); });
}

std::string KithWindow::wait_for_one(const std::string& beginning) {
    std::string found;
    wait_until(beginning + "… on screen", [&] {
        const Map now = map();
        const auto at = now.lower_bound(beginning);
        if (at == now.end() || !at->first.starts_with(beginning)) return false;
        found = at->first;
        return true;
    });
    return found;
}

void KithWindow::wait_until(const std::string& what, const std::function<bool()>& condition) {
    if (!comes_true(condition)) fail("waited in vain: " + what);
}

void KithWindow::fail(const std::string& what) const {
    std::string labels;
    for (const auto& [label, rect] : map()) labels += " " + label;
    throw std::runtime_error(who_ + " " + what + "; on screen:" + labels +
                             "; picture: " + desktop_.picture_file().string() +
                             "; standard error: " + process_->errors());
}

std::string KithWindow::window_id() {
    wait_until("a window", [&] {
        if (!window_id_.empty()) return true;
        const auto found = desktop_.run({"xdotool", "search", "--onlyvisible", "--all", "--pid",
                                         std::to_string(pid()), "--class", "kith"});
        window_id_ = found.out.substr(0, found.out.find('\n'));
        return !window_id_.empty();
    });
    return window_id_;
}

void KithWindow::activate() {
    if (!active()) desktop_.xdotool({"windowactivate", "--sync", window_id()});
}

bool KithWindow::active() const {
    const auto found = desktop_.run({"xdotool", "getactivewindow"});
    return !window_id_.empty() && found.out == window_id_ + "\n";
}

void KithWindow::resize(int width, int height) {
    const std::string id = window_id();
    desktop_.xdotool({"windowsize", "--sync", id, std::to_string(width), std::to_string(height)});
}

Picture KithWindow::picture() {
    const auto said = desktop_.run({"xwininfo", "-id", window_id()}).out;
    const auto number = [&](const std::string& after) {
        return std::stoi(said.substr(said.find(after) + after.size()));
    };
    return crop(desktop_.picture(), number("Absolute upper-left X:"),
                number("Absolute upper-left Y:"), number("Width:"), number("Height:"));
}

void KithWindow::move(int x, int y) {
    desktop_.xdotool({"windowmove", window_id(), std::to_string(x), std::to_string(y)});
}

void KithWindow::press(const std::string& label, std::vector<std::string> button) {
    activate();
    Rect at = wait_for(label);
    // Never twice at the same point: GLFW says nothing of a pointer that left the window and is
    // back where it was, as only a jump can bring it.
    const int aside = static_cast<int>(++clicks_ % 2);
    const auto move_there = [&] {
        desktop_.xdotool({"mousemove", "--window", window_id(),
                          std::to_string(at.x + at.width / 2 + aside),
                          std::to_string(at.y + at.height / 2)});
    };
    move_there();
    // Frames follow the mouse: what stands elsewhere in them had been about to move.
    for (Rect now = wait_for(label); now != at; now = wait_for(label)) {
        at = now;
        move_there();
    }
    if (!button.empty()) desktop_.xdotool(std::move(button));
}

void KithWindow::click(const std::string& label) { press(label, {"click", "1"}); }

void KithWindow::right_click(const std::string& label) { press(label, {"click", "3"}); }

void KithWindow::point_at(const std::string& label) { press(label, {}); }

void KithWindow::click_into(const std::string& label, const std::string& text) {
    click(label);
    type(text);
}

void KithWindow::type(const std::string& text) {
    activate();
    // Other layouts are switched to and back for each letter, which must not overtake the letter.
    const bool ascii = std::all_of(text.begin(), text.end(), [](char c) { return c >= 0; });
    desktop_.xdotool({"type", "--delay", ascii ? "12" : "150", "--", text});
}

void KithWindow::key(const std::string& chord) {
    activate();
    desktop_.xdotool({"key", chord});
}

void KithWindow::create_profile(const std::string& name, const std::string& password) {
    click_into("welcome/name", name);
    if (password.empty()) {
        click("welcome/create");
    } else {
        // By keys: what stands below the fields moves while the letters arrive.
        click_into("welcome/password", password);
        key("Return");
        type(password);
        key("Return");
    }
    wait_for("toolbar/copy-id");
}

Json KithWindow::request(Json fields) {
    net::LocalClient client;
    fields["id"] = 1;
    if (auto done = client.connect((profile_ / "control.sock").string()); !done) fail(done.error());
    if (auto sent = client.send_line(fields.dump()); !sent) fail(sent.error());
    const auto line = client.read_line(reply_timeout_ms);
    if (!line) fail(line.error());
    return Json::parse(*line);
}

Json KithWindow::ask(Json fields) {
    Json reply = request(fields);
    if (!reply.value("ok", false)) fail(fields.dump() + " -> " + reply.dump());
    return reply;
}

Json KithWindow::peer(const std::string& fingerprint) {
    const Json reply = ask({{"cmd", "peers"}});
    for (const Json& entry : reply.at("peers")) {
        if (entry.at("peer") == fingerprint) return entry;
    }
    return nullptr;
}

std::vector<Json> KithWindow::messages(const std::string& fingerprint) {
    return ask({{"cmd", "messages"}, {"peer", fingerprint}, {"limit", 100}}).at("messages");
}

std::optional<Json> KithWindow::find_message(const std::string& fingerprint,
                                             const std::string& text) {
    for (const Json& message : messages(fingerprint)) {
        if (message.at("text") == text) return message;
    }
    return std::nullopt;
}

}  // namespace kith::window
