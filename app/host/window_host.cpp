// SPDX-License-Identifier: MIT
#include "app/host/window_host.hpp"

#include "app/host/log_sink.hpp"
#include "app/host/spawn.hpp"
#include "app/profile/profile_paths.hpp"
#include "net/tcp_driver.hpp"

namespace kith::host {

WindowHost::WindowHost(ProfileAccess profile, Options options, std::function<void()> wake_window)
    : profile_(std::move(profile)),
      options_(std::move(options)),
      bridge_({std::move(wake_window), [this] { work_.release(); }}),
      log_(std::make_unique<LogSink>(options_.log_level)) {
    options_.instance.sinks = {&bridge_, log_.get()};
    thread_ = std::thread([this] { run(); });
}

WindowHost::~WindowHost() {
    stopping_ = true;
    work_.release();
    thread_.join();
}

void WindowHost::run() {
    begin();
    while (!stopping_) {
        work_.acquire();
        while (auto item = bridge_.next_for_host()) {
            std::visit([this](const auto& i) { handle(i); }, *item);
        }
    }
    bridge_.connect_node({});
    instance_.reset();
}

void WindowHost::stage(model::Stage stage, std::string text, bool wrong_password) {
    tell({stage, std::move(text), wrong_password});
}

void WindowHost::fail(const model::Error& error, bool can_set_aside) {
    tell({model::Stage::failed, error.text, false, can_set_aside});
}

void WindowHost::tell(model::StageChanged change) {
    {
        const std::lock_guard lock(failure_mutex_);
        failure_.reset();
        if (change.stage == model::Stage::failed) failure_ = change.text;
    }
    bridge_.tell(std::move(change));
}

std::optional<std::string> WindowHost::failure() const {
    const std::lock_guard lock(failure_mutex_);
    return failure_;
}

void WindowHost::begin() {
    if (options_.trouble) return fail({"folder", *options_.trouble});
    if (const auto refused = profile_.missing_key()) return fail(*refused);
    if (!profile_.exists()) {
        if (!options_.name) return stage(model::Stage::first_run);
        return handle(model::CreateProfile{*options_.name, options_.password.value_or("")});
    }
    const auto needs_password = profile_.needs_password();
    if (!needs_password) return fail(needs_password.error());
    if (*needs_password && !options_.password) return stage(model::Stage::locked);
    handle(model::Unlock{options_.password.value_or("")});
}

void WindowHost::handle(const model::CreateProfile& item) {
    if (instance_) return;
    stage(model::Stage::working, "Making your keys. This takes a few seconds, once.");
    options_.instance.first_name = item.name;
    options_.instance.fresh = true;
    start_node(profile_.create(item.password), !item.password.empty());
}

void WindowHost::handle(const model::Unlock& item) {
    if (instance_) return;
    stage(model::Stage::working, "Opening your profile.");
    auto secrets = profile_.open(item.password);
    if (!secrets && secrets.error().code == "wrong_password") {
        return stage(model::Stage::locked, secrets.error().text, true);
    }
    start_node(std::move(secrets), !item.password.empty());
}

void WindowHost::handle(const model::RestoreBackup& item) {
    if (instance_ || profile_.exists() || options_.trouble) return;
    stage(model::Stage::working, "Restoring your profile from the backup.");
    auto secrets = profile_.restore(item.path, item.password);
    if (secrets) return start_node(std::move(secrets), true);
    stage(model::Stage::first_run, secrets.error().text, secrets.error().code == "wrong_password");
}

void WindowHost::handle(const model::SetHistoryAside&) {
    if (instance_ || !secrets_) return;
    stage(model::Stage::working, "Reading what can still be read of the history.");
    options_.instance.set_aside = true;
    auto secrets = std::exchange(secrets_, std::nullopt);
    start_node(std::move(*secrets), options_.instance.password_protected);
    options_.instance.set_aside = false;
}

void WindowHost::start_node(tl::expected<crypto::ProfileSecrets, model::Error> secrets,
                            bool password_protected) {
    if (!secrets) return fail(secrets.error());
    options_.instance.password_protected = password_protected;
    auto instance = Instance::start(options_.instance, *secrets, bridge_);
    if (!instance) {
        const bool damaged = instance.error().code == "damaged";
        if (damaged) secrets_ = std::move(*secrets);
        return fail(instance.error(), damaged);
    }
    instance_ = std::move(*instance);
    instance_->add_wake_handler(
        [this, running = instance_.get()] { bridge_.run_commands(running->node()); });
    bridge_.connect_node([running = instance_.get()] { running->wake(); });
    stage(model::Stage::running);
}

void WindowHost::handle(const model::NewInstance&) {
    const auto name = profile::create_fresh_profile(profile::process_environment());
    if (!name) return notice(name.error().text);
    if (const auto started = spawn_self({"--profile", *name}); !started) notice(started.error());
}

void WindowHost::notice(std::string text) {
    const auto now = net::SystemClock{}.wall().count();
    bridge_.tell(model::Event{model::Notice{model::NoticeLevel::error, std::move(text), now}});
}

void WindowHost::handle(const model::Quit&) { bridge_.tell(model::Close{}); }

}  // namespace kith::host
