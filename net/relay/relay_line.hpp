// SPDX-License-Identifier: MIT
//
// The connection to one relay, as its client: finds its host, dials, keeps the session and comes
// back after losses (backoff with jitter).
//
//   idle -> resolving -> dialling -> greeting -> up -> (lost) idle, until `due`
//
// Internal to net/; network thread only.
#pragma once

#include <functional>
#include <optional>
#include <tl/expected.hpp>

#include "crypto/relay_address.hpp"
#include "net/backoff.hpp"
#include "net/relay/relay_status.hpp"
#include "net/session.hpp"

namespace kith::net {

class RelayLine {
public:
    using Resolve = std::function<void(
        const std::string& host, std::uint16_t port,
        std::function<void(tl::expected<std::vector<SocketAddress>, std::string>)> done)>;

    /// The host of its sessions knows which line they are of by their link.
    RelayLine(crypto::RelayAddress address, const Session::Context& context);
    ~RelayLine();

    bool own = false;  ///< kept connected; others are let go when nobody needs them
    Milliseconds used_at{0};

    /// Now, if nothing is under way. `resolve` outlives it.
    void connect(const Resolve& resolve, Milliseconds now);
    /// Goodbye.
    void leave();
    /// The network has changed.
    void look_around(const Resolve& resolve, Milliseconds now);

    // Of link() alone.
    void on_dialled();
    void on_closed(Ending::Reason reason);
    /// Its session is up, or at its end. The session itself stays until the next tick.
    void on_up();
    void on_ended(const Ending& ending, Milliseconds now);

    /// When it is to be called next.
    Milliseconds tick(const Resolve& resolve, Milliseconds now);

    [[nodiscard]] const crypto::RelayAddress& address() const noexcept { return address_; }
    [[nodiscard]] std::optional<LinkId> link() const noexcept { return link_; }
    [[nodiscard]] Session* session() noexcept { return session_.get(); }
    [[nodiscard]] bool up() const noexcept { return phase_ == Phase::up; }
    [[nodiscard]] bool busy() const noexcept { return phase_ != Phase::idle && !up(); }
    [[nodiscard]] RelayStatus status() const;
    /// Where the session goes, while up.
    [[nodiscard]] const SocketAddress& remote() const { return session_->remote(); }

private:
    enum class Phase { idle, resolving, dialling, greeting, up };

    void dial_next(Milliseconds now);
    void failed(std::string error, Milliseconds now);
    void part_with_session();

    const crypto::RelayAddress address_;
    const Session::Context context_;
    Phase phase_ = Phase::idle;
    std::shared_ptr<bool> alive_;  ///< of the look-up that is under way
    std::vector<SocketAddress> found_;
    std::size_t next_ = 0;  // of found_
    std::optional<LinkId> link_;
    Milliseconds dial_until_{0};
    std::unique_ptr<Session> session_;
    std::vector<std::unique_ptr<Session>> ended_;
    Backoff backoff_;
    Milliseconds due_{0};
    Milliseconds up_at_{0};
    std::string error_;
};

}  // namespace kith::net
