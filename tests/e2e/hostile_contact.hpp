// SPDX-License-Identifier: MIT
//
// A contact that speaks the real wire to a real program and says what no Kith would say: sessions
// and records are those of net/, what is in them is the test's.
#pragma once

#include "tests/e2e/instance.hpp"
#include "tests/net/real_node.hpp"
#include "tests/net/transfer/lane_pair.hpp"

namespace kith::e2e {

/// One end of a run that says its payloads in order, whatever the other end says.
class Script final : public net::BulkJob, public net::BulkPump {
public:
    struct Plan {
        std::vector<net::Bytes> payloads;
        bool after_start = true;  ///< a sender's: nothing is said before the receiver's Start
        bool hang_up = false;     ///< when all is said; otherwise the other end has to
    };
    explicit Script(Plan plan) : plan_(std::move(plan)) {}
    [[nodiscard]] net::BulkPump& pump() override { return *this; }
    tl::expected<std::size_t, std::string> produce(crypto::MutableByteView into,
                                                   net::Milliseconds) override;
    net::BulkResult on_payload(net::ByteView payload, net::Milliseconds) override;
    [[nodiscard]] net::Milliseconds next_due() const override { return net::Milliseconds::max(); }
    [[nodiscard]] bool finished() const override {
        return plan_.hang_up && said_ == plan_.payloads.size();
    }
    net::BulkNews take_news() override { return {}; }
    void interrupted() override {}

    static net::MakeBulkJob job(Plan plan);

private:
    const Plan plan_;
    std::size_t said_ = 0;
    bool started_ = false;
};

[[nodiscard]] net::Bytes payload_of(const std::vector<net::bulk::Item>& items);
/// A sender that keeps to the rules. `files`: of each entry, empty for folders.
[[nodiscard]] net::MakeBulkJob honest_sender(const net::Manifest& manifest,
                                             const std::vector<net::Bytes>& files);

class HostileContact {
public:
    /// `identity`: one of tests/vectors. The victim has accepted them when this returns; they have
    /// dialled, and so they dial for runs.
    HostileContact(Instance& victim, const std::string& identity);
    [[nodiscard]] std::string fingerprint() const;

    void say(const net::Message& message);
    /// The first that fits and was not given yet. Throws when it does not come.
    template <typename M>
    M heard(const std::function<bool(const M&)>& fits = [](const M&) { return true; });

    /// Gives the transfer's id.
    net::MessageId offer(const net::Manifest& manifest);
    /// Answers a FileReady of the victim.
    net::RunId name_run(const net::MessageId& transfer);
    /// Says yes to an offer of the victim's, and gives the run they name then.
    net::RunId accept(const net::FileOffer& offer, std::vector<net::EntryRange> selected);
    [[nodiscard]] net::BulkLink link(const net::RunId& run);
    /// Sends, or receives, to the end of the run.
    test::LaneHost::Ended carry(const net::RunId& run, net::MakeBulkJob job);
    test::LaneHost::Ended send(const net::MessageId& transfer, net::MakeBulkJob job) {
        return carry(name_run(transfer), std::move(job));
    }

    net::MessageId next_id();
    test::RealNode node;

private:
    void become_contact(const std::string& connection_id);

    Instance& victim_;
    net::Fingerprint victim_id_{};
    net::SystemClock clock_;
    test::LaneHost lanes_{clock_};
    std::uint32_t last_id_ = 0;
};

/// As scripts write it.
[[nodiscard]] std::string text_of(const net::MessageId& id);

template <typename M>
M HostileContact::heard(const std::function<bool(const M&)>& fits) {
    std::optional<M> found;
    const auto take = [&] {
        auto& all = node.listener.messages;
        for (auto at = all.begin(); at != all.end() && !found; ++at) {
            const auto* one = std::get_if<M>(&at->second);
            if (one == nullptr || !fits(*one)) continue;
            found = *one;
            all.erase(at);
            break;
        }
        return found.has_value();
    };
    if (!node.wait_until(take, std::chrono::milliseconds(patience)))
        throw std::runtime_error("a message did not come");
    return *found;
}

}  // namespace kith::e2e
