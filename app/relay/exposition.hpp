// SPDX-License-Identifier: MIT
//
// Prometheus' text format, version 0.0.4:
// https://prometheus.io/docs/instrumenting/exposition_formats/
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace kith::relay {

class Exposition {
public:
    static constexpr std::string_view content_type = "text/plain; version=0.0.4; charset=utf-8";

    /// What goes up and down.
    void gauge(std::string_view name, std::string_view help, std::uint64_t value);
    /// What only grows; `name` ends in "_total".
    void counter(std::string_view name, std::string_view help, std::uint64_t value);
    /// One counter with several labels: the family, then each of its values.
    void counter_family(std::string_view name, std::string_view help);
    void labelled(std::string_view name, std::string_view label, std::string_view label_value,
                  std::uint64_t value);

    [[nodiscard]] const std::string& text() const { return text_; }

private:
    void head(std::string_view name, std::string_view help, std::string_view type);

    std::string text_;
};

}  // namespace kith::relay
