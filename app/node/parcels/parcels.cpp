// SPDX-License-Identifier: MIT
#include "app/node/parcels/parcels.hpp"

#include <algorithm>

namespace kith::node {

Parcels::Parcels(const ParcelPorts& ports)
    : runs_(ports.runs), out_(ports), in_(ports), drop_(ports) {
    runs_.set_local(this);
}

Parcels::~Parcels() { runs_.set_local(nullptr); }

Milliseconds Parcels::tick(Milliseconds now) {
    return std::min({out_.tick(now), in_.tick(now),
                     drop_.tick(now, [this](const auto& id) { return out_.works_on(id); })});
}

void Parcels::on_local_output(const net::RunId& run, crypto::Bytes bytes) {
    if (out_.has(run)) return out_.on_output(bytes);
    if (in_.has(run)) in_.on_output(bytes);
}

void Parcels::on_local_credit(const net::RunId& run, std::uint32_t bytes) {
    if (out_.has(run)) return out_.on_credit(bytes);
    if (in_.has(run)) in_.on_credit(bytes);
}

void Parcels::on_ended(const net::RunId& run, net::RunOutcome outcome, const std::string& text) {
    if (out_.has(run)) return out_.on_ended(outcome, text);
    if (in_.has(run)) in_.on_ended();
}

}  // namespace kith::node
