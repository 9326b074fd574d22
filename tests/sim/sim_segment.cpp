// SPDX-License-Identifier: MIT
#include "tests/sim/sim_segment.hpp"

#include <algorithm>

namespace kith::sim {
namespace {

constexpr std::size_t headers = 28;
constexpr std::size_t groups = 3;  // IPv4 broadcast and multicast, IPv6 multicast

}  // namespace

SimSegment::Plug SimSegment::make_plug(SimStation& station, std::uint32_t interface,
                                       std::uint16_t host) {
    const auto high = static_cast<std::uint8_t>(prefix_[2] + (host >> 8));
    const auto low = static_cast<std::uint8_t>(host);
    const std::uint16_t port = next_port_++;
    Plug plug{&station, interface, {{prefix_[0], prefix_[1], high, low}, port, 0}, {}};
    if (ipv6_) {
        plug.v6 = {net::Bytes(16), port, interface};
        plug.v6.address[0] = 0xFE;
        plug.v6.address[1] = 0x80;
        plug.v6.address[14] = high;
        plug.v6.address[15] = low;
    }
    return plug;
}

bool SimSegment::chance(double share) {
    return share > 0 && std::uniform_real_distribution<>(0, 1)(network_.random()) < share;
}

void SimSegment::count(const net::SocketAddress& from, net::ByteView datagram, std::size_t copies) {
    bytes += copies * (datagram.size() + headers);
    datagrams += copies;
    if (eavesdropper) eavesdropper(from, datagram);
}

void SimSegment::inject(const net::SocketAddress& from, net::ByteView datagram) {
    broadcast(from, {datagram.begin(), datagram.end()});
}

void SimSegment::broadcast(const net::SocketAddress& from, const net::Bytes& datagram) {
    count(from, datagram, one_group ? groups : 1);
    const auto shared = std::make_shared<const net::Bytes>(datagram);
    for (const Plug& plug : plugs_) deliver(plug, from, shared);
}

void SimSegment::unicast(const net::SocketAddress& from, const net::SocketAddress& to,
                         const net::Bytes& datagram) {
    count(from, datagram, 1);
    const auto is_target = [&](const Plug& plug) {
        return (plug.v4.address == to.address || plug.v6.address == to.address) &&
               plug.v4.port == to.port;
    };
    const auto target = std::ranges::find_if(plugs_, is_target);
    if (target != plugs_.end())
        deliver(*target, from, std::make_shared<const net::Bytes>(datagram));
}

void SimSegment::deliver(const Plug& to, const net::SocketAddress& from,
                         const std::shared_ptr<const net::Bytes>& datagram) {
    if (chance(loss)) return;
    net::SocketAddress seen = from;
    if (seen.scope != 0) seen.scope = to.interface;  // a scope is the receiver's
    for (int copies = chance(duplication) ? 2 : 1; copies > 0; --copies) {
        const auto delay = std::uniform_int_distribution<milliseconds::rep>(
            delay_min.count(), delay_max.count())(network_.random());
        const auto arrive = [interface = to.interface, seen, datagram,
                             station = std::weak_ptr(to.station->alive_)] {
            const auto alive = station.lock();
            if (!alive || (*alive)->discovery_ == nullptr) return;
            (*alive)->discovery_->on_datagram(interface, seen, *datagram);
            (*alive)->settle();
        };
        network_.after(milliseconds(delay), arrive);
    }
}

SimStation::~SimStation() {
    while (!segments_.empty()) {
        discovery_ = nullptr;
        unplug(segments_.begin()->first);
    }
}

void SimStation::attach(net::Discovery* discovery) {
    discovery_ = discovery;
    tell_interfaces();
}

void SimStation::plug(SimSegment& segment, std::uint32_t interface, std::uint16_t host) {
    segment.plugs_.push_back(segment.make_plug(*this, interface, host));
    segments_[interface] = &segment;
    tell_interfaces();
}

void SimStation::unplug(std::uint32_t interface) {
    SimSegment& segment = *segments_.at(interface);
    segments_.erase(interface);
    std::erase_if(segment.plugs_, [&](const SimSegment::Plug& plug) {
        return plug.station == this && plug.interface == interface;
    });
    tell_interfaces();
}

void SimStation::tell_interfaces() {
    if (discovery_ == nullptr) return;
    std::vector<net::Interface> interfaces;
    for (const auto& [index, segment] : segments_) {
        const SimSegment::Plug& plug = plug_of(index);
        const bool loopback = segment->prefix_[0] == 127;
        net::Interface& interface = interfaces.emplace_back();
        interface = {loopback ? "lo" : "eth" + std::to_string(index), index, loopback, {}, {}};
        for (net::SocketAddress address : {plug.v4, plug.v6}) {
            address.port = 0;
            if (!address.address.empty()) interface.addresses.push_back(address);
        }
        net::Bytes broadcast = plug.v4.address;
        broadcast.back() = 255;
        if (!loopback) interface.broadcast.push_back(broadcast);
    }
    discovery_->set_interfaces(interfaces);
    settle();
}

const SimSegment::Plug& SimStation::plug_of(std::uint32_t interface) const {
    const auto& plugs = segments_.at(interface)->plugs_;
    return *std::ranges::find_if(plugs, [&](const SimSegment::Plug& plug) {
        return plug.station == this && plug.interface == interface;
    });
}

void SimStation::settle() {
    if (discovery_ == nullptr) return;
    const auto now = network_.clock().monotonic();
    const auto next = std::max(discovery_->tick(), now + milliseconds(1));
    if (wake_ > now && wake_ <= next) return;  // woken before that anyway
    wake_ = next;
    network_.after(next - now, [next, station = std::weak_ptr(alive_)] {
        const auto alive = station.lock();
        if (!alive || (*alive)->wake_ != next) return;
        (*alive)->wake_ = milliseconds::max();
        (*alive)->settle();
    });
}

std::optional<std::string> SimStation::announce(std::uint32_t interface, net::ByteView datagram) {
    return announce_each(interface, [&] { return net::Bytes(datagram.begin(), datagram.end()); });
}

std::optional<std::string> SimStation::announce_each(std::uint32_t interface,
                                                     const std::function<net::Bytes()>& fresh) {
    if (!problem.empty()) return problem;
    SimSegment& segment = *segments_.at(interface);
    const SimSegment::Plug plug = plug_of(interface);
    segment.broadcast(plug.v4, fresh());
    if (segment.one_group) return std::nullopt;
    segment.broadcast(plug.v4, fresh());
    if (segment.ipv6_) segment.broadcast(plug.v6, fresh());
    return std::nullopt;
}

void SimStation::reply(std::uint32_t interface, const net::SocketAddress& to,
                       net::ByteView datagram) {
    const SimSegment::Plug plug = plug_of(interface);
    const auto& from = to.address.size() == 4 ? plug.v4 : plug.v6;
    segments_.at(interface)->unicast(from, to, {datagram.begin(), datagram.end()});
}

}  // namespace kith::sim
