// SPDX-License-Identifier: MIT
//
// Typed reading of the fields of one request. The first fault is kept and every later read gives a
// default, so that a command reads all it needs in one expression and is refused afterwards.
// For app/control's own files.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "app/model/node_port.hpp"

namespace kith::control {

inline constexpr std::size_t whole_number_max = 9'000'000'000'000'000;  ///< exact in JSON
inline constexpr std::size_t entry_max = 0xFFFF'FFFF;  ///< index in a transfer's list

class Fields {
public:
    Fields(const nlohmann::json& object, const model::NodePort& node)
        : object_(object), node_(node) {}

    [[nodiscard]] const std::optional<model::Error>& error() const { return error_; }

    std::string string(const char* name);
    /// 1 to `max` bytes that are not all white space. Codes: empty, too_long.
    std::string text(const char* name, std::size_t max);
    /// 0 to `max` bytes. Code: too_long.
    std::string text_or_empty(const char* name, std::size_t max);
    /// Empty when absent. Code: too_long, counted in code points.
    std::string optional_text(const char* name, std::size_t code_points_max);
    bool boolean(const char* name);
    std::size_t integer(const char* name, std::size_t min, std::size_t max, std::size_t absent);
    std::size_t required_integer(const char* name, std::size_t min, std::size_t max);
    std::optional<bool> optional_boolean(const char* name);
    std::optional<std::size_t> optional_integer(const char* name, std::size_t min, std::size_t max);
    std::optional<double> optional_number(const char* name, double min, double max);
    std::optional<std::string> optional_string(const char* name);
    /// Absolute, as client and instance run in different folders; without a NUL.
    std::string path(const char* name);
    /// A file or folder for a transfer, absolute. Codes: empty, too_long, bad_path.
    std::string place(const char* name);
    /// 1 to `max` of them. Codes: nothing_to_send, too_many, and those of place().
    std::vector<std::string> places(const char* name, std::size_t max);
    model::TransferId transfer();
    /// Indexes in a transfer's list; comes back ascending, each once. Code: bad_selection.
    std::optional<std::vector<std::uint32_t>> optional_entries(const char* name);
    /// At most model::password_max bytes; faults are told without it. Code: too_long.
    std::string password(const char* name);
    /// Resolved by the node. Codes: no_such_peer, ambiguous_peer.
    model::PeerId peer();
    std::optional<model::PeerId> optional_peer();
    /// All 64 digits, also of somebody unknown.
    std::optional<model::PeerId> optional_fingerprint(const char* name);
    model::MessageId message(const char* name);
    std::optional<model::MessageId> optional_message(const char* name);
    /// Absent and null are the same.
    [[nodiscard]] bool has(const char* name) const;
    void refuse(std::string code, std::string text);

private:
    const nlohmann::json* required(const char* name);
    void check_place(const char* name, const std::string& path);

    const nlohmann::json& object_;
    const model::NodePort& node_;
    std::optional<model::Error> error_;
};

[[nodiscard]] std::size_t code_points(std::string_view utf8);

}  // namespace kith::control
