// SPDX-License-Identifier: MIT
#pragma once

namespace kith::bench {

void bulk_bench();        ///< a run of 4 GiB between two lanes, against its parts alone
void discovery_bench();   ///< hostile datagrams, and many instances on one segment
void handshake_bench();   ///< the handshake by itself, over loopback TCP
void latency_bench();     ///< a text between two headless instances, and reconnecting
void sessions_bench();    ///< memory and processor time of a thousand idle sessions
void throughput_bench();  ///< durable messages per second through the control socket

}  // namespace kith::bench
