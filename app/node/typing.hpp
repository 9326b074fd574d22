// SPDX-License-Identifier: MIT
//
// "… is writing": ours to others, seldom enough; theirs to those who listen, until it fades. Not
// reliable and not stored: only in live sessions. Network thread only.
#pragma once

#include "app/node/context.hpp"

namespace kith::node {

class Typing {
public:
    // docs/protocol.md, "Typing".
    static constexpr std::chrono::milliseconds told_every{3000};
    static constexpr std::chrono::milliseconds fades_after{6000};

    explicit Typing(Context& context) : context_(context) {}

    /// The user writes to this contact, or has stopped.
    void writing(const Person& person, bool on);
    /// What was being written is on its way and says so itself.
    void written(const model::PeerId& peer);

    void heard(Person& person, bool on);
    /// A text of theirs has come, or nothing can come any more.
    void ended(const model::PeerId& peer);
    void session_down(const model::PeerId& peer);

    /// Ends what has faded; when to be called next (monotonic).
    std::chrono::milliseconds tick(std::chrono::milliseconds now);
    /// Publishes what changed since the last call: once per batch, however often they change.
    void flush();

private:
    struct Told {
        std::chrono::milliseconds last_on{};
        bool on = false;
    };
    void show(Person& person, bool on);

    Context& context_;
    std::map<model::PeerId, Told> told_;
    std::map<model::PeerId, std::chrono::milliseconds> fades_at_;
    std::map<model::PeerId, bool> shown_;  ///< what was published last, of those that changed
};

}  // namespace kith::node
