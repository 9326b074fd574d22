// SPDX-License-Identifier: MIT
#include "app/control/readers.hpp"

namespace kith::control {
namespace {

using namespace model;

Action send_files(Fields& f) { return SendFiles{f.peer(), f.places("paths", paths_max)}; }

Action transfer_files(Fields& f) {
    return ListTransferFiles{f.transfer(),
                             static_cast<std::uint32_t>(f.integer("first", 0, entry_max, 0)),
                             f.integer("limit", 1, page_max, page_max)};
}

Action accept_transfer(Fields& f) {
    return AcceptTransfer{f.transfer(), f.has("dir") ? f.place("dir") : std::string{},
                          f.optional_entries("selected")};
}

Action retry_transfer(Fields& f) {
    if (!f.has("transfer")) return RetryTransfer{};
    return RetryTransfer{f.transfer()};
}

Action set_auto_accept(Fields& f) {
    const PeerId peer = f.peer();
    const std::string rule = f.string("rule");
    if (rule == "ask") return SetAutoAccept{peer, {}};
    if (rule == "always") return SetAutoAccept{peer, {AutoAccept::Rule::always, 0}};
    if (rule == "up_to") {
        return SetAutoAccept{
            peer, {AutoAccept::Rule::up_to, f.required_integer("bytes", 1, whole_number_max)}};
    }
    f.refuse("bad_request", "The field \"rule\" is one of \"ask\", \"up_to\" and \"always\".");
    return SetAutoAccept{};
}

template <typename T>
Action for_transfer(Fields& f) {
    return Command{T{f.transfer()}};
}

}  // namespace

Readers file_readers() {
    return {
        {"send_files", send_files},
        {"transfers", [](Fields&) -> Action { return Command{ListTransfers{}}; }},
        {"transfer_files", transfer_files},
        {"accept_transfer", accept_transfer},
        {"decline_transfer", for_transfer<DeclineTransfer>},
        {"pause_transfer", for_transfer<PauseTransfer>},
        {"resume_transfer", for_transfer<ResumeTransfer>},
        {"cancel_transfer", for_transfer<CancelTransfer>},
        {"retry_transfer", retry_transfer},
        {"set_auto_accept", set_auto_accept},
    };
}

}  // namespace kith::control
