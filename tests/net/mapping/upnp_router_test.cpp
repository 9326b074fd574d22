// SPDX-License-Identifier: MIT
//
// UPnP with a scripted gateway: SSDP and HTTP on loopback.
#include <catch2/catch_test_macros.hpp>

#include "net/mapping/http.hpp"
#include "net/mapping/router_access.hpp"
#include "tests/net/mapping/igd_texts.hpp"
#include "tests/net/mapping/scripted_router.hpp"

using namespace kith;
using namespace kith::net;
using namespace kith::test;
using namespace std::chrono_literals;

namespace {

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

/// What it answers can be changed before it is asked.
struct Gateway {
    std::string control = "/ctl";
    std::string address = "8.8.4.4";
    std::string location_host = "127.0.0.1";
    /// Reply to AddPortMapping, from the request.
    std::function<std::string(const std::string&)> add = [](const std::string&) {
        return http_reply(200, soap(""));
    };
    std::function<std::string()> describe = [this] {
        return http_reply(200, description(control));
    };

    std::string answer(const std::string& request) const {
        if (request.starts_with("GET /root.xml ")) return describe();
        if (has(request, "#GetExternalIPAddress\""))
            return http_reply(200,
                              soap("<NewExternalIPAddress>" + address + "</NewExternalIPAddress>"));
        if (has(request, "#AddPortMapping\"")) return add(request);
        return http_reply(200, soap(""));
    }

    HttpServer http{[this](const std::string& request) { return answer(request); }};
    UdpRouter ssdp{[this](const Bytes& request, int, const auto& reply, const auto& elsewhere) {
        const std::string text(request.begin(), request.end());
        const auto location = [&](const std::string& host, int port) {
            const std::string line = "HTTP/1.1 200 OK\r\nST: x\r\nLOCATION: http://" + host + ":" +
                                     std::to_string(port) + "/root.xml\r\n\r\n";
            return Bytes(line.begin(), line.end());
        };
        if (!has(text, "InternetGatewayDevice:1")) return;
        elsewhere(location("127.0.0.1", 1));
        reply({1, 2, 3});
        reply(location(location_host, http.port()));
    }};

    [[nodiscard]] RouterAccess access() const {
        RouterAccess access;
        access.gateways = [] { return std::vector<Bytes>{{127, 0, 0, 1}}; };
        access.ssdp = {127, 0, 0, 1};
        access.ssdp_port = ssdp.port();
        return access;
    }
    std::vector<std::string> calls(const std::string& action) {
        std::vector<std::string> found;
        for (const auto& request : http.requests())
            if (has(request, "#" + action + "\"")) found.push_back(request);
        return found;
    }
};

std::string refusal(MappingBackend& backend) {
    const auto result = backend.map(4711, std::nullopt);
    REQUIRE_FALSE(result.has_value());
    return result.error().words;
}

}  // namespace

TEST_CASE("UPnP: a mapping is made, renewed and removed") {
    Gateway gateway;
    const auto backend = make_upnp_backend(gateway.access());
    const auto granted = backend->map(4711, std::nullopt);
    REQUIRE(granted.has_value());
    const Mapping expected{
        MappingProtocol::upnp, {{8, 8, 4, 4}, 4711, 0}, 4711, 3600s, "127.0.0.1"};
    CHECK(granted->mapping == expected);
    CHECK(granted->public_address == Bytes{8, 8, 4, 4});
    auto renewed = granted->mapping;
    renewed.external.port = 5000;
    REQUIRE(backend->map(4711, renewed).has_value());
    backend->unmap(renewed);

    const auto added = gateway.calls("AddPortMapping");
    REQUIRE(added.size() == 2);
    CHECK(has(added[0], "<NewExternalPort>4711</NewExternalPort>"));
    CHECK(has(added[0], "<NewInternalPort>4711</NewInternalPort>"));
    CHECK(has(added[0], "<NewInternalClient>127.0.0.1</NewInternalClient>"));
    CHECK(has(added[0], "<NewLeaseDuration>3600</NewLeaseDuration>"));
    CHECK(has(added[1], "<NewExternalPort>5000</NewExternalPort>"));
    const auto removed = gateway.calls("DeletePortMapping");
    REQUIRE(removed.size() == 1);
    CHECK(has(removed[0], "<NewExternalPort>5000</NewExternalPort>"));
}

TEST_CASE("UPnP: a router that knows permanent leases only gets one") {
    Gateway gateway;
    gateway.add = [](const std::string& request) {
        return has(request, "<NewLeaseDuration>0<")
                   ? http_reply(200, soap(""))
                   : http_reply(500, soap_fault(725, "OnlyPermanentLeasesSupported"));
    };
    const auto granted = make_upnp_backend(gateway.access())->map(4711, std::nullopt);
    REQUIRE(granted.has_value());
    CHECK(granted->mapping.lifetime == 3600s);  // renewed all the same
}

