// SPDX-License-Identifier: MIT
//
// What a relay counts, for its log and for Prometheus. Pure functions, any thread.
#pragma once

#include "app/relay/log.hpp"
#include "app/store/mailbox/mailbox_calls.hpp"
#include "net/relay/relay_server.hpp"

namespace kith::relay {

struct Figures : net::RelayStats {
    struct Mailbox {
        net::MailboxFigures now;
        store::mailbox::MailboxCounts since_start;
    };
    std::optional<Mailbox> mailbox;  ///< none: the relay has none
};

[[nodiscard]] std::vector<Log::Field> log_fields(const Figures& figures);

/// Prometheus' text format (exposition.hpp). `start`: seconds since 1970 UTC.
[[nodiscard]] std::string metrics_page(const Figures& figures, std::int64_t start, bool draining);

}  // namespace kith::relay
