// SPDX-License-Identifier: MIT
#include "app/control/cli_commands.hpp"

#include <unordered_map>

#include "app/control/cli_printing.hpp"
#include "app/control/cli_requests.hpp"

namespace kith::control {
namespace {

constexpr char whoami[] = "whoami", peers[] = "peers", requests_[] = "requests",
               network[] = "network_status", relays[] = "relays", accept[] = "accept",
               deny[] = "deny", block[] = "block", unblock[] = "unblock", mark_read[] = "mark_read",
               cancel[] = "cancel_message", transfers[] = "transfers",
               decline[] = "decline_transfer", pause[] = "pause_transfer",
               resume[] = "resume_transfer", cancel_transfer[] = "cancel_transfer";

}  // namespace

const CliCommand* find_cli_command(std::string_view name) {
    namespace ask = requests;
    namespace print = printing;
    static const std::unordered_map<std::string_view, CliCommand> table{
        {"id", {ask::bare<whoami>, print::connection_id}},
        {"peers", {ask::bare<peers>, print::peers}},
        {"requests", {ask::bare<requests_>, print::requests}},
        {"nearby", {ask::bare<peers>, print::nearby}},
        {"add", {ask::add, print::added}},
        {"connect", {ask::connect, print::found}},
        {"status", {ask::status, print::nothing}},
        {"visible", {ask::visible, print::nothing}},
        {"team", {ask::team, print::nothing}},
        {"network", {ask::bare<network>, print::network}},
        {"relays", {ask::bare<relays>, print::relays}},
        {"claim-name", {ask::claim_name, print::claimed}},
        {"find-name", {ask::find_name, print::found_name}},
        {"accept", {ask::about_peer<accept>, print::nothing}},
        {"deny", {ask::about_peer<deny>, print::nothing}},
        {"block", {ask::about_peer<block>, print::nothing}},
        {"unblock", {ask::about_peer<unblock>, print::nothing}},
        {"send", {ask::send, print::message_id}},
        {"edit", {ask::edit, print::nothing}},
        {"delete", {ask::erase, print::nothing}},
        {"cancel", {ask::about_message<cancel>, print::nothing}},
        {"react", {ask::react, print::nothing}},
        {"read", {ask::about_peer<mark_read>, print::nothing}},
        {"history", {ask::history, print::history}},
        {"search", {ask::search, print::hits}},
        {"export", {ask::export_history, print::exported, true}},
        {"delete-conversation", {ask::delete_conversation, print::conversation_deleted, true}},
        {"disappear", {ask::disappear, print::nothing}},
        {"settings", {ask::settings, print::settings}},
        {"backup", {ask::backup, print::backed_up, true}},
        {"send-file", {ask::send_file, print::nothing, true}},
        {"transfers", {ask::bare<transfers>, print::transfers}},
        {"accept-file", {ask::accept_file, print::landed, false, true}},
        {"decline-file", {ask::about_transfer<decline>, print::nothing, false, true}},
        {"pause-file", {ask::about_transfer<pause>, print::nothing, false, true}},
        {"resume-file", {ask::about_transfer<resume>, print::nothing, false, true}},
        {"cancel-file", {ask::about_transfer<cancel_transfer>, print::nothing, false, true}},
        {"retry-files", {ask::retry_files, print::nothing, false, true}},
        {"screenshot", {ask::screenshot, print::nothing}},
        {"call", {ask::call, nullptr, true}},
    };
    const auto found = table.find(name);
    return found == table.end() ? nullptr : &found->second;
}

}  // namespace kith::control
