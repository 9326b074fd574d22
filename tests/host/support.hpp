// SPDX-License-Identifier: MIT
//
// What the tests of the host's services share.
#pragma once

#include <chrono>
#include <condition_variable>

#include "app/host/worker.hpp"
#include "app/model/node_port.hpp"
#include "app/store/direct_store.hpp"
#include "crypto/key_file.hpp"
#include "net/transport.hpp"
#include "tests/profile/support.hpp"

namespace kith::host::test {

namespace fs = std::filesystem;
using profile::test::contents;
using profile::test::TempFolder;
using profile::test::write_contents;

inline constexpr crypto::PasswordCost cheap = crypto::password_cost_min;

/// Made once: it takes a second.
[[nodiscard]] const crypto::ProfileSecrets& secrets();
[[nodiscard]] std::span<const std::uint8_t, 32> database_key();

/// A worker whose answers are drained by the test's thread.
class Pump {
public:
    Worker worker{[this] { woken(); }};

    /// Drains until `done`, or fails the test after 20 s.
    void until(const std::function<bool()>& done);

private:
    void woken();
    std::mutex mutex_;
    std::condition_variable changed_;
    bool woken_ = false;
};

class FixedClock final : public net::Clock {
public:
    [[nodiscard]] std::chrono::milliseconds monotonic() const override { return {}; }
    [[nodiscard]] std::chrono::milliseconds wall() const override {
        return std::chrono::milliseconds(1'767'323'045'678);  // 2026-01-02T03:04:05.678Z
    }
};

/// Of a conversation of `size` messages with one person: gives pages of it, and keeps what else it
/// is asked.
class FakeNode final : public model::NodePort {
public:
    explicit FakeNode(std::size_t size = 0);
    void execute(model::Command command, std::function<void(model::Reply)> done) override;
    tl::expected<model::PeerId, model::Error> resolve(std::string_view) const override {
        return peer;
    }
    void subscribe(model::EventSink&) override {}
    void unsubscribe(model::EventSink&) override {}

    model::PeerId peer{};
    std::vector<model::Message> messages;
    std::vector<model::ListMessages> pages_asked;
    std::vector<model::Command> others;
    std::function<void()> before_page;       ///< runs before each page is given
    std::optional<model::Error> page_error;  ///< given instead of the next page
    /// Keeps the continuations of pages instead of giving them.
    std::vector<std::function<void(model::Reply)>>* hold = nullptr;

private:
    model::Reply page(const model::ListMessages& command) const;
};

[[nodiscard]] model::MessageId message_id(std::uint32_t number);
[[nodiscard]] model::Message message(std::uint32_t number, std::string text);

/// A history with one contact and `count` texts ("text 1" …) in it, committed and closed.
void make_history(const fs::path& file, std::uint32_t count);
/// The texts in it, oldest first; empty when it cannot be opened.
[[nodiscard]] std::vector<std::string> texts_of(const fs::path& file,
                                                std::span<const std::uint8_t, 32> key);
[[nodiscard]] std::vector<std::string> numbered_texts(std::uint32_t count);

/// The names in a folder, in order.
[[nodiscard]] std::vector<std::string> names_in(const fs::path& folder);

}  // namespace kith::host::test
