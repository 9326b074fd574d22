// SPDX-License-Identifier: MIT
#include "app/relay/figures.hpp"

#include <algorithm>
#include <array>

#include "app/relay/exposition.hpp"

namespace kith::relay {
namespace {

struct Figure {
    const char* name;  ///< in the log; with "kith_relay_" before it for Prometheus
    const char* help;
    std::uint64_t (*value)(const Figures&);
};

constexpr std::array gauges{
    Figure{"clients", "Clients connected now.",
           [](const Figures& f) { return std::uint64_t{f.clients}; }},
    Figure{"handshakes", "Handshakes under way.",
           [](const Figures& f) { return std::uint64_t{f.handshakes}; }},
    Figure{"circuits", "Circuits, those that wait for an end included.",
           [](const Figures& f) { return std::uint64_t{f.circuits}; }},
    Figure{"circuits_joined", "Circuits with both ends.",
           [](const Figures& f) { return std::uint64_t{f.circuits_joined}; }},
};

constexpr std::array counters{
    Figure{"clients_total", "Sessions with clients.",
           [](const Figures& f) { return f.clients_total; }},
    Figure{"knocks_total", "Knocks of clients.", [](const Figures& f) { return f.knocks; }},
    Figure{"calls_total", "Knocks that were passed on.", [](const Figures& f) { return f.calls; }},
    Figure{"circuits_total", "Circuits that had both ends.",
           [](const Figures& f) { return f.circuits_total; }},
    Figure{"bytes_total", "Bytes passed on within circuits.",
           [](const Figures& f) { return f.bytes; }},
    Figure{"absent_total", "Knocks at somebody who is not there or did not answer.",
           [](const Figures& f) { return f.absent; }},
    Figure{"busy_total", "Knocks answered with busy.", [](const Figures& f) { return f.busy; }},
    Figure{"turned_away_total", "Connections that found no place.",
           [](const Figures& f) { return f.turned_away; }},
};

std::string prefixed(const char* name) { return std::string("kith_relay_") + name; }

}  // namespace

std::vector<Log::Field> log_fields(const Figures& figures) {
    std::vector<Log::Field> fields(gauges.size() + counters.size());
    auto next = fields.begin();
    const auto add = [&](const Figure& figure) {
        next->name = figure.name;
        next->value = figure.value(figures);
        ++next;
    };
    std::ranges::for_each(gauges, add);
    std::ranges::for_each(counters, add);
    return fields;
}

std::string metrics_page(const Figures& figures, std::int64_t start, bool draining) {
    Exposition page;
    page.gauge("kith_relay_start_time_seconds", "When it was started, since 1970 UTC.",
               static_cast<std::uint64_t>(start));
    page.gauge("kith_relay_draining", "1 while it comes to its end.", draining ? 1 : 0);
    for (const auto& gauge : gauges)
        page.gauge(prefixed(gauge.name), gauge.help, gauge.value(figures));
    for (const auto& counter : counters)
        page.counter(prefixed(counter.name), counter.help, counter.value(figures));
    constexpr auto failed = "kith_relay_handshakes_failed_total";
    page.counter_family(failed, "Handshakes that came to nothing.");
    for (const auto& [reason, count] : figures.handshakes_failed)
        page.labelled(failed, "reason", reason, count);
    return page.text();
}

}  // namespace kith::relay
