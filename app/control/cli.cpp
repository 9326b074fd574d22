// SPDX-License-Identifier: MIT
#include "app/control/cli.hpp"

#include <iostream>

#include "app/control/cli_files.hpp"
#include "app/control/cli_password.hpp"
#include "app/control/json_read.hpp"
#include "app/control/message_fields.hpp"
#include "app/control/terminal.hpp"
#include "net/local_server.hpp"

namespace kith::control {
namespace {

constexpr int reply_timeout_ms = 60'000;
/// Until the connection ends: writing a file takes as long as it takes.
constexpr int no_timeout_ms = -1;

/// The options that make `kith` mean the same profile again.
std::string profile_option(const ProfileChoice& profile) {
    if (profile.dir) return " --profile-dir " + *profile.dir;
    if (profile.name) return " --profile " + *profile.name;
    return {};
}

int not_running(const ClientCommand& command, std::ostream& err) {
    const std::string option = safe_name(profile_option(command.profile));
    err << "kith: Kith is not running with this profile. Start it with `kith" << option
        << "`, or without a window with `kith" << option << " --headless`.\n";
    return exit_not_running;
}

int bad_arguments(const std::string& text, std::ostream& err) {
    err << "kith: " << safe_name(text) << "\n";
    return exit_bad_arguments;
}

/// One request at a time; events between go to `on_event` or are skipped.
class Conversation {
public:
    explicit Conversation(net::LocalClient& client) : client_(client) {}

    std::optional<Json> ask(Json request, int timeout_ms = reply_timeout_ms,
                            const std::function<void(const Json&)>& on_event = {}) {
        const std::uint64_t id = ++last_id_;
        request["id"] = id;
        if (!client_.send_line(dump(request))) return std::nullopt;
        for (;;) {
            auto line = client_.read_line(timeout_ms);
            if (!line) return std::nullopt;
            Json reply = Json::parse(*line, nullptr, /*allow_exceptions=*/false);
            if (reply.is_object() && reply.value("id", Json()) == id) return reply;
            if (on_event) on_event(reply);
        }
    }

