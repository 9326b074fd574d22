// SPDX-License-Identifier: MIT
#include <catch2/catch_test_macros.hpp>

#include "net/mapping/upnp.hpp"
#include "tests/net/mapping/igd_texts.hpp"

using namespace kith::net;
using namespace kith::test;

namespace {

const Bytes router{192, 168, 1, 1};
const http::Url from{{{192, 168, 1, 1}, 5000, 0}, "/a/root.xml"};

}  // namespace

TEST_CASE("URLs have a numeric address, or are none") {
    const auto url = http::parse_url("http://192.168.1.1:5000/root.xml");
    REQUIRE(url.has_value());
    CHECK(url->host == SocketAddress{{192, 168, 1, 1}, 5000, 0});
    CHECK(url->path == "/root.xml");
    CHECK(http::parse_url("HTTP://10.0.0.1").value().path == "/");
    CHECK(http::parse_url("http://10.0.0.1/").value().host.port == 80);
    for (const auto* text :
         {"", "http://", "http://router/x", "https://10.0.0.1/", "http://10.0.0.1:0/",
          "http://10.0.0.1:65536/", "http://10.0.0.1:/", "http://[::1]/", "http://10.0.0.1/a b",
          "http://10.0.0.1/\r\nX: y", "http://a@10.0.0.1/", "http://10.0.0.1:80@1.2.3.4/",
          "ftp://10.0.0.1/", "http://010.0.0.256/"}) {
        CAPTURE(text);
        CHECK_FALSE(http::parse_url(text).has_value());
    }
    CHECK_FALSE(http::parse_url("http://10.0.0.1/" + std::string(200, 'a')).has_value());
}

TEST_CASE("HTTP replies are whole or none") {
    const std::string head = "HTTP/1.1 200 OK\r\n";
    CHECK(http::parse_reply(head + "Content-Length: 2\r\n\r\nab", false)->body == "ab");
    CHECK(http::parse_reply(head + "content-length:2\r\n\r\nabc", false)->body == "ab");
    CHECK_FALSE(http::parse_reply(head + "Content-Length: 3\r\n\r\nab", true).has_value());
    CHECK_FALSE(http::parse_reply(head + "Content-Length: -1\r\n\r\nab", true).has_value());
    CHECK_FALSE(http::parse_reply(head + "Content-Length: 99999999999999999999\r\n\r\nab", true));
    CHECK_FALSE(http::parse_reply(head + "\r\nab", false).has_value());
    CHECK(http::parse_reply(head + "\r\nab", true)->body == "ab");
    const std::string chunked = head + "Transfer-Encoding: chunked\r\n\r\n";
    CHECK(http::parse_reply(chunked + "2\r\nab\r\n3;x=y\r\ncde\r\n0\r\n\r\n", false)->body ==
          "abcde");
    CHECK_FALSE(http::parse_reply(chunked + "5\r\nab\r\n0\r\n\r\n", true).has_value());
    CHECK_FALSE(http::parse_reply(chunked + "FFFFFFFFFFFFFFFF\r\nab\r\n", true).has_value());
    CHECK_FALSE(http::parse_reply(chunked + "x\r\n", true).has_value());
    CHECK(http::parse_reply("HTTP/1.0 500 No\r\n\r\n", true)->status == 500);
    for (const auto* text :
         {"", "\r\n\r\n", "HTTP/1.1\r\n\r\n", "HTTP/1.1 2x0 \r\n\r\n", "ICY 200 OK\r\n\r\n"})
        CHECK_FALSE(http::parse_reply(text, true).has_value());
    CHECK_FALSE(
        http::parse_reply(head + "\r\n" + std::string(http::reply_max, 'a'), true).has_value());
}

