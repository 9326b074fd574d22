// SPDX-License-Identifier: MIT
//
// "Who is there?" at addresses of which nothing else is known: one frame out, one frame back, then
// the link closes. Addresses are tried in order, 250 ms apart or as soon as one fails, and the
// first answer counts. docs/protocol.md, "Manual addresses". Internal to net/; network thread only.
#pragma once

#include <list>
#include <unordered_map>

#include "net/ending.hpp"
#include "net/framing.hpp"
#include "net/timing.hpp"

namespace kith::net {

class Asker {
public:
    using Milliseconds = std::chrono::milliseconds;

    Asker(Transport& transport, const Timing& timing) : transport_(transport), timing_(timing) {}

    /// `done` is called from tick().
    void ask(std::vector<SocketAddress> addresses, Bytes probe, Endpoint::Asked done,
             Milliseconds now);
    void stop();  ///< nobody is called any more

    [[nodiscard]] bool owns(LinkId link) const { return links_.contains(link); }
    void on_dialled(LinkId link);
    void on_data(LinkId link, ByteView bytes);
    void on_closed(LinkId link, Ending::Reason reason);
    /// Dials and answers what is due; when it is to be called next.
    Milliseconds tick(Milliseconds now);

    [[nodiscard]] std::size_t links() const noexcept { return links_.size(); }
    [[nodiscard]] std::uint64_t bytes_out() const noexcept { return bytes_out_; }

private:
    struct Question {
        std::vector<SocketAddress> addresses;
        Bytes probe;
        Endpoint::Asked done;
        Milliseconds deadline;
        Milliseconds next_at;
        std::size_t next = 0;  // address to dial
        std::vector<LinkId> links;
        std::optional<Ending> best;  // of the failures
        std::optional<tl::expected<Bytes, Ending>> result;
    };
    struct Link {
        Question& question;
        SocketAddress to;
        bool connected;
        FrameReader reader;
    };

    void dial_next(Question& question, Milliseconds now);
    void time_out(Question& question);
    void failed(LinkId link, Ending ending);
    void conclude(Question& question, tl::expected<Bytes, Ending> result);
    [[nodiscard]] Milliseconds tick_question(Question& question, Milliseconds now);

    Transport& transport_;
    const Timing& timing_;
    std::list<Question> questions_;
    std::unordered_map<LinkId, Link> links_;
    std::uint64_t bytes_out_ = 0;
    bool stopped_ = false;
};

}  // namespace kith::net
