// SPDX-License-Identifier: MIT
#include "app/node/retention.hpp"

namespace kith::node {
namespace {

using Milliseconds = Retention::Milliseconds;
constexpr model::Timestamp day_ms = 24LL * 3600 * 1000;

}  // namespace

void Retention::keep_for(std::uint32_t days) {
    days_ = days;
    due_ = context_.clock.monotonic();
    if (context_.events.wake) context_.events.wake();
}

void Retention::look_soon() { due_ = std::min(due_, context_.clock.monotonic() + soon); }

Milliseconds Retention::tick(Milliseconds now) {
    if (looking_ || now < due_) return looking_ ? Milliseconds::max() : due_;
    look();
    return Milliseconds::max();  // until the store has answered
}

void Retention::look() {
    looking_ = true;
    due_ = Milliseconds::max();
    context_.store.submit(store::Prune{context_.now(), keep_since(), batch},
                          [this](const store::Result& result) { looked(result); });
}

void Retention::looked(const store::Result& result) {
    looking_ = false;
    const auto now = context_.clock.monotonic();
    if (!result) {
        if (!std::exchange(failing_, true))
            context_.report(model::NoticeLevel::error, result.error().text);
        due_ = std::min(due_, now + counting);
        return;
    }
    failing_ = false;
    const auto& pruned = std::get<store::Pruned>(*result);
    on_pruned_(pruned);
    auto wait = idle;
    if (pruned.next != 0) {
        wait = std::clamp(Milliseconds(pruned.next - context_.now()), soon, counting);
    }
    due_ = std::min(due_, now + (pruned.more ? Milliseconds{0} : wait));
}

model::Timestamp Retention::keep_since() {
    const bool steady = clock_is_steady();
    return days_ == 0 || !steady ? 0
                                 : std::max<model::Timestamp>(0, context_.now() - days_ * day_ms);
}

bool Retention::clock_is_steady() {
    const auto now = context_.clock.monotonic();
    const auto ahead = context_.clock.wall() - now;
    const auto before = std::exchange(wall_ahead_, ahead).value_or(ahead);
    if (ahead - before > far_jump || before - ahead > far_jump) doubtful_until_ = now + idle;
    return now >= doubtful_until_;
}

}  // namespace kith::node
