// SPDX-License-Identifier: MIT
//
// `kith`: the window, the headless node and the command line in one program. Reads the arguments,
// takes the profile's lock and hands over. Exit codes: app/control/arguments.hpp.
#include <iostream>

#include "app/control/arguments.hpp"
#include "app/control/cli.hpp"
#include "app/control/password_input.hpp"
#include "app/host/headless.hpp"
#include "app/host/random_name.hpp"
#include "app/host/stop_signal.hpp"
#include "app/host/window_host.hpp"
#include "app/profile/leftovers.hpp"
#include "app/profile/profile_folder.hpp"
#include "app/profile/profile_lock.hpp"
#include "gui/window.hpp"
#include "net/local_server.hpp"

namespace {

using namespace kith;

int complain(std::string_view text, int code) {
    std::cerr << "kith: " << text << '\n';
    return code;
}

profile::Expected<profile::ProfilePaths> paths_of(const control::ProfileChoice& choice) {
    return profile::resolve_profile({choice.name, choice.dir}, profile::process_environment());
}

/// The profile runs already: bring its window to the front.
int raise_running(const profile::ProfilePaths& paths, bool headless, const std::string& text) {
    if (headless) return complain(text, control::exit_already_running);
    constexpr int reply_timeout_ms = 5000;
    net::LocalClient client;
    if (client.connect(paths.control_socket().string()) &&
        client.send_line(R"({"id":1,"cmd":"raise"})")) {
        const auto reply = client.read_line(reply_timeout_ms);
        if (reply && reply->find(R"("ok":true)") != std::string::npos) return control::exit_ok;
    }
    return complain(text, control::exit_already_running);
}

/// The folder is there, ours alone, and without leftovers of earlier work.
profile::Expected<profile::ProfileLock> take_folder(const profile::ProfilePaths& paths) {
    if (auto ready = profile::prepare_folder(paths); !ready) return tl::unexpected(ready.error());
    auto lock = profile::ProfileLock::acquire(paths);
    if (!lock) return lock;
    if (auto cleared = profile::clear_leftovers(paths); !cleared)
        return tl::unexpected(cleared.error());
    return lock;
}

host::InstanceOptions instance_options(const control::StartOptions& start,
                                       const profile::ProfilePaths& paths) {
    host::InstanceOptions options;
    options.paths = paths;
    crypto::SystemRandom random;
    options.first_name = start.name.value_or(host::random_name(random));
    options.rename = start.name.has_value();
    options.port = start.port;
    options.listen = start.listen;
    options.discovery = !start.no_discovery;
    if (start.downloads) {
        std::error_code failed;
        options.downloads = std::filesystem::absolute(*start.downloads, failed).string();
    }
    options.discovery_port = start.discovery_port.value_or(options.discovery_port);
    for (const auto& text : start.relays) {
        if (auto relay = crypto::parse_relay_address(text)) options.relays.push_back(*relay);
    }
    options.set_aside = start.set_history_aside;
    options.version = KITH_VERSION;
    return options;
}

/// A password given on the command line is either right or the end, with or without a window.
std::optional<model::Error> wrong_password(const host::ProfileAccess& access,
                                           const std::optional<std::string>& password) {
    if (!password || !access.exists()) return std::nullopt;
    const auto opened = access.open(*password);
    if (opened || opened.error().code != "wrong_password") return std::nullopt;
    return opened.error();
}

int run_window(const control::StartOptions& start, const profile::ProfilePaths& paths,
               std::optional<std::string> password, std::optional<std::string> trouble) {
    if (const auto wrong = wrong_password(host::ProfileAccess(paths), password)) {
        return complain(wrong->text, control::exit_wrong_password);
    }
    host::WindowHost window(host::ProfileAccess(paths),
                            {instance_options(start, paths), start.name, std::move(password),
                             start.log_level, std::move(trouble)},
                            [] { gui::wake_window(); });
    const host::StopSignal signal([&window] { window.bridge().quit(); });
    gui::WindowOptions options;
    options.title = start.profile.name ? "Kith – " + *start.profile.name : "Kith";
    options.layout_file = paths.folder / "window.ini";
    const auto shown = gui::run_window(window.bridge(), options);
    if (!shown) return complain(shown.error().text, control::exit_refused);
    if (const auto failure = window.failure()) return complain(*failure, control::exit_refused);
    return control::exit_ok;
}

/// A profile that cannot be used: in the window if there is to be one, and on standard error.
int refuse(const control::StartOptions& start, const profile::ProfilePaths& paths,
           const std::string& text) {
    if (start.headless) return complain(text, control::exit_refused);
    host::StopSignal::block();
    return run_window(start, paths, std::nullopt, text);
}

int run(const control::StartOptions& start) {
    const auto paths = paths_of(start.profile);
    if (!paths) return complain(paths.error().text, control::exit_bad_arguments);
    const auto lock = take_folder(*paths);
    if (!lock) {
        if (lock.error().code != profile::Errc::locked)
            return refuse(start, *paths, lock.error().text);
        return raise_running(*paths, start.headless, lock.error().text);
    }
    std::optional<std::string> password;
    if (start.password_file) {
        auto read = host::read_password_file(*start.password_file);
        if (!read) return complain(read.error().text, control::exit_bad_arguments);
        password = std::move(*read);
    }
    host::StopSignal::block();
    if (!start.headless) return run_window(start, *paths, std::move(password), std::nullopt);
    return host::run_headless(host::ProfileAccess(*paths), {instance_options(start, *paths),
                                                            std::move(password), start.log_level});
}

int run(const control::RestoreOptions& restore) {
    const auto paths = paths_of(restore.profile);
    if (!paths) return complain(paths.error().text, control::exit_bad_arguments);
    const auto lock = take_folder(*paths);
    if (!lock) {
        const bool running = lock.error().code == profile::Errc::locked;
        return complain(lock.error().text,
                        running ? control::exit_already_running : control::exit_refused);
    }
    const auto password = control::read_password(restore.password_file,
                                                 "Password of the backup: ", "--password-file");
    if (!password) return complain(password.error(), control::exit_bad_arguments);
    const auto restored = host::ProfileAccess(*paths).restore(
        restore.file, *password, restore.without_password ? "" : *password);
    if (!restored) {
        const bool wrong = restored.error().code == "wrong_password";
        return complain(restored.error().text,
                        wrong ? control::exit_wrong_password : control::exit_refused);
    }
    std::cout << "The profile was restored into " << profile::quoted(paths->folder) << ".\n";
    return control::exit_ok;
}

int run(const control::ClientCommand& command) {
    const auto paths = paths_of(command.profile);
    if (!paths) return complain(paths.error().text, control::exit_bad_arguments);
    return control::run_command_line(command, paths->control_socket().string(), std::cout,
                                     std::cerr);
}

int run(const control::Information& information) {
    std::cout << information.text << '\n';
    return control::exit_ok;
}

int run(const control::UsageError& error) {
    return complain(error.text, control::exit_bad_arguments);
}

}  // namespace

int main(int argc, char** argv) {
    const auto arguments = control::parse_arguments(argc, argv);
    return std::visit([](const auto& chosen) { return run(chosen); }, arguments);
}
