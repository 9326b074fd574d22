// SPDX-License-Identifier: MIT
//
// How the replies read for a person. Strings of other people come out escaped, members of odd kinds
// are passed over. For cli_commands.cpp.
#pragma once

#include "app/control/cli_commands.hpp"

namespace kith::control::printing {

void connection_id(const Json& reply, const Printing& to);
void peers(const Json& reply, const Printing& to);
void nearby(const Json& reply, const Printing& to);
void found(const Json& reply, const Printing& to);
void network(const Json& reply, const Printing& to);
void relays(const Json& reply, const Printing& to);
void claimed(const Json& reply, const Printing& to);
void found_name(const Json& reply, const Printing& to);
void requests(const Json& reply, const Printing& to);
void added(const Json& reply, const Printing& to);
void message_id(const Json& reply, const Printing& to);
void history(const Json& reply, const Printing& to);
void hits(const Json& reply, const Printing& to);
void exported(const Json& reply, const Printing& to);
void conversation_deleted(const Json& reply, const Printing& to);
void settings(const Json& reply, const Printing& to);
void backed_up(const Json& reply, const Printing& to);
void transfers(const Json& reply, const Printing& to);
void landed(const Json& reply, const Printing& to);
void nothing(const Json& reply, const Printing& to);

}  // namespace kith::control::printing
