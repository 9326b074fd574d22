// SPDX-License-Identifier: MIT
#include "app/control/transfer_progress.hpp"

#include <ostream>

#include "app/control/amounts.hpp"
#include "app/control/json_read.hpp"

namespace kith::control {
namespace {

/// At most `columns` code points: a longer line would not be written over as a whole.
std::string cut(const std::string& utf8, std::size_t columns) {
    std::size_t seen = 0;
    for (std::size_t i = 0; i < utf8.size(); ++i) {
        const bool begins = (static_cast<unsigned char>(utf8[i]) & 0xC0) != 0x80;
        if (begins && seen++ == columns) return utf8.substr(0, i);
    }
    return utf8;
}

std::string moving_words(const Json& transfer) {
    constexpr std::size_t name_columns = 30;
    std::string words = cut(name_in(transfer, "name"), name_columns) + "  " +
                        std::to_string(percent_of(transfer)) + "%  " +
                        size_words(number_in(transfer, "bytes")) + " of " +
                        size_words(number_in(transfer, "total")) + "  " +
                        size_words(number_in(transfer, "rate")) + "/s";
    if (member(transfer, "eta").is_number())
        words += "  " + time_words(number_in(transfer, "eta")) + " left";
    return words;
}

std::string with_reason(std::string sentence, const Json& transfer) {
    const std::string why = name_in(transfer, "error");
    return why.empty() ? sentence + "." : sentence + ": " + why;
}

}  // namespace

unsigned percent_of(const Json& transfer) {
    const auto bytes = number_in(transfer, "bytes"), total = number_in(transfer, "total");
    if (bytes >= total) return 100;
    return static_cast<unsigned>(static_cast<double>(bytes) / static_cast<double>(total) * 100);
}

bool is_over(const Json& transfer) {
    const std::string state = string_in(transfer, "state");
    return state == "done" || state == "failed" || state == "declined" || state == "cancelled";
}

std::string ending_words(const Json& transfer, const Recipient& to) {
    const std::string state = string_in(transfer, "state"), whom = safe_name(to.name);
    if (state == "done") {
        return "Sent " + name_in(transfer, "name") + " to " + whom + " (" +
               size_words(number_in(transfer, "total")) + ").";
    }
    if (state == "declined") return whom + " declined the files.";
    if (state == "cancelled") return with_reason("The transfer was cancelled", transfer);
    return with_reason("The transfer failed", transfer);
}

std::string progress_words(const Json& transfer, const Recipient& to) {
    const std::string state = string_in(transfer, "state"), whom = safe_name(to.name);
    if (state == "active") return moving_words(transfer);
    if (state == "paused")
        return flag_in(transfer, "paused_by_peer") ? "paused by " + whom : "paused";
    if (state == "offered") {
        return to.there ? "waiting for " + whom + " to accept"
                        : whom + " is offline; the offer waits";
    }
    const std::string why = name_in(transfer, "error");
    if (!why.empty()) return "waiting: " + why;
    return to.there ? "waiting for its turn" : whom + " is offline; the rest waits";
}

void TransferProgress::show(const Json& transfer, const Recipient& to) {
    const std::string words = progress_words(transfer, to);
    if (columns_ > 0) return overwrite(cut(words, columns_ - 1));
    const bool moving = string_in(transfer, "state") == "active";
    const std::string step = moving ? "tenth " + std::to_string(percent_of(transfer) / 10) : words;
    if (step == last_) return;
    last_ = step;
    out_ << words << std::endl;
}

void TransferProgress::overwrite(const std::string& words) {
    if (words == last_) return;
    last_ = words;
    out_ << "\r\x1b[K" << words << std::flush;
}

void TransferProgress::end() {
    if (columns_ > 0 && !last_.empty()) out_ << "\r\x1b[K" << std::flush;
    last_.clear();
}

}  // namespace kith::control
