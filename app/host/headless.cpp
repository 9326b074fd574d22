// SPDX-License-Identifier: MIT
#include "app/host/headless.hpp"

#include <iostream>
#include <semaphore>

#include "app/control/arguments.hpp"
#include "app/control/serialize.hpp"
#include "app/host/log_sink.hpp"
#include "app/host/stop_signal.hpp"

namespace kith::host {
namespace {

class Headless final : public model::HostPort {
public:
    void quit() override { stop_.release(); }
    tl::expected<void, model::Error> raise() override {
        return tl::unexpected(
            model::Error{"not_supported", "This instance runs without a window."});
    }
    void screenshot(std::string,
                    std::function<void(tl::expected<void, model::Error>)> done) override {
        done(tl::unexpected(model::Error{"not_supported", "This instance runs without a window."}));
    }
    void wait() { stop_.acquire(); }

private:
    std::counting_semaphore<> stop_{0};
};

tl::expected<crypto::ProfileSecrets, model::Error> secrets_of(const ProfileAccess& profile,
                                                              const HeadlessOptions& options) {
    if (!profile.exists()) return profile.create(options.password.value_or(""));
    const auto needs_password = profile.needs_password();
    if (!needs_password) return tl::unexpected(needs_password.error());
    if (*needs_password && !options.password) {
        return tl::unexpected(model::Error{
            "wrong_password",
            "This profile is protected by a password: give it with --password-file FILE."});
    }
    return profile.open(options.password.value_or(""));
}

int report(const model::Error& error) {
    std::cerr << "kith: " << error.text << '\n';
    if (error.code == "damaged")
        std::cerr
            << "kith: With --set-history-aside the damaged history is renamed, and Kith starts "
               "with what can still be read of it.\n";
    return error.code == "wrong_password" ? control::exit_wrong_password : control::exit_refused;
}

}  // namespace

int run_headless(const ProfileAccess& profile, HeadlessOptions options) {
    options.instance.fresh = !profile.exists();
    auto secrets = secrets_of(profile, options);
    if (!secrets) return report(secrets.error());
    options.instance.password_protected = profile.needs_password().value_or(false);

    Headless host;
    const StopSignal signal([&host] { host.quit(); });
    LogSink log(options.log_level);
    options.instance.sinks = {&log};
    const std::string control = options.instance.paths.control_socket().string();
    auto instance = Instance::start(std::move(options.instance), std::move(*secrets), host);
    if (!instance) return report(instance.error());
    std::cout << control::ready_line((*instance)->profile(), control) << std::endl;
    host.wait();
    return control::exit_ok;
}

}  // namespace kith::host
