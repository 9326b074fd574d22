// SPDX-License-Identifier: MIT
//
// PCP and NAT-PMP with scripted routers.
#include <catch2/catch_test_macros.hpp>

#include "crypto/encoding.hpp"
#include "net/mapping/router_access.hpp"
#include "tests/net/mapping/scripted_router.hpp"

using namespace kith;
using namespace kith::net;
using namespace kith::test;
using namespace std::chrono_literals;

namespace {

/// Patient where an answer comes, so that a loaded machine changes nothing.
RouterAccess access_to(std::uint16_t port, RouterAccess::Waits waits = {1min}) {
    RouterAccess access;
    access.gateways = [] { return std::vector<Bytes>{{127, 0, 0, 1}}; };
    access.port = port;
    access.unmap_waits = waits;
    access.waits = std::move(waits);
    return access;
}

/// What a router says to such a request of PCP.
Bytes pcp_answer(const Bytes& request, std::uint8_t result = 0, std::uint32_t lifetime = 3600,
                 std::uint16_t external = 4712) {
    Bytes answer{2, 0x81, 0, result};
    crypto::append(answer, crypto::big_endian<4>(lifetime));
    answer.resize(24, 0);
    crypto::append(answer, ByteView(request).subspan(24));
    answer[42] = static_cast<std::uint8_t>(external >> 8);
    answer[43] = static_cast<std::uint8_t>(external);
    const Bytes address{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 8, 8, 4, 4};
    std::ranges::copy(address, answer.begin() + 44);
    return answer;
}

Bytes pmp_answer(const Bytes& request, std::uint8_t result = 0, std::uint32_t lifetime = 3600,
                 std::uint16_t external = 4712) {
    if (request.size() == 2) return {0, 0x80, 0, 0, 0, 0, 0, 9, 8, 8, 4, 4};
    Bytes answer{0, 0x82, 0, result, 0, 0, 0, 9};
    crypto::append(answer, ByteView(request).subspan(4, 2));
    crypto::append(answer, crypto::big_endian<2>(external));
    crypto::append(answer, crypto::big_endian<4>(lifetime));
    return answer;
}

std::string refusal(MappingBackend& backend) {
    const auto result = backend.map(4711, std::nullopt);
    REQUIRE_FALSE(result.has_value());
    return result.error().words;
}

}  // namespace

TEST_CASE("PCP: a mapping is asked for, renewed and removed with one nonce") {
    UdpRouter router([](const Bytes& request, int, const auto& reply, const auto&) {
        reply(pcp_answer(request));
    });
    const auto backend = make_pcp_backend(access_to(router.port()));
    const auto first = backend->map(4711, std::nullopt);
    REQUIRE(first.has_value());
    CHECK(first->public_address == Bytes{8, 8, 4, 4});
    const Mapping expected{MappingProtocol::pcp, {{8, 8, 4, 4}, 4712, 0}, 4711, 3600s, "127.0.0.1"};
    CHECK(first->mapping == expected);
    REQUIRE(backend->map(4711, first->mapping).has_value());
    backend->unmap(first->mapping);

    const auto requests = router.requests();
    REQUIRE(requests.size() == 3);
    const auto part = [&](int i, std::size_t from, std::size_t size) {
        const auto bytes = ByteView(requests[static_cast<std::size_t>(i)]).subspan(from, size);
        return Bytes(bytes.begin(), bytes.end());
    };
    CHECK(part(0, 20, 4) == Bytes{127, 0, 0, 1});  // our address, as the router sees it
    CHECK(part(0, 24, 12) == part(1, 24, 12));
    CHECK(part(0, 24, 12) == part(2, 24, 12));
    CHECK(part(0, 24, 12) != Bytes(12, 0));
    CHECK(part(0, 42, 2) == Bytes{0x12, 0x67});  // wishes for the same port,
    CHECK(part(1, 42, 2) == Bytes{0x12, 0x68});  // then for the one it has
    CHECK(part(1, 56, 4) == Bytes{8, 8, 4, 4});
    CHECK(part(2, 4, 4) == Bytes(4, 0));  // no lifetime: away with it
}

