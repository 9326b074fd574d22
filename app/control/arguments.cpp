// SPDX-License-Identifier: MIT
#include "app/control/arguments.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <limits>
#include <unordered_map>

#include "app/control/argument_checks.hpp"
#include "app/model/types.hpp"

namespace kith::control {
namespace {

/// The options of the start, and of the commands, before they are told apart.
struct Raw {
    StartOptions start;
    ClientCommand command;
    bool without_password = false;  ///< restore
};

constexpr std::uint64_t port_max = std::numeric_limits<std::uint16_t>::max();

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
    option("--port", start.port, "N", "TCP port, 0 for any free one (default: as last time)")
        ->check(whole_number(0, port_max));
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
    option("--discovery-port", start.discovery_port, "N", "UDP port of the discovery")
        ->check(whole_number(0, port_max));
    option("--relay", start.relays, "ADDRESS", "Relay to use in this run, may be repeated")
        ->allow_extra_args(false)
        ->check(check_relay);
    option("--log-level", start.log_level, "L", "error, warning, info or debug")
        ->check(CLI::IsMember({"error", "warning", "info", "debug"}));
    app.add_flag("--set-history-aside", start.set_history_aside,
                 "Keep a damaged history under another name and go on with what can be read of it")
        ->group("Start");
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
    const char* optional = nullptr;  ///< one more word, which may be missing
};

const std::vector<Shape>& shapes() {
    static const std::vector<Shape> table{
        {"id", "Print your connection ID", {}},
        {"peers", "List people", {}},
        {"requests", "List people who want to be contacts", {}},
        {"nearby", "List people in the local network", {}},
        {"add", "Ask somebody to be a contact", {"ID"}},
        {"connect", "Ask who is at an address, and to be a contact", {"ADDRESS"}},
        {"accept", "Accept a contact request", {"PEER"}},
        {"deny", "Decline a contact request", {"PEER"}},
        {"block", "Block a person", {"PEER"}},
        {"unblock", "Let a blocked person in again", {"PEER"}},
        {"send", "Send a message and print its ID", {"PEER", "TEXT"}},
        {"edit", "Change a message you sent", {"MESSAGE", "TEXT"}},
        {"delete", "Delete a message you sent, on both sides", {"MESSAGE"}},
        {"cancel", "Take back a message that was not sent yet", {"MESSAGE"}},
        {"react", "React to a message with an emoji", {"MESSAGE", "EMOJI"}},
        {"read", "Mark a conversation as read", {"PEER"}},
        {"history", "Print the newest messages of a conversation", {"PEER"}},
        {"search", "Search messages: all words, each may be a beginning", {}, "WORD"},
        {"export", "Write a whole conversation into a new file", {"PEER", "FILE"}},
        {"delete-conversation", "Delete all messages of a conversation here", {"PEER"}},
        {"disappear", "Let messages disappear once they are read", {"PEER", "TIME"}},
        {"status", "Say something of yourself that contacts see beside your name", {"STATUS"}},
        {"visible", "Be seen in the local network, or only by contacts", {"on|off"}},
        {"team", "See and be seen only by those who know a passphrase", {}},
        {"network", "Print how others can reach this computer", {}},
        {"relays", "List your relays, and your names there", {}},
        {"claim-name", "Get a name at one of your relays, or give it back", {"NAME@RELAY"}},
        {"find-name", "Print the connection ID of whoever has a name at a relay", {"NAME@RELAY"}},
        {"settings", "Print or change the settings", {}, "key=value", false},
        {"password", "Set, change or remove the password of the profile", {}},
        {"backup", "Write the whole profile into one new, encrypted file", {"FILE"}},
        {"restore", "Make a new profile from a backup", {"FILE"}},
        {"send-file", "Send files and folders, and wait until they are there", {"PEER"}, "PATH"},
        {"transfers", "List file transfers", {}},
        {"accept-file", "Accept files that were offered", {}, nullptr, true, "TRANSFER"},
        {"decline-file", "Decline files that were offered", {}, nullptr, true, "TRANSFER"},
        {"pause-file", "Pause a transfer", {"TRANSFER"}},
        {"resume-file", "Go on with a paused transfer", {"TRANSFER"}},
        {"cancel-file", "End a transfer; what has landed stays", {"TRANSFER"}},
        {"retry-files", "Try failed transfers again", {}, nullptr, true, "TRANSFER"},
        {"watch", "Print events as JSON lines until stopped", {}},
        {"screenshot", "Write a picture of the window", {"FILE"}},
        {"call", "Run any command of the control interface", {"CMD"}, "key=value", false},
        {"help", "Print this, or the options of one command", {}, nullptr, true, "COMMAND"},
    };
    return table;
}

std::string about_word(std::string_view command, std::string_view word) {
    if (word == "FILE" && command == "restore") return "The backup";
    if (word == "FILE" && command == "screenshot") return "The picture (.png)";
    static const std::unordered_map<std::string_view, const char*> table{
        {"ID", "A connection ID (kith1…), name@relay, or the name of somebody nearby"},
        {"NAME@RELAY", "The relay: host, host:port or its full address (kith-relay1…)"},
        {"ADDRESS", "host:port, 192.0.2.1:4711 or [2001:db8::1]:4711"},
        {"STATUS", "At most 140 bytes; \"\" for none"},
        {"PEER", "A name, a fingerprint or at least its first eight digits"},
        {"TEXT", "Write -- in front of a text that begins with a dash"},
        {"MESSAGE", "The ID of a message (`kith history PEER --ids`)"},
        {"EMOJI", "One emoji"},
        {"TIME", "Seconds, or a number with m, h, d or w (90, 5m, 1h, 7d), or off"},
        {"WORD", "All have to be in the message; quotes within a word hold a phrase"},
        {"FILE", "A new file; one that exists is never overwritten"},
        {"PATH", "A file or folder"},
        {"TRANSFER", "The ID of a transfer (`kith transfers`) or its beginning"},
        {"CMD", "See \"Scripts and bots\" in the user guide"},
        {"key=value", "For example typing=off"},
    };
    const auto found = table.find(word);
    return found == table.end() ? std::string{} : found->second;
}

void add_page_options(CLI::App& sub, ClientCommand& command, std::size_t most) {
    sub.add_option("--limit", command.limit, "How many at most (1 to " + std::to_string(most) + ")")
        ->type_name("N")
        ->check(whole_number(1, most));
    sub.add_option("--before", command.before, "Only what is older than this message")
        ->type_name("MESSAGE")
        ->check(check_message);
    sub.add_flag("--ids", command.ids, "Print the ID of each message");
}

void add_password_file(CLI::App& sub, std::optional<std::string>& file, const char* text) {
    sub.add_option("--password-file", file, text)->type_name("FILE")->check(not_empty);
}

using AddOptions = void (*)(CLI::App& sub, Raw& raw);

/// The options that only one command has.
const std::unordered_map<std::string_view, AddOptions>& own_options() {
    static const std::unordered_map<std::string_view, AddOptions> table{
        {"add",
         [](CLI::App& sub, Raw& raw) {
             sub.add_option("--greeting", raw.command.greeting, "A few words with the request");
         }},
        {"id",
         [](CLI::App& sub, Raw& raw) { sub.add_flag("--qr", raw.command.qr, "As a QR code"); }},
        {"connect",
         [](CLI::App& sub, Raw& raw) {
             sub.add_option("--fingerprint", raw.command.fingerprint,
                            "Who it has to be; they get a contact request")
                 ->type_name("FP")
                 ->check(check_fingerprint);
             sub.add_option("--greeting", raw.command.greeting, "A few words with the request");
         }},
        {"claim-name",
         [](CLI::App& sub, Raw& raw) {
             sub.add_flag("--off", raw.command.off, "Give the name at that relay back");
         }},
        {"team",
         [](CLI::App& sub, Raw& raw) {
             add_password_file(sub, raw.command.password_file,
                               "The first line is the passphrase (default: asked for)");
             sub.add_flag("--off", raw.command.off, "Everybody in the local network");
         }},
        {"send",
         [](CLI::App& sub, Raw& raw) {
             sub.add_option("--reply-to", raw.command.reply_to, "The message this one answers")
                 ->type_name("MESSAGE")
                 ->check(check_message);
         }},
        {"send-file",
         [](CLI::App& sub, Raw& raw) {
             sub.add_flag("--detach", raw.command.detach, "Offer them and do not wait");
         }},
        {"accept-file",
         [](CLI::App& sub, Raw& raw) {
             sub.add_option("--dir", raw.command.dir, "Where they go (default: the settings)")
                 ->type_name("DIR")
                 ->check(not_empty);
         }},
        {"delete",
         [](CLI::App& sub, Raw& raw) {
             sub.add_flag("--for-me", raw.command.for_me,
                          "Only here, without a word to the other side; any message");
         }},
        {"react",
         [](CLI::App& sub, Raw& raw) {
             sub.add_flag("--off", raw.command.off, "Take the reaction back");
         }},
        {"history",
         [](CLI::App& sub, Raw& raw) { add_page_options(sub, raw.command, model::page_max); }},
        {"search",
         [](CLI::App& sub, Raw& raw) {
             add_page_options(sub, raw.command, model::hits_max);
             sub.add_option("--peer", raw.command.peer, "Only in the conversation with this person")
                 ->type_name("PEER");
         }},
        {"export",
         [](CLI::App& sub, Raw& raw) {
             sub.add_option("--format", raw.command.format, "json (default) or text")
                 ->type_name("FORMAT")
                 ->check(CLI::IsMember({"json", "text"}));
         }},
        {"delete-conversation",
         [](CLI::App& sub, Raw& raw) {
             sub.add_flag("--yes", raw.command.yes, "There is no way back; say that you mean it");
         }},
        {"password",
         [](CLI::App& sub, Raw& raw) {
             add_password_file(sub, raw.command.password_file,
                               "The first line is the new password (default: asked for)");
             sub.add_option("--current-file", raw.command.current_file,
                            "The first line is the present password (default: asked for)")
                 ->type_name("FILE")
                 ->check(not_empty);
             sub.add_flag("--remove", raw.command.remove, "No password any more");
         }},
        {"backup",
         [](CLI::App& sub, Raw& raw) {
             add_password_file(sub, raw.command.password_file,
                               "The first line is the backup's password (default: asked for)");
         }},
        {"restore",
         [](CLI::App& sub, Raw& raw) {
             add_password_file(sub, raw.command.password_file,
                               "The first line is the backup's password (default: asked for)");
             sub.add_flag("--without-password", raw.without_password,
                          "The new profile gets no password (default: that of the backup)");
         }},
    };
    return table;
}

void add_command(CLI::App& app, const Shape& shape, Words& words, Raw& raw) {
    CLI::App* sub = app.add_subcommand(shape.name, shape.text);
    for (std::size_t i = 0; i < shape.words.size(); ++i) {
        const std::string_view word = shape.words[i];
        auto* option =
            sub->add_option(shape.words[i], words.word.at(i), about_word(shape.name, word));
        option->required();
        if (word == "MESSAGE") option->check(check_message);
        if (word == "on|off") option->check(CLI::IsMember({"on", "off"}));
    }
    if (shape.rest != nullptr) {
        sub->add_option(shape.rest, words.rest, about_word(shape.name, shape.rest))
            ->required(shape.rest_required);
    }
    if (shape.optional != nullptr) {
        sub->add_option(shape.optional, words.word.at(shape.words.size()),
                        about_word(shape.name, shape.optional))
            ->check(not_empty);
    }
    const auto own = own_options().find(shape.name);
    if (own != own_options().end()) own->second(*sub, raw);
}

/// Start options beside a command would be ignored in silence otherwise.
bool asks_for_start(const StartOptions& s) {
    return s.headless || s.name || s.port || !s.listen.empty() || s.downloads || s.password_file ||
           s.no_discovery || s.discovery_port || !s.relays.empty() || s.set_history_aside;
}

Arguments usage_error(const std::string& text) {
    return UsageError{text + "\nRun `kith --help` for all options and commands."};
}

Arguments as_restore(Raw& raw, Words& words) {
    if (raw.command.json) return usage_error("--json does not go with `kith restore`.");
    return RestoreOptions{std::move(raw.start.profile), std::move(words.word[0]),
                          std::move(raw.command.password_file), raw.without_password};
}

Arguments as_command(const CLI::App& sub, const Shape& shape, Raw& raw, Words& words) {
    if (asks_for_start(raw.start)) {
        return usage_error("`kith " + sub.get_name() +
                           "` starts nothing; of the options before it only --profile, "
                           "--profile-dir and --json go with it.");
    }
    if (sub.get_name() == "restore") return as_restore(raw, words);
    ClientCommand command = std::move(raw.command);
    command.profile = std::move(raw.start.profile);
    command.name = sub.get_name();
    for (std::size_t i = 0; i < shape.words.size(); ++i) command.words.push_back(words.word.at(i));
    if (shape.optional != nullptr && !words.word.at(shape.words.size()).empty())
        command.words.push_back(words.word.at(shape.words.size()));
    std::move(words.rest.begin(), words.rest.end(), std::back_inserter(command.words));
    return command;
}

Arguments as_start(Raw& raw) {
    StartOptions start = std::move(raw.start);
    if (raw.command.json)
        return usage_error("--json goes with a command, such as `kith --json peers`.");
    if (start.relays.size() > model::relays_max)
        return usage_error("At most four relays can be used.");
    return start;
}

/// As `--help` says it.
Arguments help_about(const std::string& command) {
    if (command.empty()) return parse_arguments(2, std::array{"kith", "--help"}.data());
    const bool known = std::any_of(shapes().begin(), shapes().end(),
                                   [&](const Shape& shape) { return shape.name == command; });
    if (!known) return usage_error("There is no command \"" + command + "\".");
    return parse_arguments(3, std::array{"kith", command.c_str(), "--help"}.data());
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
    for (const Shape& shape : shapes()) add_command(app, shape, words, raw);
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
    if (chosen.front()->get_name() == "help") return help_about(words.word[0]);
    const auto shape = std::find_if(shapes().begin(), shapes().end(), [&](const Shape& s) {
        return s.name == chosen.front()->get_name();
    });
    return as_command(*chosen.front(), *shape, raw, words);
}

}  // namespace kith::control