TEST_CASE("a description is looked for on the router alone") {
    const auto answer = [](const std::string& url) {
        return "HTTP/1.1 200 OK\r\nST: upnp:rootdevice\r\nLocation: " + url + "\r\n\r\n";
    };
    CHECK(upnp::location(answer("http://192.168.1.1:5000/r"), router).has_value());
    CHECK_FALSE(upnp::location(answer("http://192.168.1.2:5000/r"), router).has_value());
    CHECK_FALSE(upnp::location(answer("http://example.org/r"), router).has_value());
    CHECK_FALSE(upnp::location("NOTIFY * HTTP/1.1\r\nLocation: http://192.168.1.1/\r\n\r\n", router)
                    .has_value());
    CHECK_FALSE(upnp::location("", router).has_value());
    for (const auto& search : upnp::searches())
        CHECK(search.starts_with("M-SEARCH * HTTP/1.1\r\n"));
}

TEST_CASE("services are read from a description") {
    const auto found = upnp::services(description("/ctl"), from);
    REQUIRE(found.size() == 1);
    CHECK(found[0].type == "urn:schemas-upnp-org:service:WANIPConnection:1");
    CHECK(found[0].control.host == from.host);
    CHECK(found[0].control.path == "/ctl");
    CHECK(upnp::services(description("ctl"), from).at(0).control.path == "/a/ctl");
    const auto elsewhere = upnp::services(description("http://192.168.1.1:81/x"), from);
    CHECK(elsewhere.at(0).control.host.port == 81);
    const auto based =
        upnp::services(description("/ctl", "<URLBase>http://192.168.1.1:99/</URLBase>"), from);
    CHECK(based.at(0).control.host.port == 99);
}

TEST_CASE("no description leads to another host") {
    for (const auto* url :
         {"http://192.168.1.2/ctl", "http://example.org/ctl", "https://x/", "", "/a b"}) {
        CAPTURE(url);
        CHECK(upnp::services(description(url), from).empty());
    }
    const auto based =
        upnp::services(description("/ctl", "<URLBase>http://10.0.0.1:99/</URLBase>"), from);
    CHECK(based.empty());
}

TEST_CASE("descriptions that are none do no harm") {
    const std::string whole = description("/ctl");
    for (std::size_t size = 0; size < whole.size(); ++size)
        (void)upnp::services(whole.substr(0, size), from);
    std::string nested;
    for (int i = 0; i < 5000; ++i) nested += "<device>";
    CHECK(upnp::services(nested, from).empty());
    const auto type = whole.find("urn:schemas-upnp-org:service:WANIP");
    std::string other = whole;
    other.replace(type, 3, "\r\nX");
    CHECK(upnp::services(other, from).empty());
    other = whole;
    other.insert(type, std::string(4000, 'u'));
    CHECK(upnp::services(other, from).empty());
}

TEST_CASE("calls and their answers") {
    const auto service = upnp::services(description("/ctl"), from).at(0);
    const auto request = upnp::call(service, "DeletePortMapping", {{"NewProtocol", "TCP"}});
    CHECK(request.starts_with("POST /ctl HTTP/1.1\r\nHost: 192.168.1.1:5000\r\n"));
    CHECK(request.find("SOAPAction: \"" + service.type + "#DeletePortMapping\"\r\n") !=
          std::string::npos);
    CHECK(request.find("<NewProtocol>TCP</NewProtocol>") != std::string::npos);

    CHECK(upnp::value(soap("<NewExternalIPAddress>8.8.4.4</NewExternalIPAddress>"),
                      "NewExternalIPAddress") == "8.8.4.4");
    CHECK(upnp::value("", "NewExternalIPAddress").empty());
    const auto fault = upnp::fault(soap_fault(718, "Conflict\x01InMappingEntry"));
    CHECK(fault.code == 718);
    CHECK(fault.words == "Conflict?InMappingEntry");
    CHECK(upnp::fault(soap_fault(718, std::string(9000, 'x'))).words.size() <= 128);
    CHECK(upnp::fault("rubbish").code == 0);
}
