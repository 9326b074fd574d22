// SPDX-License-Identifier: MIT
#include "app/node/parcels/run_peer.hpp"

#include <algorithm>

#include "net/message.hpp"

namespace kith::node {

void RunPeer::say(crypto::ByteView payload, Milliseconds now) {
    net::append_frame(out_, payload);
    pump(now);
}

void RunPeer::credit_came(std::uint32_t bytes, Milliseconds now) {
    credit_ += bytes;
    pump(now);
}

void RunPeer::pump(Milliseconds now) {
    while (waiting() > 0 && credit_ > 0) {
        const auto most = std::min<std::uint64_t>(credit_, net::bulk_data_max);
        const auto size = std::min(waiting(), static_cast<std::size_t>(most));
        const auto from = out_.begin() + static_cast<std::ptrdiff_t>(sent_);
        (void)runner_.on_input(run_, {from, from + static_cast<std::ptrdiff_t>(size)});
        sent_ += size;
        credit_ -= size;
        said_at_ = now;
    }
    if (waiting() > 0) return;
    out_.clear();
    sent_ = 0;
}

bool RunPeer::came(crypto::ByteView bytes, const std::function<bool(crypto::ByteView)>& payload) {
    const auto size = bytes.size();
    while (const auto whole = reader_.next(bytes)) {
        if (!payload(*whole)) return false;
    }
    runner_.on_run_sent(run_, size);
    return !reader_.refused();
}

RunPeer::Milliseconds RunPeer::tick(Milliseconds now) {
    if (now < said_at_ + alive_every) return said_at_ + alive_every;
    std::array<std::uint8_t, net::bulk::item_max> payload{};
    net::bulk::ItemWriter out(payload);
    out.put(net::bulk::Busy{});
    said_at_ = now;
    say(crypto::ByteView(payload).first(out.size()), now);
    return now + alive_every;
}

}  // namespace kith::node
