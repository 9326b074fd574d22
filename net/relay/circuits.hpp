// SPDX-License-Identifier: MIT
//
// The relay's half of circuits: two connections that show its tickets are joined, and from then on
// what one says is given to the other, byte for byte. Nothing is read from a side while the other
// one has much to take, so memory is bounded and each circuit gets its share of the loop.
//
//   open() -> calling --(callee's ticket)--> waiting --(caller's ticket)--> joined --> gone
//
// docs/protocol.md, "Relay: circuits". Internal to net/; network thread only.
#pragma once

#include <functional>
#include <map>
#include <unordered_map>

#include "crypto/fingerprint.hpp"
#include "crypto/random.hpp"
#include "net/message.hpp"
#include "net/transport.hpp"

namespace kith::net {

using CircuitId = std::uint64_t;

struct CircuitLimits {
    std::size_t circuits_max = 4096;            ///< two descriptors each
    std::size_t per_person_max = 256;           ///< those one called and was called for
    std::size_t buffer_high = 256 << 10;        ///< bytes, each way: then nothing more is read
    std::size_t buffer_low = 64 << 10;          ///< then it is read again
    std::chrono::milliseconds calling{5'000};   ///< for the callee's connection
    std::chrono::milliseconds waiting{10'000};  ///< for the caller's
    std::chrono::milliseconds idle{60'000};     ///< joined, and nobody says anything
};

class Circuits {
public:
    using Milliseconds = std::chrono::milliseconds;

    Circuits(Transport& transport, crypto::RandomSource& random, const CircuitLimits& limits)
        : transport_(transport), random_(random), limits_(limits) {}

    struct Opened {
        CircuitId id = 0;
        CircuitTicket callee{};
    };
    /// Nothing: there are as many as there may be, in all or of one of the two.
    [[nodiscard]] std::optional<Opened> open(const crypto::Fingerprint& from,
                                             const crypto::Fingerprint& to, Milliseconds now);
    /// One more of this person.
    [[nodiscard]] bool has_room_for(const crypto::Fingerprint& person) const;
    /// Counts as one of this person's circuits, though there is none.
    void hold_place(const crypto::Fingerprint& person) { ++per_person_[person]; }
    void free_place(const crypto::Fingerprint& person);
    /// Once the callee waits: what the caller is to show.
    [[nodiscard]] CircuitTicket ticket_of_caller(CircuitId circuit) const;
    /// Not joined yet, and not wanted any more.
    void drop(CircuitId circuit);
    /// Called once for each circuit that is not dropped before.
    std::function<void(CircuitId)> on_waiting;
    /// A link that showed a ticket was closed here: the transport says nothing of it.
    std::function<void(LinkId)> on_link_closed;

    /// The first frame of a link. False: nobody expects it. `early`: what came behind it.
    [[nodiscard]] bool on_ticket(LinkId link, const CircuitTicket& ticket, ByteView early,
                                 Milliseconds now);
    [[nodiscard]] bool owns(LinkId link) const { return links_.contains(link); }
    void on_data(LinkId link, ByteView bytes, Milliseconds now);
    void on_writable(LinkId link);
    void on_closed(LinkId link);
    /// Ends what has waited too long; when it is to be called next.
    Milliseconds tick(Milliseconds now);
    void close_all();

    [[nodiscard]] std::size_t size() const noexcept { return circuits_.size(); }
    [[nodiscard]] std::size_t joined() const noexcept { return joined_; }
    [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }

private:
    enum Side : std::size_t { callee = 0, caller = 1 };
    struct Circuit {
        std::array<crypto::Fingerprint, 2> people;
        std::array<CircuitTicket, 2> tickets{};
        std::array<std::optional<LinkId>, 2> links;
        std::array<Bytes, 2> early;  ///< of each side, until both are there
        Milliseconds until{};
        [[nodiscard]] bool joined() const { return links[callee] && links[caller]; }
    };
    struct End {
        CircuitId circuit = 0;
        Side side = callee;
    };

    void join(Circuit& circuit, Milliseconds now);
    void pass_on(Circuit& circuit, Side from, Bytes bytes);
    void end(CircuitId id, std::optional<LinkId> gone);

    Transport& transport_;
    crypto::RandomSource& random_;
    const CircuitLimits limits_;
    std::unordered_map<CircuitId, Circuit> circuits_;
    std::unordered_map<LinkId, End> links_;
    std::map<CircuitTicket, End> tickets_;  ///< not shown yet
    std::unordered_map<crypto::Fingerprint, std::size_t> per_person_;
    CircuitId last_ = 0;
    std::size_t joined_ = 0;
    std::uint64_t bytes_ = 0;
};

}  // namespace kith::net
