// SPDX-License-Identifier: MIT
#include "app/host/window_bridge.hpp"

namespace kith::host {

WindowBridge::WindowBridge(Wakers wakers) : wakers_(std::move(wakers)) {}

std::optional<model::ToWindow> WindowBridge::next() {
    if (auto item = to_window_.try_pop()) {
        if (std::holds_alternative<model::Completed>(*item)) --executing_;
        return item;
    }
    if (events_lost_.exchange(false)) return model::ToWindow{model::Event{model::Resync{}}};
    return std::nullopt;
}

bool WindowBridge::send(model::FromWindow item) {
    const bool execute = std::holds_alternative<model::Execute>(item);
    if (execute || std::holds_alternative<model::ScreenshotDone>(item)) {
        if (execute && executing_ >= executes_max) return false;
        if (!to_node_.try_push(item)) return false;
        if (execute) ++executing_;
        wake_node();
        return true;
    }
    if (!to_host_.try_push(item)) return false;
    wakers_.host();
    return true;
}

void WindowBridge::wake_node() {
    const std::lock_guard lock(node_mutex_);
    if (wake_node_) wake_node_();
}

void WindowBridge::tell(model::ToWindow item) {
    const bool event = std::holds_alternative<model::Event>(item);
    if ((event && to_window_.size() >= events_max) || !to_window_.try_push(item))
        events_lost_ = true;
    wakers_.window();
}

void WindowBridge::connect_node(std::function<void()> wake) {
    const std::lock_guard lock(node_mutex_);
    wake_node_ = std::move(wake);
    if (wake_node_) wake_node_();  // commands may have come earlier
}

std::optional<model::FromWindow> WindowBridge::next_for_host() { return to_host_.try_pop(); }

void WindowBridge::run_commands(model::NodePort& node) {
    while (auto item = to_node_.try_pop()) {
        if (const auto* result = std::get_if<model::ScreenshotDone>(&*item)) {
            finish(*result);
            continue;
        }
        auto& execute = std::get<model::Execute>(*item);
        node.execute(std::move(execute.command),
                     [this, ticket = execute.ticket](model::Reply reply) {
                         tell(model::Completed{ticket, std::move(reply)});
                     });
    }
}

void WindowBridge::on_event(const model::Event& event) { tell(event); }

void WindowBridge::quit() { tell(model::Close{}); }

tl::expected<void, model::Error> WindowBridge::raise() {
    tell(model::Raise{});
    return {};
}

void WindowBridge::screenshot(std::string path,
                              std::function<void(tl::expected<void, model::Error>)> done) {
    if (screenshots_.size() >= screenshots_max) {
        return done(tl::unexpected(
            model::Error{"busy", "Too many screenshots are being taken. Try again in a moment."}));
    }
    const auto ticket = next_ticket_++;
    screenshots_.emplace(ticket, std::move(done));
    tell(model::TakeScreenshot{ticket, std::move(path)});
}

void WindowBridge::finish(const model::ScreenshotDone& result) {
    const auto found = screenshots_.find(result.ticket);
    if (found == screenshots_.end()) return;
    const auto done = std::move(found->second);
    screenshots_.erase(found);
    if (result.error.empty()) return done({});
    done(tl::unexpected(model::Error{"screenshot", result.error}));
}

}  // namespace kith::host
