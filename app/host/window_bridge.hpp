// SPDX-License-Identifier: MIT
//
// Joins the window's thread to the node's: bounded lock-free queues both ways. Towards the window
// it is a model::WindowPort; towards the node it listens to events, brings commands when the
// reactor wakes, and is the model::HostPort. What concerns the process (stages, new instance, quit)
// goes to the host's own thread.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <mutex>

#include "app/model/node_port.hpp"
#include "app/model/window_port.hpp"
#include "net/bounded_queue.hpp"

namespace kith::host {

class WindowBridge final : public model::WindowPort,
                           public model::EventSink,
                           public model::HostPort {
public:
    static constexpr std::size_t from_window_max = 1024;
    static constexpr std::size_t executes_max = 1024;  ///< commands without an answer yet
    static constexpr std::size_t screenshots_max = 16;
    /// Events fill the queue up to here; when they would not fit the window is told to read the
    /// state anew. Answers and the rest are never dropped: what is left is room for all of them.
    static constexpr std::size_t events_max = 16'384;
    static constexpr std::size_t to_window_max = events_max + executes_max + 256;

    struct Wakers {
        std::function<void()> window;  ///< any thread: the window looks into its queue
        std::function<void()> host;    ///< any thread: next_for_host() has something
    };
    explicit WindowBridge(Wakers wakers);

    // Window thread.
    std::optional<model::ToWindow> next() override;
    bool send(model::FromWindow item) override;

    // Any thread.
    void tell(model::ToWindow item);
    /// The node exists now: commands go there. `wake` wakes its thread; null: it is gone.
    void connect_node(std::function<void()> wake);

    // Host thread.
    std::optional<model::FromWindow> next_for_host();

    // Network thread.
    void run_commands(model::NodePort& node);
    void on_event(const model::Event& event) override;
    void quit() override;
    void screenshot(std::string path,
                    std::function<void(tl::expected<void, model::Error>)> done) override;
    tl::expected<void, model::Error> raise() override;

private:
    void wake_node();
    void finish(const model::ScreenshotDone& result);

    Wakers wakers_;
    net::BoundedQueue<model::ToWindow> to_window_{to_window_max};
    net::BoundedQueue<model::FromWindow> to_host_{from_window_max};
    net::BoundedQueue<model::FromWindow> to_node_{from_window_max};
    std::atomic<bool> events_lost_{false};
    std::atomic<std::size_t> executing_{0};
    std::mutex node_mutex_;  ///< guards the waker; held for one uv_async_send at the longest
    std::function<void()> wake_node_;
    // Network thread only.
    std::uint64_t next_ticket_ = 1;
    std::map<std::uint64_t, std::function<void(tl::expected<void, model::Error>)>> screenshots_;
};

}  // namespace kith::host
