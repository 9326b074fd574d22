// SPDX-License-Identifier: MIT
//
// Asks the router to pass connections from outside on to our TCP port: PCP (RFC 6887), NAT-PMP
// (RFC 6886), UPnP IGD, the first that works; renews it at half of its time, removes it at the end.
// Its own thread does the talking (the libraries block); everything public is for the network
// thread.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "net/transport.hpp"

namespace kith::net {

enum class MappingProtocol { none, pcp, nat_pmp, upnp };
[[nodiscard]] std::string_view to_string(
    MappingProtocol protocol);  ///< "none", "pcp", "nat-pmp", "upnp"

struct Mapping {
    MappingProtocol how = MappingProtocol::none;
    SocketAddress external;  ///< empty address: the router did not say
    std::uint16_t internal_port = 0;
    std::chrono::seconds lifetime{0};
    std::string router;  ///< its address
    bool operator==(const Mapping&) const = default;
};

struct MappingStatus {
    enum class State { off, searching, mapped, failed };
    State state = State::off;
    std::optional<Mapping> mapping;
    /// Of the router, also when mapping failed: 4 or 16 bytes. May be a private address: a router
    /// behind another one.
    std::optional<Bytes> public_address;
    std::vector<std::string>
        words;  ///< a line for each protocol tried, with the router's own words
    bool operator==(const MappingStatus&) const = default;
};

/// One way of asking, on the mapper's thread; blocks for at most a few seconds, less when
/// `cancelled` turns true.
class MappingBackend {
public:
    virtual ~MappingBackend() = default;
    [[nodiscard]] virtual MappingProtocol protocol() const = 0;
    struct Granted {
        Mapping mapping;
        std::optional<Bytes> public_address;
    };
    struct Refused {
        std::string words;
        std::optional<Bytes> public_address;
        bool heard = false;  ///< there is a router that speaks this
    };
    /// Also renews: asks for the external port of `before` when there is one.
    virtual tl::expected<Granted, Refused> map(std::uint16_t internal_port,
                                               const std::optional<Mapping>& before) = 0;
    /// Does nothing when `mapping.router` is no router of this machine any more.
    virtual void unmap(const Mapping& mapping) = 0;
    /// From any thread. True: what runs ends within about 100 ms, what is begun does not start.
    void cancel(bool cancelled) { cancelled_ = cancelled; }

protected:
    std::atomic<bool> cancelled_ = false;
};

class PortMapper {
public:
    struct Timing {
        std::chrono::milliseconds retry{std::chrono::minutes(5)};  ///< after all have failed
        std::chrono::milliseconds unmap_within{2000};              ///< at stop
        std::chrono::milliseconds renew_min{30'000};
    };
    /// Tried in order. `changed` is called on the mapper's thread: somebody is to call status().
    PortMapper(std::vector<std::unique_ptr<MappingBackend>> backends, std::function<void()> changed,
               const Timing& timing);
    ~PortMapper();  ///< stop_and_join()

    /// 0: removes the mapping and is off.
    void set_port(std::uint16_t internal_port);
    /// Other interfaces, or the machine has slept: ask again now.
    void network_changed();
    [[nodiscard]] MappingStatus status() const;
    void stop_and_join();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// PCP, NAT-PMP and UPnP with the default gateway.
[[nodiscard]] std::vector<std::unique_ptr<MappingBackend>> system_mapping_backends();

}  // namespace kith::net
