// SPDX-License-Identifier: MIT
//
// A real router: miniupnpd in a network namespace, a host in a second one, the internet in a third.
#include <catch2/catch_test_macros.hpp>
#include <csignal>
#include <fstream>
#include <future>
#include <optional>

#include "net/mapping/router_access.hpp"
#include "tests/net/mapping/scripted_router.hpp"
#include "tests/net/namespaces.hpp"

using namespace kith;
using namespace kith::net;
using namespace kith::test;
using namespace std::chrono_literals;

namespace {

constexpr std::uint16_t own_port = 4711;

const char* const firewall = R"(table inet filter {
    chain forward {
        type filter hook forward priority 0; policy drop;
        ct state established,related accept
        iifname "lan" accept
        jump miniupnpd
    }
    chain miniupnpd { }
    chain prerouting { type nat hook prerouting priority -100; jump prerouting_miniupnpd; }
    chain postrouting { type nat hook postrouting priority 100; jump postrouting_miniupnpd; }
    chain prerouting_miniupnpd { }
    chain postrouting_miniupnpd { }
}
)";

const char* const settings = R"(ext_ifname=wan
listening_ip=lan
port=5000
secure_mode=yes
upnp_table_name=filter
upnp_nat_table_name=filter
upnp_forward_chain=miniupnpd
upnp_nat_chain=prerouting_miniupnpd
upnp_nat_postrouting_chain=postrouting_miniupnpd
uuid=00000000-0000-0000-0000-000000000001
)";
const char* const allowed = "allow 1024-65535 192.168.77.0/24 1024-65535\n";
const char* const denied = "deny 0-65535 0.0.0.0/0 0-65535\n";

class Network {
public:
    Network() {
        usable = host.usable() && router.usable() && internet.usable() && wire() && tables();
    }
    /// False: the program is not installed, or this kernel lacks what it needs.
    bool start_router(const std::string& more) {
        std::ofstream(folder_.path() / "conf") << settings << more;
        daemon_.emplace(
            "/usr/bin/env",
            std::vector<std::string>{"ip", "netns", "exec", router.name(), "miniupnpd", "-d", "-f",
                                     folder_.path() / "conf", "-P", folder_.path() / "pid"},
            folder_.path() / "log");
        // It says so in a file; there is nothing to wait on.
        const auto deadline = e2e::Clock::now() + 20s;
        while (e2e::Clock::now() < deadline) {
            const auto said = daemon_->errors();
            if (said.find("shutting down") != std::string::npos) return false;
            if (said.find("No such file") != std::string::npos) return false;
            if (said.find(more.starts_with("enable_natpmp=yes")
                              ? "Listening for NAT-PMP"
                              : "HTTP listening") != std::string::npos)
                return true;
            std::this_thread::sleep_for(10ms);
        }
        return false;
    }
    [[nodiscard]] std::string log() const { return daemon_ ? daemon_->errors() : ""; }
    /// Somebody outside gets through to what listens at the host.
    bool connects_from_outside(std::uint16_t external_port) const {
        int listener = -1;
        inside(host, [&] {
            listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
            const int on = 1;
            ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
            sockaddr_in name{};
            name.sin_family = AF_INET;
            name.sin_port = htons(own_port);
            REQUIRE(::bind(listener, reinterpret_cast<sockaddr*>(&name), sizeof name) == 0);
            REQUIRE(::listen(listener, 1) == 0);
        });
        bool connected = false;
        inside(internet, [&] {
            const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
            sockaddr_in name{};
            name.sin_family = AF_INET;
            name.sin_port = htons(external_port);
            name.sin_addr.s_addr = inet_addr("11.22.33.44");
            (void)::connect(fd, reinterpret_cast<sockaddr*>(&name), sizeof name);
            pollfd waiting{fd, POLLOUT, 0};
            int error = -1;
            socklen_t size = sizeof error;
            connected = ::poll(&waiting, 1, 3000) == 1 &&
                        ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == 0;
            ::close(fd);
        });
        ::close(listener);
        return connected;
    }

