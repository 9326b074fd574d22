// SPDX-License-Identifier: MIT
#include "app/control/arguments.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "app/model/types.hpp"

namespace kith::control {
namespace {

/// The options of the start, and of the commands, before they are told apart.
struct Raw {
    StartOptions start;
    ClientCommand command;
};

std::string check_name(const std::string& name) {
    if (name.find_first_not_of(" \t\r\n") == std::string::npos) return "A name must not be empty.";
    if (name.size() <= model::name_max) return {};
    return "A name may have at most " + std::to_string(model::name_max) + " bytes.";
}

/// A profile is a folder name below Kith's own folder.
std::string check_profile(const std::string& name) {
    const bool path =
        name.empty() || name.front() == '.' || name.find_first_of("/\\:") != std::string::npos;
    const bool control = std::any_of(name.begin(), name.end(),
                                     [](char c) { return static_cast<unsigned char>(c) < 0x20; });
    if (!path && !control && name.size() <= 64) return {};
    return "A profile name has 1 to 64 bytes, no slash or colon and no dot at its start; "
           "--profile-dir takes any folder.";
}

/// IPv6 is checked roughly, the rest when it is bound.
std::string check_address(const std::string& address) {
    if (address.find(':') != std::string::npos &&
        address.find_first_not_of("0123456789abcdefABCDEF:.%") == std::string::npos) {
        return {};
    }
    if (CLI::ValidIPV4(address).empty()) return {};
    return "\"" + address + "\" is not a numeric IPv4 or IPv6 address.";
}

std::string not_empty(const std::string& value) {
    return value.empty() ? "must not be empty" : std::string{};
}

void add_profile_options(CLI::App& app, ProfileChoice& profile) {
    auto* name = app.add_option("--profile", profile.name, "Profile to use (default: \"default\")")
                     ->type_name("NAME")
                     ->check(check_profile)
                     ->group("Profile");
    app.add_option("--profile-dir", profile.dir, "Folder of the profile")
        ->type_name("DIR")
        ->check(not_empty)
        ->excludes(name)
        ->group("Profile");
}

void add_start_options(CLI::App& app, StartOptions& start) {
    const auto option = [&app](const char* name, auto& value, const char* type, const char* text) {
        return app.add_option(name, value, text)->type_name(type)->group("Start");
    };
    app.add_flag("--headless", start.headless, "Run without a window until `quit` or SIGTERM")
        ->group("Start");
    option("--name", start.name, "NAME", "Display name of a new profile")->check(check_name);
    option("--port", start.port, "N", "TCP port, 0 for any free one (default: as last time)");
    option("--listen", start.listen, "ADDR", "Address to listen on, may be repeated (default: all)")
        ->allow_extra_args(false)
        ->check(check_address);
    option("--downloads", start.downloads, "DIR", "Folder for received files")->check(not_empty);
    option("--password-file", start.password_file, "FILE",
           "Unlock, or on first run protect, with its first line")
        ->check(not_empty);
    app.add_flag("--no-discovery", start.no_discovery,
                 "Do not look for people in the local network")
        ->group("Start");
    option("--discovery-port", start.discovery_port, "N", "UDP port of the discovery");
    option("--relay", start.relays, "ADDRESS", "Relay to use, may be repeated")
        ->allow_extra_args(false)
        ->check(not_empty);
    option("--log-level", start.log_level, "L", "error, warning, info or debug")
        ->check(CLI::IsMember({"error", "warning", "info", "debug"}));
}

/// Positional arguments are bound as single strings: CLI11 takes brackets and commas out of lists.
struct Words {
    std::array<std::string, 2> word;
    std::vector<std::string> rest;
};

struct Shape {
    const char* name;
    const char* text;
    std::vector<const char*> words;
    const char* rest = nullptr;  ///< name of a list behind them
    bool rest_required = true;
};

const std::vector<Shape>& shapes() {
    static const std::vector<Shape> table{
        {"id", "Print your connection ID", {}},
        {"peers", "List people", {}},
        {"requests", "List people who want to be contacts", {}},
        {"add", "Ask somebody to be a contact", {"ID"}},
        {"accept", "Accept a contact request", {"PEER"}},
        {"deny", "Decline a contact request", {"PEER"}},
        {"block", "Block a person", {"PEER"}},
        {"unblock", "Let a blocked person in again", {"PEER"}},
        {"send", "Send a message", {"PEER", "TEXT"}},
        {"send-file", "Send files or folders (not in this version)", {"PEER"}, "PATH"},
        {"transfers", "List file transfers (not in this version)", {}},
        {"history", "Print the newest messages of a conversation", {"PEER"}},
        {"search", "Search all messages (not in this version)", {}, "WORD"},
        {"watch", "Print events as JSON lines until stopped", {}},
        {"screenshot", "Write a picture of the window", {"FILE"}},
        {"call", "Run any command of the control interface", {"CMD"}, "key=value", false},
    };
    return table;
}

void add_command(CLI::App& app, const Shape& shape, Words& words, ClientCommand& command) {
    CLI::App* sub = app.add_subcommand(shape.name, shape.text);
    for (std::size_t i = 0; i < shape.words.size(); ++i) {
        sub->add_option(shape.words[i], words.word.at(i), "")->required();
    }
    if (shape.rest != nullptr)
        sub->add_option(shape.rest, words.rest, "")->required(shape.rest_required);
    const std::string_view name = shape.name;
    if (name == "add")
        sub->add_option("--greeting", command.greeting, "A few words with the request");
    if (name == "history" || name == "search") {
        sub->add_option("--limit", command.limit, "How many at most (1 to 1000)")
            ->check(CLI::Range(std::size_t{1}, model::page_max));
    }
}

/// Start options beside a command would be ignored in silence otherwise.
bool asks_for_start(const StartOptions& s) {
    return s.headless || s.name || s.port || !s.listen.empty() || s.downloads || s.password_file ||
           s.no_discovery || s.discovery_port || !s.relays.empty();
}

Arguments usage_error(const std::string& text) {
    return UsageError{text + "\nRun `kith --help` for all options and commands."};
}

Arguments as_command(const CLI::App& sub, const Shape& shape, Raw& raw, Words& words) {
    if (asks_for_start(raw.start)) {
        return usage_error("`kith " + sub.get_name() +
                           "` talks to a running instance; only --profile, "
                           "--profile-dir and --json go with it.");
    }
    ClientCommand command = std::move(raw.command);
    command.profile = std::move(raw.start.profile);
    command.name = sub.get_name();
    for (std::size_t i = 0; i < shape.words.size(); ++i) command.words.push_back(words.word.at(i));
    std::move(words.rest.begin(), words.rest.end(), std::back_inserter(command.words));
    return command;
}

Arguments as_start(Raw& raw) {
    StartOptions start = std::move(raw.start);
    if (raw.command.json)
        return usage_error("--json goes with a command, such as `kith --json peers`.");
    if (!start.relays.empty()) {
        start.warnings.emplace_back("--relay has no effect: this version of Kith uses no relays.");
    }
    return start;
}

}  // namespace

Arguments parse_arguments(int argc, const char* const* argv) {
    Raw raw;
    Words words;
    CLI::App app{"Private chat, straight between people.", "kith"};
    app.fallthrough();
    app.require_subcommand(0, 1);
    app.set_version_flag("--version", "kith " KITH_VERSION);
    add_profile_options(app, raw.start.profile);
    add_start_options(app, raw.start);
    app.add_flag("--json", raw.command.json, "Machine output of a command")->group("Commands");
    for (const Shape& shape : shapes()) add_command(app, shape, words, raw.command);
    try {
        app.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
        return Information{app.help()};
    } catch (const CLI::CallForVersion& version) {
        return Information{std::string(version.what()) + "\n"};
    } catch (const CLI::ParseError& error) {
        return usage_error(error.what());
    }
    const auto chosen = app.get_subcommands();
    if (chosen.empty()) return as_start(raw);
    const auto shape = std::find_if(shapes().begin(), shapes().end(), [&](const Shape& s) {
        return s.name == chosen.front()->get_name();
    });
    return as_command(*chosen.front(), *shape, raw, words);
}

}  // namespace kith::control
