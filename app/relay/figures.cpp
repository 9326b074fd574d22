// SPDX-License-Identifier: MIT
#include "app/relay/figures.hpp"

#include <array>

#include "app/relay/exposition.hpp"

namespace kith::relay {
namespace {

template <typename Source>
struct FigureOf {
    const char* name;  ///< in the log; with "kith_relay_" before it for Prometheus
    const char* help;
    std::uint64_t (*value)(const Source&);
};
using Figure = FigureOf<Figures>;
using Mailbox = Figures::Mailbox;
using MailboxFigure = FigureOf<Mailbox>;

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

constexpr std::array mailbox_gauges{
    MailboxFigure{"mailbox_items", "Sealed items that wait for their owners.",
                  [](const Mailbox& m) { return m.now.items; }},
    MailboxFigure{"mailbox_bytes", "Their bytes.", [](const Mailbox& m) { return m.now.bytes; }},
    MailboxFigure{"mailbox_slots", "Slots that are open for deposits.",
                  [](const Mailbox& m) { return m.now.slots; }},
    MailboxFigure{"mailbox_owners", "People who have slots, or for whom something waits.",
                  [](const Mailbox& m) { return m.now.owners; }},
    MailboxFigure{"names", "Registered names.", [](const Mailbox& m) { return m.now.names; }},
};

constexpr std::array mailbox_counters{
    MailboxFigure{"mailbox_deposits_total", "Items that were stored.",
                  [](const Mailbox& m) { return m.since_start.deposits; }},
    MailboxFigure{"mailbox_commits_total", "Transactions that were flushed to the disk.",
                  [](const Mailbox& m) { return m.since_start.commits; }},
};

std::string prefixed(const char* name) { return std::string("kith_relay_") + name; }

void add_mailbox(Exposition& page, const Mailbox& mailbox) {
    for (const auto& gauge : mailbox_gauges)
        page.gauge(prefixed(gauge.name), gauge.help, gauge.value(mailbox));
    for (const auto& counter : mailbox_counters)
        page.counter(prefixed(counter.name), counter.help, counter.value(mailbox));
    constexpr auto refused = "kith_relay_mailbox_refused_total";
    page.counter_family(refused, "What was asked of the mailbox and not done.");
    for (std::size_t i = 0; i < store::mailbox::refusals; ++i)
        page.labelled(refused, "reason", word_of(static_cast<store::mailbox::Refusal>(i)),
                      mailbox.since_start.refused[i]);
}

}  // namespace

std::vector<Log::Field> log_fields(const Figures& figures) {
    std::vector<Log::Field> fields;
    const auto add = [&](const auto& all, const auto& source) {
        for (const auto& figure : all) fields.emplace_back(figure.name, figure.value(source));
    };
    add(gauges, figures);
    add(counters, figures);
    if (!figures.mailbox) return fields;
    add(mailbox_gauges, *figures.mailbox);
    add(mailbox_counters, *figures.mailbox);
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
    if (figures.mailbox) add_mailbox(page, *figures.mailbox);
    return page.text();
}

}  // namespace kith::relay
