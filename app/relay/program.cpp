// SPDX-License-Identifier: MIT
#include "app/relay/program.hpp"

#include <iostream>
#include <nlohmann/json.hpp>

#include "app/host/stop_signal.hpp"
#include "app/relay/config_file.hpp"
#include "app/relay/data_folder.hpp"
#include "app/relay/host.hpp"
#include "app/relay/log.hpp"
#include "app/relay/reload.hpp"
#include "app/relay/requests.hpp"
#include "net/tcp_driver.hpp"

namespace kith::relay {
namespace {

using namespace std::chrono_literals;

constexpr auto report_every = 10min;  ///< figures in the log, if they have changed
constexpr auto drain_look = 50ms;

int complain(std::string_view text, int code) {
    std::cerr << "kith-relay: " << text << '\n';
    return code;
}

/// What a start or a reload goes by.
struct Wanted {
    Settings settings;
    Configuration configuration;
    std::optional<AllowList> allowed;
};

tl::expected<Wanted, std::string> read_wanted(const StartArguments& start) {
    Wanted wanted{start.flags, {}, {}};
    if (start.config) {
        const auto file = read_config(*start.config);
        if (!file) return tl::unexpected(file.error());
        wanted.settings = merged(start.flags, *file);
    }
    auto configuration = configuration_of(wanted.settings);
    if (!configuration) return tl::unexpected(configuration.error());
    wanted.configuration = std::move(*configuration);
    if (wanted.configuration.allow) {
        auto list = read_allow_list(*wanted.configuration.allow);
        if (!list) return tl::unexpected(list.error());
        wanted.allowed = std::move(*list);
    }
    return wanted;
}

class Program {
public:
    Program(const StartArguments& start, Wanted wanted)
        : start_(start), now_(std::move(wanted)), log_(std::cerr, now_.configuration.log_level, [] {
              return static_cast<std::int64_t>(net::SystemClock().wall().count());
          }) {}

    int run();

private:
    FolderResult<Host::Options> host_options(DataFolder& folder);
    void say_ready();
    void say_what_is_short();
    void serve();
    void reload();
    void take(Wanted wanted);
    void report();
    void drain();

