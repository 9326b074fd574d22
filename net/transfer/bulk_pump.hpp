// SPDX-License-Identifier: MIT
//
// One end of a run, without I/O of the network: what it says next, and what it hears. Implemented
// by BulkSender and BulkReceiver; driven by BulkLanes on the run's thread, or by a test.
#pragma once

#include <chrono>

#include "net/transfer/bulk_items.hpp"

namespace kith::net {

using Milliseconds = std::chrono::milliseconds;

/// What a run has brought since it was last asked.
struct BulkNews {
    struct Trouble {
        std::uint32_t entry = 0;
        FileError error;
        bool theirs = false;  ///< the other side says so
        bool operator==(const Trouble&) const = default;
    };
    std::uint64_t bytes = 0;    ///< of files, sent or received; what was resumed is not in it
    std::uint64_t resumed = 0;  ///< bytes that were there already
    std::vector<std::uint32_t> landed;  ///< durable at the receiver under their final names
    std::vector<Trouble> troubles;      ///< at most one of an entry; it does not come in this run
    [[nodiscard]] bool empty() const {
        return bytes == 0 && resumed == 0 && landed.empty() && troubles.empty();
    }
};

/// Why a run cannot go on; for a person and a log. Nothing of what came is lost or mixed.
using BulkResult = tl::expected<void, std::string>;

class BulkPump {
public:
    virtual ~BulkPump() = default;
    /// Writes the next payload and gives its size, 0: nothing to say now. `into` has at least
    /// bulk::item_max bytes, at most bulk::payload_max are used.
    virtual tl::expected<std::size_t, std::string> produce(crypto::MutableByteView into,
                                                           Milliseconds now) = 0;
    /// One whole payload of the other side. After an error the run is over.
    virtual BulkResult on_payload(ByteView payload, Milliseconds now) = 0;
    /// When produce() has something to say that it has not now; max(): after on_payload() only.
    [[nodiscard]] virtual Milliseconds next_due() const = 0;
    /// The run is complete, and everything was said: the connection may go.
    [[nodiscard]] virtual bool finished() const = 0;
    virtual BulkNews take_news() = 0;
    /// The connection is gone: what came so far becomes durable. Called once, at the end.
    virtual void interrupted() = 0;
};

}  // namespace kith::net