    Namespace host{"host"}, router{"router"}, internet{"internet"};
    bool usable = false;

private:
    bool wire() const {
        return cable(host, "lan", "192.168.77.2/24", "192.168.77.1/24") &&
               cable(internet, "wan", "11.22.33.1/24", "11.22.33.44/24") &&
               host.run({"route", "add", "default", "via", "192.168.77.1"});
    }
    bool cable(const Namespace& end, const char* name, const char* address,
               const char* router_address) const {
        return end.run({"link", "add", "cable", "type", "veth", "peer", "name", name, "netns",
                        router.name()}) &&
               end.run({"address", "add", address, "dev", "cable"}) &&
               end.run({"link", "set", "cable", "up"}) &&
               router.run({"address", "add", router_address, "dev", name}) &&
               router.run({"link", "set", name, "up"});
    }
    bool tables() const {
        std::ofstream(folder_.path() / "firewall") << firewall;
        const std::string file = folder_.path() / "firewall";
        return e2e::run("/bin/sh",
                        {"-c", "ip netns exec " + router.name() +
                                   " sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward && nft -f " +
                                   file + "'"})
                   .code == 0;
    }

    e2e::TemporaryFolder folder_;
    std::optional<e2e::Process> daemon_;
};

#define REQUIRE_ROUTER(network, settings)                                                  \
    if (!(network).usable)                                                                 \
        SKIP("network namespaces or nftables are not allowed on this machine, or absent"); \
    if (!(network).start_router(settings)) SKIP("miniupnpd is not there, or does not start")

const std::string all_ways = std::string("enable_natpmp=yes\nenable_upnp=yes\n") + allowed + denied;

}  // namespace

TEST_CASE("a real router maps, renews and removes by each of the three ways") {
    Network network;
    REQUIRE_ROUTER(network, all_ways);
    for (const auto make : {make_pcp_backend, make_nat_pmp_backend, make_upnp_backend}) {
        RouterAccess access;
        access.waits = access.unmap_waits = {500ms, 1s, 5s};
        const auto backend = make(access);
        CAPTURE(std::string(to_string(backend->protocol())));
        std::optional<Mapping> mapping;
        inside(network.host, [&] {
            const auto granted = backend->map(own_port, std::nullopt);
            INFO((granted ? "granted" : granted.error().words));
            REQUIRE(granted.has_value());
            mapping = granted->mapping;
            CHECK(granted->public_address == Bytes{11, 22, 33, 44});
            const auto again = backend->map(own_port, mapping);
            REQUIRE(again.has_value());
            CHECK(again->mapping.external == mapping->external);
        });
        CHECK(mapping->router == "192.168.77.1");
        CHECK(mapping->external.address == Bytes{11, 22, 33, 44});
        CHECK(network.connects_from_outside(mapping->external.port));
        inside(network.host, [&] { backend->unmap(*mapping); });
        CHECK_FALSE(network.connects_from_outside(mapping->external.port));
    }
}

TEST_CASE("a real router's refusal comes with its words") {
    Network network;
    REQUIRE_ROUTER(network, std::string("enable_natpmp=yes\nenable_upnp=yes\n") + denied);
    // By UPnP alone: asked for a port that it denies by PCP or NAT-PMP, this program looks for
    // another one without an end.
    inside(network.host, [&] {
        const auto result = make_upnp_backend({})->map(own_port, std::nullopt);
        REQUIRE_FALSE(result.has_value());
        CAPTURE(result.error().words, network.log());
        CHECK(result.error().words.starts_with("192.168.77.1 refused UPnP ("));
        CHECK(result.error().public_address == Bytes{11, 22, 33, 44});
    });
}

TEST_CASE("the mapper finds the way by itself, and leaves nothing behind") {
    Network network;
    bool pcp = false;
    SECTION("by PCP") {
        REQUIRE_ROUTER(network, all_ways);
        pcp = true;
    }
    SECTION("by UPnP where there is nothing else") {
        REQUIRE_ROUTER(network, std::string("enable_natpmp=no\nenable_upnp=yes\n") + allowed);
    }
    std::uint16_t port = 0;
    inside(network.host, [&] {
        std::mutex mutex;
        std::condition_variable changed;
        PortMapper mapper(system_mapping_backends(),
                          [&] {
                              const std::lock_guard lock(mutex);
                              changed.notify_all();
                          },
                          {.unmap_within = 60s});
        mapper.set_port(own_port);
        std::unique_lock lock(mutex);
        MappingStatus status;
        const bool settled = changed.wait_for(lock, 60s, [&] {
            status = mapper.status();
            return status.mapping.has_value() || status.state == MappingStatus::State::failed;
        });
        REQUIRE(settled);
        for (const auto& line : status.words) UNSCOPED_INFO(line);
        REQUIRE(status.state == MappingStatus::State::mapped);
        CHECK(status.mapping->how == (pcp ? MappingProtocol::pcp : MappingProtocol::upnp));
        port = status.mapping->external.port;
        lock.unlock();
        CHECK(network.connects_from_outside(port));
        mapper.stop_and_join();
    });
    CHECK_FALSE(network.connects_from_outside(port));
}
