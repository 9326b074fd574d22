// SPDX-License-Identifier: MIT
//
// How long an answer with texts of others may become: pages are counted in messages, and a contact
// may have written the longest there are. Whoever asks goes on from what came, as for any page.
#pragma once

#include "app/model/node_port.hpp"

namespace kith::node {

/// Text in one answer. Six times as much when every byte is escaped in JSON, which has to stay
/// below net::LocalServer::output_max.
inline constexpr std::size_t reply_text_max = 8 << 20;

/// Leaves out what is farthest from message `anchor` of the page.
void shorten(model::Messages& page, std::size_t anchor);
void shorten(model::Hits& hits);

}  // namespace kith::node
