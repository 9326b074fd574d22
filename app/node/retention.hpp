// SPDX-License-Identifier: MIT
//
// Messages that go by themselves: those that disappear, and those older than the history is kept.
// Asks the store to remove them when the next one is due, in small batches. Network thread only.
//
// The wall clock decides what has expired; the monotonic clock, when to look. The wall clock may
// jump: it is looked at once a minute while something counts down. While it has just jumped far it
// is not believed about the age of the history, which would be lost for ever.
#pragma once

#include "app/node/context.hpp"

namespace kith::node {

class Retention {
public:
    using Milliseconds = std::chrono::milliseconds;
    static constexpr std::size_t batch = 500;
    static constexpr Milliseconds soon{1000};        ///< countdowns begin together
    static constexpr Milliseconds counting{60'000};  ///< at the latest, while one runs
    static constexpr Milliseconds idle{3'600'000};   ///< at the latest
    static constexpr Milliseconds far_jump{86'400'000};

    Retention(Context& context, std::function<void(const store::Pruned&)> on_pruned)
        : context_(context), on_pruned_(std::move(on_pruned)) {}

    /// After the node was loaded, and when the setting has changed. 0: kept for ever.
    void keep_for(std::uint32_t days);
    /// Something may count down that was not known of.
    void look_soon();
    /// Looks, if it is time to; when to be called next (monotonic).
    Milliseconds tick(Milliseconds now);

private:
    void look();
    void looked(const store::Result& result);
    [[nodiscard]] model::Timestamp keep_since();
    [[nodiscard]] bool clock_is_steady();

    Context& context_;
    std::function<void(const store::Pruned&)> on_pruned_;
    std::uint32_t days_ = 0;
    Milliseconds due_ = Milliseconds::max();
    bool looking_ = false;
    bool failing_ = false;
    std::optional<Milliseconds> wall_ahead_;  ///< of the monotonic clock, when last compared
    Milliseconds doubtful_until_{0};          ///< monotonic
};

}  // namespace kith::node