    const StartArguments& start_;
    Wanted now_;
    Log log_;
    Requests requests_;
    std::unique_ptr<Host> host_;
    std::vector<Log::Field> reported_;
};

int Program::run() {
    auto folder = DataFolder::open(now_.configuration.data);
    if (!folder)
        return complain(folder.error().text,
                        folder.error().locked ? exit_already_running : exit_refused);
    auto options = host_options(*folder);
    if (!options) return complain(options.error().text, exit_refused);
    const host::StopSignal signal([this] { requests_.post(Requests::Kind::stop); },
                                  [this] { requests_.post(Requests::Kind::reload); });
    auto started = Host::start(std::move(*options));
    if (!started) return complain(started.error(), exit_refused);
    host_ = std::move(*started);
    say_ready();
    serve();
    drain();
    host_.reset();
    log_.write(LogLevel::info, "stopped", "The relay has ended.");
    return exit_ok;
}

FolderResult<Host::Options> Program::host_options(DataFolder& folder) {
    crypto::SystemRandom random;
    bool made = false;
    auto keys = folder.identity(random, made);
    if (!keys) return tl::unexpected(keys.error());
    if (made) log_.write(LogLevel::info, "key_made", "The relay has a new key, and so an address.");
    const auto secret = folder.secret(now_.configuration.secret, random);
    if (!secret) return tl::unexpected(secret.error());
    return Host::Options{
        now_.configuration,
        std::move(*keys),
        *secret,
        now_.allowed,
        folder.mailbox_file(),
        [this](const std::string& text) { log_.write(LogLevel::error, "mailbox_trouble", text); }};
}

void Program::say_ready() {
    const auto& address = host_->address();
    const nlohmann::ordered_json line{{"event", "ready"},
                                      {"address", crypto::format(address)},
                                      {"port", host_->port()},
                                      {"fingerprint", to_hex(address.relay)}};
    std::cout << line.dump() << std::endl;
    log_.write(LogLevel::info, "ready", "The relay listens.",
               {{"port", std::uint64_t{host_->port()}},
                {"metrics_port", std::uint64_t{host_->metrics_port()}}});
    say_what_is_short();
}

void Program::say_what_is_short() {
    if (host_->address_guessed())
        log_.write(LogLevel::warning, "address_guessed",
                   "The relay's address names one of this computer's own addresses: if clients "
                   "reach it by another, say so with --public-host.",
                   {{"host", host_->address().host}});
    const auto descriptors = host_->descriptors();
    if (descriptors.there < descriptors.wanted)
        log_.write(LogLevel::warning, "few_descriptors",
                   "The system gives the relay fewer descriptors than its clients and circuits may "
                   "need (ulimit -n).",
                   {{"wanted", std::uint64_t{descriptors.wanted}},
                    {"there", std::uint64_t{descriptors.there}}});
}

void Program::serve() {
    for (;;) {
        const auto request = requests_.next(report_every);
        if (request == Requests::Kind::stop) return;
        if (request == Requests::Kind::reload) reload();
        if (!request) report();
    }
}

void Program::reload() {
    auto wanted = read_wanted(start_);
    if (wanted) return take(std::move(*wanted));
    log_.write(LogLevel::error, "reload_failed", wanted.error() + " Nothing was changed.");
}

void Program::take(Wanted wanted) {
    const auto changes = difference(now_.settings, wanted.settings);
    const auto people =
        difference(now_.allowed.value_or(AllowList{}), wanted.allowed.value_or(AllowList{}));
    std::vector<Log::Field> fields{{"applied", changes.applied},
                                   {"needs_restart", changes.needs_restart}};
    if (wanted.allowed) fields.push_back({"allowed", std::uint64_t{wanted.allowed->size()}});
    fields.push_back({"added", std::uint64_t{people.added}});
    fields.push_back({"removed", std::uint64_t{people.removed}});
    const auto level = wanted.configuration.log_level;
    log_.set_level(std::min(level, now_.configuration.log_level));  // whoever hears either hears it
    log_.write(LogLevel::info, "reload", "The settings were read again.", fields);
    log_.set_level(level);
    if (wanted.allowed != now_.allowed) host_->set_allowed(wanted.allowed);
    host_->set_mailbox_limits(wanted.configuration.mailbox_limits);
    // What needs a restart is still as it was: the next reload says so again.
    now_.allowed = std::move(wanted.allowed);
    now_.settings.allow = wanted.settings.allow;
    now_.settings.log_level = wanted.settings.log_level;
    now_.settings.mailbox_days = wanted.settings.mailbox_days;
    now_.settings.mailbox_per_person = wanted.settings.mailbox_per_person;
    now_.settings.mailbox_total = wanted.settings.mailbox_total;
    now_.configuration.log_level = level;
}

void Program::report() {
    auto fields = log_fields(host_->figures());
    if (fields == reported_) return;
    log_.write(LogLevel::info, "figures", "Since the start, and now.", fields);
    reported_ = std::move(fields);
}

void Program::drain() {
    log_.write(LogLevel::info, "drain", "The relay ends once its circuits have, or in 10 s.",
               log_fields(host_->figures()));
    host_->drain();
    const auto end = std::chrono::steady_clock::now() + drain_max;
    while (!host_->drained() && std::chrono::steady_clock::now() < end) {
        if (requests_.next(drain_look) == Requests::Kind::stop) return;  // asked twice: at once
    }
}

}  // namespace

int run_relay(const StartArguments& start) {
    auto wanted = read_wanted(start);
    if (!wanted) return complain(wanted.error(), exit_bad_arguments);
    host::StopSignal::block();
    return Program(start, std::move(*wanted)).run();
}

}  // namespace kith::relay