TEST_CASE("PCP: refusals and silence are told in words") {
    std::uint8_t result = 2;
    UdpRouter router([&](const Bytes& request, int, const auto& reply, const auto&) {
        reply(pcp_answer(request, result));
    });
    const auto backend = make_pcp_backend(access_to(router.port()));
    CHECK(refusal(*backend) == "127.0.0.1 refused PCP (NOT_AUTHORIZED)");

    UdpRouter old([](const Bytes&, int, const auto& reply, const auto&) {
        reply({0, 0x81, 0, 1, 0, 0, 0, 9});
    });
    CHECK(refusal(*make_pcp_backend(access_to(old.port()))) ==
          "127.0.0.1 speaks NAT-PMP, and no PCP");

    UdpRouter silent([](const auto&...) {});
    CHECK(refusal(*make_pcp_backend(access_to(silent.port(), {1ms, 1ms}))) ==
          "127.0.0.1 does not answer PCP");
    RouterAccess none;
    none.gateways = [] { return std::vector<Bytes>{}; };
    CHECK(refusal(*make_pcp_backend(none)) == no_router);
    CHECK(refusal(*make_nat_pmp_backend(none)) == no_router);
    CHECK(refusal(*make_upnp_backend(none)) == no_router);
}

TEST_CASE("PCP: a router that nobody is at is not waited for") {
    const auto port = LoopbackSocket(SOCK_DGRAM).port();
    CHECK(refusal(*make_pcp_backend(access_to(port, {1h}))) == "127.0.0.1 does not answer PCP");
}

TEST_CASE("PCP: what gets lost is sent again") {
    UdpRouter router([](const Bytes& request, int number, const auto& reply, const auto&) {
        if (number == 2) reply(pcp_answer(request));
    });
    const auto backend = make_pcp_backend(access_to(router.port(), {1ms, 1ms, 1min}));
    CHECK(backend->map(4711, std::nullopt).has_value());
    CHECK(router.requests().size() == 3);
}

TEST_CASE("PCP: others, garbage and wrong nonces are passed over") {
    UdpRouter router([](const Bytes& request, int, const auto& reply, const auto& elsewhere) {
        elsewhere(pcp_answer(request, 0, 3600, 6666));
        Bytes wrong = pcp_answer(request, 0, 3600, 7777);
        wrong[24] ^= 1;
        reply(wrong);
        reply({});
        reply(Bytes(2000, 0xAA));
        reply(request);
        reply(pcp_answer(request));
    });
    const auto granted = make_pcp_backend(access_to(router.port()))->map(4711, std::nullopt);
    REQUIRE(granted.has_value());
    CHECK(granted->mapping.external.port == 4712);
}

TEST_CASE("PCP: a flood of wrong answers ends the asking") {
    UdpRouter router([](const Bytes&, int, const auto& reply, const auto&) {
        for (int i = 0; i < 200; ++i) reply(Bytes(60, 1));
    });
    CHECK(refusal(*make_pcp_backend(access_to(router.port(), {1h}))) ==
          "127.0.0.1 does not answer PCP");
}

TEST_CASE("PCP: mappings that are none are refused, leases bounded") {
    std::uint32_t lifetime = 1;
    std::uint16_t port = 4712;
    UdpRouter router([&](const Bytes& request, int, const auto& reply, const auto&) {
        reply(pcp_answer(request, 0, lifetime, port));
    });
    const auto backend = make_pcp_backend(access_to(router.port()));
    CHECK(backend->map(4711, std::nullopt)->mapping.lifetime == 60s);
    lifetime = 0xFFFFFFFF;
    CHECK(backend->map(4711, std::nullopt)->mapping.lifetime == 24h);
    lifetime = 0;
    CHECK(refusal(*backend) == "127.0.0.1 answered PCP with a mapping that is none");
    lifetime = 3600;
    port = 0;
    CHECK(refusal(*backend) == "127.0.0.1 answered PCP with a mapping that is none");
}

