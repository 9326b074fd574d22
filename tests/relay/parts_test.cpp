// SPDX-License-Identifier: MIT
#include <catch2/catch_test_macros.hpp>
#include <thread>

#include "app/relay/exposition.hpp"
#include "app/relay/figures.hpp"
#include "app/relay/public_address.hpp"
#include "app/relay/reload.hpp"
#include "app/relay/requests.hpp"

using namespace kith::relay;
using namespace std::chrono_literals;

namespace {

AllowList people(const std::vector<std::uint8_t>& first_bytes) {
    AllowList list;
    for (const std::uint8_t byte : first_bytes) list.insert({{byte}});
    return list;
}

}  // namespace

TEST_CASE("a stop comes before a reload, and several of a kind count once") {
    Requests requests;
    CHECK_FALSE(requests.next(0ms));
    requests.post(Requests::Kind::reload);
    requests.post(Requests::Kind::stop);
    requests.post(Requests::Kind::reload);
    CHECK(requests.next(0ms) == Requests::Kind::stop);
    CHECK(requests.next(0ms) == Requests::Kind::reload);
    CHECK_FALSE(requests.next(0ms));
    std::thread other([&] { requests.post(Requests::Kind::stop); });
    CHECK(requests.next(10s) == Requests::Kind::stop);
    other.join();
}

TEST_CASE("a reload tells what counts now and what needs a restart") {
    const Settings before{.listen = "*:1", .data = "d", .log_level = "info"};
    const Settings after{.listen = "*:2", .data = "d", .allow = "people", .log_level = "debug"};
    const auto changes = difference(before, after);
    CHECK(changes.applied == std::vector<std::string>{"allow", "log-level"});
    CHECK(changes.needs_restart == std::vector<std::string>{"listen"});
    CHECK(difference(after, after).applied.empty());
    const Settings box{.listen = "*:1",
                       .data = "d",
                       .log_level = "info",
                       .mailbox = "off",
                       .mailbox_days = "1",
                       .mailbox_per_person = "1 GiB",
                       .mailbox_total = "9 GiB"};
    CHECK(difference(before, box).applied ==
          std::vector<std::string>{"mailbox-days", "mailbox-per-person", "mailbox-total"});
    CHECK(difference(before, box).needs_restart == std::vector<std::string>{"mailbox"});
    CHECK(difference(after, after).needs_restart.empty());

    const AllowList old = people({1, 2, 3});
    const AllowList now = people({3, 4});
    CHECK(difference(old, now).added == 1);
    CHECK(difference(old, now).removed == 2);
}

TEST_CASE("figures in Prometheus' text format") {
    Exposition page;
    page.gauge("kith_relay_clients", "Clients connected now.", 3);
    page.counter_family("kith_relay_refused_total", "What was refused.");
    page.labelled("kith_relay_refused_total", "reason", "a \"b\"\\\n", 7);
    CHECK(page.text() ==
          "# HELP kith_relay_clients Clients connected now.\n"
          "# TYPE kith_relay_clients gauge\n"
          "kith_relay_clients 3\n"
          "# HELP kith_relay_refused_total What was refused.\n"
          "# TYPE kith_relay_refused_total counter\n"
          "kith_relay_refused_total{reason=\"a \\\"b\\\"\\\\\\n\"} 7\n");
}

TEST_CASE("the address names what was configured, what is listened on, or an interface") {
    const std::vector<kith::net::SocketAddress> reachable{{{192, 0, 2, 7}, 4747, 0}};
    Configuration configuration;
    configuration.listen = {"", 0};
    auto address = public_address(configuration, 4747, reachable);
    CHECK((address.host == "192.0.2.7" && address.port == 4747 && address.guessed));
    configuration.listen = {"::", 0};
    CHECK(public_address(configuration, 4747, reachable).guessed);
    CHECK(public_address(configuration, 4747, {}).host == "127.0.0.1");
    kith::crypto::Bytes loopback(16);
    loopback[15] = 1;
    CHECK(public_address(configuration, 4747, {{loopback, 4747, 0}}).host == "::1");
    configuration.listen = {"::1", 0};
    address = public_address(configuration, 4747, reachable);
    CHECK((address.host == "::1" && address.port == 4747 && !address.guessed));
    configuration.public_host = PublicHost{"relay.example.org", 443};
    address = public_address(configuration, 4747, reachable);
    CHECK((address.host == "relay.example.org" && address.port == 443 && !address.guessed));
}

TEST_CASE("the page has every figure, and reasons as labels") {
    Figures figures;
    figures.clients = 3;
    figures.bytes = 5'000'000'000;
    figures.handshakes_failed = {{"timed_out", 2}, {"refused", 1}};
    const auto page = metrics_page(figures, 1'767'323'045, true);
    for (const char* line :
         {"\nkith_relay_start_time_seconds 1767323045\n", "\nkith_relay_draining 1\n",
          "\nkith_relay_clients 3\n", "\n# TYPE kith_relay_bytes_total counter\n",
          "\nkith_relay_bytes_total 5000000000\n", "\nkith_relay_knocks_total 0\n",
          "\nkith_relay_handshakes_failed_total{reason=\"timed_out\"} 2\n",
          "\nkith_relay_handshakes_failed_total{reason=\"refused\"} 1\n"})
        CHECK(page.find(line) != std::string::npos);
    const auto fields = log_fields(figures);
    CHECK(fields.front() == Log::Field{"clients", std::uint64_t{3}});
    CHECK(page.find("mailbox") == std::string::npos);
}

TEST_CASE("the page has the figures of the mailbox, if there is one, and every reason") {
    Figures figures;
    figures.mailbox.emplace();
    figures.mailbox->now = {7, 8'000'000'000, 9, 10, 11};
    figures.mailbox->since_start.deposits = 12;
    figures.mailbox->since_start.commits = 13;
    figures.mailbox->since_start.refused[1] = 14;
    const auto page = metrics_page(figures, 0, false);
    for (const char* line :
         {"\nkith_relay_mailbox_items 7\n", "\nkith_relay_mailbox_bytes 8000000000\n",
          "\nkith_relay_mailbox_slots 9\n", "\nkith_relay_mailbox_owners 10\n",
          "\nkith_relay_names 11\n", "\nkith_relay_mailbox_deposits_total 12\n",
          "\nkith_relay_mailbox_commits_total 13\n",
          "\nkith_relay_mailbox_refused_total{reason=\"slot_full\"} 14\n",
          "\nkith_relay_mailbox_refused_total{reason=\"overload\"} 0\n"})
        CHECK(page.find(line) != std::string::npos);
    CHECK(log_fields(figures).back() == Log::Field{"mailbox_commits_total", std::uint64_t{13}});
}