TEST_CASE("UPnP: a port that is taken is passed over") {
    Gateway gateway;
    SECTION("for the next") {
        gateway.add = [](const std::string& request) {
            return has(request, "<NewExternalPort>4713<")
                       ? http_reply(200, soap(""))
                       : http_reply(500, soap_fault(718, "ConflictInMappingEntry"));
        };
        const auto granted = make_upnp_backend(gateway.access())->map(4711, std::nullopt);
        REQUIRE(granted.has_value());
        CHECK(granted->mapping.external.port == 4713);
    }
    SECTION("but not for ever, and never to port 0") {
        gateway.add = [](const std::string&) {
            return http_reply(500, soap_fault(718, "ConflictInMappingEntry"));
        };
        const auto backend = make_upnp_backend(gateway.access());
        CHECK(refusal(*backend) == "127.0.0.1 refused UPnP (718 ConflictInMappingEntry)");
        CHECK(gateway.calls("AddPortMapping").size() == 4);
        CHECK_FALSE(backend->map(65535, std::nullopt).has_value());
        CHECK(gateway.calls("AddPortMapping").size() == 5);
    }
}

TEST_CASE("UPnP: the router's own words are passed on") {
    Gateway gateway;
    SECTION("its text") {
        gateway.add = [](const std::string&) {
            return http_reply(500, soap_fault(606, "Action not authorized"));
        };
        const auto result = make_upnp_backend(gateway.access())->map(4711, std::nullopt);
        REQUIRE_FALSE(result.has_value());
        CHECK(result.error().words == "127.0.0.1 refused UPnP (606 Action not authorized)");
        CHECK(result.error().public_address == Bytes{8, 8, 4, 4});
    }
    SECTION("its status") {
        gateway.add = [](const std::string&) { return http_reply(403, "no"); };
        CHECK(refusal(*make_upnp_backend(gateway.access())) ==
              "127.0.0.1 refused UPnP (HTTP status 403)");
    }
    SECTION("what cannot be its address is no address") {
        gateway.address = "0.0.0.0";
        const auto granted = make_upnp_backend(gateway.access())->map(4711, std::nullopt);
        REQUIRE(granted.has_value());
        CHECK_FALSE(granted->public_address.has_value());
        CHECK(granted->mapping.external.address.empty());
    }
}

TEST_CASE("UPnP: no third host is ever talked to") {
    HttpServer third([](const std::string&) { return http_reply(200, soap("")); }, 3);
    const std::string there = "http://127.0.0.3:" + std::to_string(third.port());
    Gateway gateway;
    SECTION("by a control URL") {
        gateway.control = there + "/ctl";
        CHECK(refusal(*make_upnp_backend(gateway.access())) ==
              "127.0.0.1 offers no way to map ports by UPnP");
    }
    SECTION("by a redirection") {
        gateway.describe = [&] {
            return "HTTP/1.1 301 Moved\r\nLocation: " + there +
                   "/root.xml\r\nContent-Length: 0\r\n\r\n";
        };
        CHECK(refusal(*make_upnp_backend(gateway.access())) ==
              "127.0.0.1 does not hand out its UPnP description");
    }
    SECTION("by a location") {
        gateway.location_host = "127.0.0.3";
        CHECK(refusal(*make_upnp_backend(gateway.access())) == "127.0.0.1 does not answer UPnP");
    }
    CHECK(third.requests().empty());
    CHECK(gateway.calls("AddPortMapping").empty());
}

TEST_CASE("UPnP: descriptions without an end are not read to it") {
    Gateway gateway;
    gateway.describe = [] {
        return "HTTP/1.1 200 OK\r\n\r\n" + std::string(http::reply_max + 1, 'x');
    };
    CHECK(refusal(*make_upnp_backend(gateway.access())) == "127.0.0.1 gave no usable answer");
}

TEST_CASE("UPnP: a gateway that hangs is left when cancelled") {
    Gateway gateway;
    std::atomic<bool> asked = false;
    std::atomic<bool> left = false;
    gateway.describe = [&] {
        asked = true;
        while (!left) std::this_thread::yield();
        return std::string();
    };
    const auto backend = make_upnp_backend(gateway.access());
    std::thread other([&] {
        while (!asked) std::this_thread::yield();
        backend->cancel(true);
    });
    CHECK_FALSE(backend->map(4711, std::nullopt).has_value());
    left = true;
    other.join();
    const auto requests = gateway.http.requests().size();
    CHECK_FALSE(backend->map(4711, std::nullopt).has_value());
    CHECK(gateway.http.requests().size() == requests);
}