    /// The next line, however long it takes; null when it is no JSON.
    std::optional<Json> next_event() {
        const auto line = client_.read_line(no_timeout_ms);
        if (!line) return std::nullopt;
        Json event = Json::parse(*line, nullptr, /*allow_exceptions=*/false);
        return event.is_object() ? event : Json();
    }

private:
    net::LocalClient& client_;
    std::uint64_t last_id_ = 0;
};

int connection_lost(std::ostream& err) {
    err << "kith: The running instance ended or does not answer.\n";
    return exit_refused;
}

int complain(const Json& reply, std::ostream& err) {
    const std::string text = string_in(reply, "error");
    err << "kith: " << (text.empty() ? "The command failed." : safe_name(text)) << "\n";
    return string_in(reply, "code") == "wrong_password" ? exit_wrong_password : exit_refused;
}

/// A null `print` prints the reply as JSON.
int print_reply(const Json& reply, const Printing& to, decltype(CliCommand::print) print,
                std::ostream& err) {
    const bool ok = flag_in(reply, "ok");
    if (to.command.json || print == nullptr) {
        if (ok || to.command.json || to.command.name == "call")
            to.out << safe_json(dump(reply)) << "\n";
    } else if (ok) {
        print(reply, to);
    }
    return ok ? exit_ok : complain(reply, err);
}

/// The command with the whole ID of its transfer as its word.
tl::expected<ClientCommand, std::string> with_transfer(ClientCommand command, const Ask& ask) {
    if (command.words.empty() && command.name == "retry-files") return command;
    const auto listed = ask(Json{{"cmd", "transfers"}});
    if (!listed) return tl::unexpected(std::string("The running instance does not answer."));
    std::optional<std::string> prefix;
    if (!command.words.empty()) prefix = command.words.front();
    auto id = find_transfer(*listed, prefix);
    if (!id) return tl::unexpected(std::move(id.error()));
    command.words = {std::move(*id)};
    return command;
}

int about_transfer(const ClientCommand& command, const std::string& socket_path, std::ostream& out,
                   std::ostream& err) {
    net::LocalClient client;
    if (!client.connect(socket_path)) return not_running(command, err);
    Conversation conversation(client);
    const Ask ask = [&](const Json& question) { return conversation.ask(question); };
    const auto whole = with_transfer(command, ask);
    if (!whole) {
        err << "kith: " << whole.error() << "\n";
        return exit_refused;
    }
    const CliCommand* how = find_cli_command(command.name);
    const auto reply = conversation.ask(*how->request(*whole), no_timeout_ms);
    if (!reply) return connection_lost(err);
    return print_reply(*reply, {*whole, ask, out}, how->print, err);
}

constexpr char goes_on[] =
    "\nkith: The transfer goes on in the running Kith; `kith transfers` shows it.\n";

int follow(const ClientCommand& command, const std::string& transfer, Conversation& conversation,
           std::ostream& out, std::ostream& err) {
    const Instance instance{
        [&](const Json& question, const std::function<void(const Json&)>& on_event) {
            return conversation.ask(question, reply_timeout_ms, on_event);
        },
        [&] { return conversation.next_event(); }};
    const NoteOnInterrupt note(goes_on);
    const std::size_t columns = &out == &std::cout ? output_columns() : 0;
    switch (follow_transfer(transfer, instance, out, err, columns, command.json)) {
        case FollowEnd::done:
            return exit_ok;
        case FollowEnd::not_done:
            return exit_refused;
        case FollowEnd::connection_lost:
            break;
    }
    err << "kith: Kith ended; the transfer goes on when it runs again.\n";
    return exit_refused;
}

/// What was left out is no reason to fail.
void tell_skipped(const Json& reply, std::ostream& err) {
    const Json& lines = list_in(reply, "skipped");
    for (const Json& line : lines)
        if (line.is_string())
            err << "kith: left out: " << safe_name(line.get<std::string>()) << "\n";
    const auto count = number_in(reply, "skipped_count");
    if (count > lines.size()) err << "kith: left out: " << count - lines.size() << " more\n";
}

int send_file(const ClientCommand& command, const std::string& socket_path, std::ostream& out,
              std::ostream& err) {
    const CliCommand* how = find_cli_command(command.name);
    net::LocalClient client;
    if (!client.connect(socket_path)) return not_running(command, err);
    Conversation conversation(client);
    const Ask ask = [&](const Json& question) { return conversation.ask(question); };
    if (!command.detach && !conversation.ask(Json{{"cmd", "subscribe"}}))
        return connection_lost(err);
    const auto reply = conversation.ask(*how->request(command), no_timeout_ms);
    if (!reply) return connection_lost(err);
    const int code = print_reply(*reply, {command, ask, out}, how->print, err);
    if (code != exit_ok) return code;
    if (!command.json) tell_skipped(*reply, err);
    const std::string transfer = string_in(*reply, "transfer");
    if (!command.detach) return follow(command, transfer, conversation, out, err);
    if (!command.json) out << safe_name(transfer) << "\n";
    return exit_ok;
}

int run_once(const ClientCommand& command, const std::string& socket_path, std::ostream& out,
             std::ostream& err) {
    const CliCommand* how = find_cli_command(command.name);
    if (how == nullptr) return bad_arguments("There is no command \"" + command.name + "\".", err);
    if (how->about_transfer) return about_transfer(command, socket_path, out, err);
    const auto request = how->request(command);
    if (!request) return bad_arguments(request.error(), err);
    net::LocalClient client;
    if (!client.connect(socket_path)) return not_running(command, err);
    Conversation conversation(client);
    const Ask ask = [&](const Json& question) { return conversation.ask(question); };
    const auto reply = conversation.ask(*request, how->slow ? no_timeout_ms : reply_timeout_ms);
    if (!reply) return connection_lost(err);
    const bool emphasis = &out == &std::cout && output_shows_emphasis();
    return print_reply(*reply, {command, ask, out, emphasis}, how->print, err);
}

int password(const ClientCommand& command, const std::string& socket_path, std::ostream& out,
             std::ostream& err) {
    net::LocalClient client;
    if (!client.connect(socket_path)) return not_running(command, err);
    Conversation conversation(client);
    const Ask ask = [&](const Json& question) { return conversation.ask(question, no_timeout_ms); };
    const auto outcome = change_password(command, ask);
    if (!outcome.fault.empty()) return bad_arguments(outcome.fault, err);
    if (!outcome.reply) return connection_lost(err);
    return print_reply(
        *outcome.reply, {command, ask, out}, [](const Json&, const Printing&) {}, err);
}

/// Runs until the instance ends or somebody closes our output.
int watch(const ClientCommand& command, const std::string& socket_path, std::ostream& out,
          std::ostream& err) {
    net::LocalClient client;
    if (!client.connect(socket_path)) return not_running(command, err);
    const auto subscribed = Conversation(client).ask(Json{{"cmd", "subscribe"}});
    if (!subscribed) return connection_lost(err);
    while (out) {
        const auto line = client.read_line(-1);
        if (!line) return connection_lost(err);
        out << safe_json(*line) << std::endl;
    }
    return exit_ok;
}

}  // namespace

int run_command_line(const ClientCommand& command, const std::string& socket_path,
                     std::ostream& out, std::ostream& err) {
    const auto run = command.name == "watch"       ? watch
                     : command.name == "password"  ? password
                     : command.name == "send-file" ? send_file
                                                   : run_once;
    const int code = run(command, socket_path, out, err);
    out.flush();
    return code;
}

}  // namespace kith::control
