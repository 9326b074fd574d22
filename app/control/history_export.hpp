// SPDX-License-Identifier: MIT
//
// A conversation as a file, piece by piece: head, one piece per message from the oldest to the
// newest, tail. Whoever writes the file (app/host) joins the pieces and never holds more than a
// page of them. Pure functions; any thread.
//
//   json  one document: {"kith_history":1, "peer":…, "messages":[ … ]}, message fields as on the
//         control socket
//   text  for people to read: one line per message, further lines indented; what a terminal would
//         obey is shown as <U+001B>
#pragma once

#include <string>

#include "app/model/command.hpp"

namespace kith::control {

/// Whose conversation, and when it was written down.
struct ExportHead {
    model::PeerId peer;
    std::string peer_name;  ///< as shown in the list
    model::PeerId self;
    std::string self_name;
    model::Timestamp exported_at = 0;
};

[[nodiscard]] std::string export_begin(model::ExportFormat format, const ExportHead& head);
/// `first`: nothing was written behind the head yet.
[[nodiscard]] std::string export_message(model::ExportFormat format, const ExportHead& head,
                                         const model::Message& message, bool first);
[[nodiscard]] std::string export_end(model::ExportFormat format);

}  // namespace kith::control
