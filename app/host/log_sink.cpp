// SPDX-License-Identifier: MIT
#include "app/host/log_sink.hpp"

#include <iostream>

#include "app/control/terminal_text.hpp"

namespace kith::host {
namespace {

std::string_view word(model::NoticeLevel level) {
    switch (level) {
        case model::NoticeLevel::info:
            return "info";
        case model::NoticeLevel::warning:
            return "warning";
        case model::NoticeLevel::error:
            return "error";
    }
    return "info";
}

}  // namespace

LogSink::LogSink(std::string_view level)
    : least_(level == "error"     ? model::NoticeLevel::error
             : level == "warning" ? model::NoticeLevel::warning
                                  : model::NoticeLevel::info) {}

void LogSink::on_event(const model::Event& event) {
    const auto* notice = std::get_if<model::Notice>(&event);
    if (notice == nullptr || notice->level < least_) return;
    std::cerr << model::to_rfc3339(notice->at) << ' ' << word(notice->level) << ' '
              << control::safe_name(notice->text) << '\n';
}

}  // namespace kith::host
