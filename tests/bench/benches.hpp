// SPDX-License-Identifier: MIT
#pragma once

namespace kith::bench {

void handshake_bench();   ///< the handshake by itself, over loopback TCP
void latency_bench();     ///< a text between two headless instances, and reconnecting
void throughput_bench();  ///< durable messages per second through the control socket

}  // namespace kith::bench
