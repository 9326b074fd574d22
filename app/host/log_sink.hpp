// SPDX-License-Identifier: MIT
//
// Notices as lines on standard error: time, level, sentence; never a message's text. Network
// thread.
#pragma once

#include <string_view>

#include "app/model/node_port.hpp"

namespace kith::host {

class LogSink final : public model::EventSink {
public:
    /// `level`: error, warning, info or debug; less important notices are left out.
    explicit LogSink(std::string_view level);
    void on_event(const model::Event& event) override;

private:
    model::NoticeLevel least_;
};

}  // namespace kith::host
