// SPDX-License-Identifier: MIT
#include "net/relay/status_http.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace kith::net::status_http;

TEST_CASE("a head ends with an empty line") {
    CHECK_FALSE(head_complete(""));
    CHECK_FALSE(head_complete("GET / HTTP/1.0\r\n"));
    CHECK(head_complete("GET / HTTP/1.0\r\n\r\n"));
    CHECK(head_complete("GET / HTTP/1.0\n\n"));
}

TEST_CASE("GET of a path, with or without a query") {
    CHECK(parse_request("GET /metrics HTTP/1.0\r\n\r\n").path == "/metrics");
    CHECK(parse_request("GET /metrics?a=b HTTP/1.1\r\nHost: x\r\n\r\n").path == "/metrics");
    CHECK(parse_request("GET /metrics HTTP/1.1\n\n").refusal == 0);
}

TEST_CASE("everything else is refused") {
    const auto [line, status] = GENERATE(table<const char*, int>({{"", 400},
                                                                  {"GET", 400},
                                                                  {"GET /", 400},
                                                                  {"GET  / HTTP/1.0", 400},
                                                                  {"GET / HTTP/2.0", 400},
                                                                  {"GET / HTTP/1.0 x", 400},
                                                                  {"GET http://x/ HTTP/1.1", 400},
                                                                  {"POST /metrics HTTP/1.0", 405},
                                                                  {"get / HTTP/1.0", 405}}));
    INFO(line);
    CHECK(parse_request(std::string(line) + "\r\n\r\n").refusal == status);
}

TEST_CASE("an answer says its length and that it is the last") {
    CHECK(response(200, "text/plain", "ok\n") ==
          "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n"
          "Cache-Control: no-store\r\nConnection: close\r\n\r\nok\n");
    CHECK(response(405, "text/plain", "").find("\r\nAllow: GET\r\n") != std::string::npos);
}