TEST_CASE("nothing is sent to a router that is ours no more") {
    UdpRouter router([](const auto&...) {});
    auto access = access_to(router.port(), {1ms});
    const Mapping old{MappingProtocol::pcp, {{}, 4712, 0}, 4711, 3600s, "127.0.0.9"};
    make_pcp_backend(access)->unmap(old);
    make_nat_pmp_backend(access)->unmap(old);
    make_upnp_backend(access)->unmap(old);
    CHECK(router.requests().empty());
}

TEST_CASE("who is cancelled returns, and asks nobody") {
    UdpRouter router([](const auto&...) {});
    const auto access = access_to(router.port(), {1h});
    for (const auto make : {make_pcp_backend, make_nat_pmp_backend}) {
        const auto backend = make(access);
        std::thread other([&] {
            while (router.requests().empty()) std::this_thread::yield();
            backend->cancel(true);
        });
        (void)refusal(*backend);
        other.join();
        const auto asked = router.requests().size();
        (void)refusal(*backend);
        CHECK(router.requests().size() == asked);
    }
}

TEST_CASE("NAT-PMP: a mapping is asked for, renewed and removed") {
    UdpRouter router([](const Bytes& request, int, const auto& reply, const auto& elsewhere) {
        elsewhere(pmp_answer(request, 0, 3600, 6666));
        reply({0, 0x82});
        reply(pmp_answer(request));
    });
    const auto backend = make_nat_pmp_backend(access_to(router.port()));
    const auto first = backend->map(4711, std::nullopt);
    REQUIRE(first.has_value());
    const Mapping expected{
        MappingProtocol::nat_pmp, {{8, 8, 4, 4}, 4712, 0}, 4711, 3600s, "127.0.0.1"};
    CHECK(first->mapping == expected);
    REQUIRE(backend->map(4711, first->mapping).has_value());
    backend->unmap(first->mapping);
    const auto requests = router.requests();
    REQUIRE(requests.size() == 5);
    CHECK(crypto::to_hex(requests[1]) == "000200001267126700001c20");
    CHECK(crypto::to_hex(requests[3]) == "000200001267126800001c20");
    CHECK(crypto::to_hex(requests[4]) == "000200001267000000000000");
}

TEST_CASE("NAT-PMP: refusals are told in words, with the address all the same") {
    UdpRouter router([](const Bytes& request, int, const auto& reply, const auto&) {
        reply(pmp_answer(request, 2));
    });
    const auto backend = make_nat_pmp_backend(access_to(router.port()));
    const auto result = backend->map(4711, std::nullopt);
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().words == "127.0.0.1 refused NAT-PMP (NOT_AUTHORIZED)");
    CHECK(result.error().public_address == Bytes{8, 8, 4, 4});
    CHECK(result.error().heard);

    UdpRouter silent([](const auto&...) {});
    CHECK(refusal(*make_nat_pmp_backend(access_to(silent.port(), {1ms}))) ==
          "127.0.0.1 does not answer NAT-PMP");
    UdpRouter half([](const Bytes& request, int, const auto& reply, const auto&) {
        if (request.size() == 2) reply(pmp_answer(request));
    });
    CHECK(refusal(*make_nat_pmp_backend(access_to(half.port(), {1s}))) ==
          "127.0.0.1 did not answer the request for a port by NAT-PMP");
    UdpRouter zero([](const Bytes& request, int, const auto& reply, const auto&) {
        reply(pmp_answer(request, 0, 3600, 0));
    });
    CHECK(refusal(*make_nat_pmp_backend(access_to(zero.port()))) ==
          "127.0.0.1 answered NAT-PMP with a mapping that is none");
}
