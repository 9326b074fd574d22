// SPDX-License-Identifier: MIT
#include "app/store/mailbox/mailbox_errors.hpp"

namespace kith::store::mailbox {
namespace {

/// What stands in brackets at the end: SQLite's own words.
std::string details(const std::string& text) {
    const auto at = text.rfind(" (");
    return at != std::string::npos && text.ends_with(')') ? text.substr(at) : std::string{};
}

std::string sentence(Errc code, const std::string& name) {
    switch (code) {
        case Errc::full:
            return "The disk that holds the mailbox " + name +
                   " is full: nothing new is kept until there is room.";
        case Errc::read_only:
            return "The mailbox " + name +
                   " cannot be written. Make the file and its folder writable for the relay.";
        case Errc::wrong_key:
        case Errc::damaged:
            return "The file " + name +
                   " is damaged, or is no mailbox of a relay. Move it away, with what lies beside "
                   "it under the same name, or restore all of it from a copy.";
        case Errc::newer_version:
            return "The mailbox " + name +
                   " was written by a newer kith-relay. Run that version or a later one.";
        default:
            return "Reading or writing the mailbox " + name + " failed. Check the disk.";
    }
}

}  // namespace

Error in_relay_words(const Error& error, const std::string& file) {
    return {error.code, sentence(error.code, "\"" + file + "\"") + details(error.text)};
}

}  // namespace kith::store::mailbox
