// SPDX-License-Identifier: MIT
#include "app/control/cli.hpp"

#include <ostream>

#include "app/control/cli_commands.hpp"
#include "app/control/terminal_text.hpp"
#include "net/local_server.hpp"

namespace kith::control {
namespace {

constexpr int reply_timeout_ms = 60'000;

std::string dump(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

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

/// One request at a time; events between are skipped.
class Conversation {
public:
    explicit Conversation(net::LocalClient& client) : client_(client) {}

    std::optional<Json> ask(Json request) {
        const std::uint64_t id = ++last_id_;
        request["id"] = id;
        if (!client_.send_line(dump(request))) return std::nullopt;
        for (;;) {
            auto line = client_.read_line(reply_timeout_ms);
            if (!line) return std::nullopt;
            Json reply = Json::parse(*line, nullptr, /*allow_exceptions=*/false);
            if (reply.is_object() && reply.value("id", Json()) == id) return reply;
        }
    }

private:
    net::LocalClient& client_;
    std::uint64_t last_id_ = 0;
};

int connection_lost(std::ostream& err) {
    err << "kith: The running instance ended or does not answer.\n";
    return exit_refused;
}

std::string error_text(const Json& reply) {
    const auto text = reply.find("error");
    return text != reply.end() && text->is_string() ? text->get<std::string>()
                                                    : "The command failed.";
}

int print_reply(const ClientCommand& command, const CliCommand& how, const Json& reply,
                const Ask& ask, std::ostream& out, std::ostream& err) {
    const bool ok = reply.value("ok", Json(false)) == true;
    if (command.json || how.print == nullptr) {
        if (ok || command.json || command.name == "call") out << safe_json(dump(reply)) << "\n";
    } else if (ok) {
        how.print(reply, ask, out);
    }
    if (!ok) err << "kith: " << safe_name(error_text(reply)) << "\n";
    return ok ? exit_ok : exit_refused;
}

int run_once(const ClientCommand& command, const std::string& socket_path, std::ostream& out,
             std::ostream& err) {
    const CliCommand* how = find_cli_command(command.name);
    if (how == nullptr) return bad_arguments("There is no command \"" + command.name + "\".", err);
    const auto request = how->request(command);
    if (!request) return bad_arguments(request.error(), err);
    net::LocalClient client;
    if (!client.connect(socket_path)) return not_running(command, err);
    Conversation conversation(client);
    const Ask ask = [&](const Json& question) { return conversation.ask(question); };
    const auto reply = ask(*request);
    if (!reply) return connection_lost(err);
    return print_reply(command, *how, *reply, ask, out, err);
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
    const int code = command.name == "watch" ? watch(command, socket_path, out, err)
                                             : run_once(command, socket_path, out, err);
    out.flush();
    return code;
}

}  // namespace kith::control
