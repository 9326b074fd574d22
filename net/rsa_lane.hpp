// SPDX-License-Identifier: MIT
//
// The RSA lane: one thread for private-key operations, so that neither the network thread nor
// libuv's pool ever waits for RSA. Bounded (limits::decryptions_waiting); contacts pass first;
// strangers get at most limits::stranger_decryptions_per_second.
#pragma once

#include "crypto/identity.hpp"
#include "net/link_listener.hpp"
#include "net/reactor.hpp"

namespace kith::net {

class RsaLane final : public DecryptLane {
public:
    /// `keys` are used on the lane's own thread. Results wake the reactor and reach `listener`
    /// there.
    RsaLane(Reactor& reactor, const Clock& clock, crypto::IdentityKeys keys);
    ~RsaLane() override;
    void start(LinkListener& listener);
    void stop_and_join();  ///< waiting jobs are forgotten

    bool submit(std::uint64_t ticket, Bytes ciphertext, bool contact) override;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace kith::net
