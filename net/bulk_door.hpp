// SPDX-License-Identifier: MIT
//
// Connections of their own for runs of files: those that are dialled, and those that are expected
// and known by their ticket. docs/protocol.md, "Files: bulk connection". Internal to net/; network
// thread only.
#pragma once

#include <functional>
#include <optional>
#include <unordered_map>

#include "net/endpoint.hpp"

namespace kith::net {

/// What both ends derive from a session for one run.
struct BulkSecrets {
    static constexpr std::size_t id_size = 16;
    static constexpr std::size_t proof_size = bulk_ticket_size - id_size;

    std::array<std::uint8_t, id_size> id{};
    crypto::SecretBytes proof;  ///< proof_size
    crypto::RecordChannel::Side side{};
    crypto::RecordChannel::Keys keys;

    [[nodiscard]] Bytes ticket() const;  ///< bulk_ticket_size
};
[[nodiscard]] BulkSecrets derive_bulk(const crypto::RecordChannel& session,
                                      crypto::RecordChannel::Side side, const RunId& run);

class BulkDoor {
public:
    static constexpr std::size_t waiting_max = 64;  ///< dialled and expected together
    static constexpr std::chrono::milliseconds patience{15'000};
    using Milliseconds = std::chrono::milliseconds;

    struct Ports {
        std::function<void(const Fingerprint&, const RunId&, BulkLink)> linked;
        std::function<void(const Fingerprint&, const RunId&, const Ending&)> failed;
    };
    BulkDoor(Transport& transport, Ports ports) : transport_(transport), ports_(std::move(ports)) {}

    void expect(const Fingerprint& peer, const RunId& run, BulkSecrets secrets, Milliseconds now);
    void dial(const Fingerprint& peer, const RunId& run, const SocketAddress& to,
              BulkSecrets secrets, Milliseconds now);
    void forget(const RunId& run);
    /// The session they came from is gone.
    void forget_all(const Fingerprint& peer);
    void stop();

    [[nodiscard]] bool owns(LinkId link) const { return dials_.contains(link); }
    void on_dialled(LinkId link);
    void on_closed(LinkId link, Ending::Reason reason);
    /// The first frame of an accepted link. True: it was expected, and the link is taken out of the
    /// transport's hands. `early`: what was read behind it.
    [[nodiscard]] bool on_ticket(LinkId link, ByteView ticket, ByteView early);
    Milliseconds tick(Milliseconds now);

private:
    struct Waiting {
        Fingerprint peer;
        RunId run{};
        BulkSecrets secrets;
        Milliseconds give_up_at{};
        std::optional<LinkId> dialled{};
    };
    using List = std::vector<Waiting>;

    [[nodiscard]] bool add(Waiting waiting);
    [[nodiscard]] List::iterator of_link(LinkId link);
    void fail(List::iterator at, const Ending& ending);
    void hand_over(List::iterator at, LinkId link, ByteView early);

    Transport& transport_;
    Ports ports_;
    List waiting_;
    std::unordered_map<LinkId, RunId> dials_;
};

}  // namespace kith::net
