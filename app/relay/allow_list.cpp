// SPDX-License-Identifier: MIT
#include "app/relay/allow_list.hpp"

#include <algorithm>

#include "app/relay/text_file.hpp"

namespace kith::relay {
namespace {

constexpr std::string_view white = " \t\r";

/// The line without comment and white space around it.
std::string_view content(std::string_view line) {
    line = line.substr(0, line.find('#'));
    const auto first = line.find_first_not_of(white);
    if (first == std::string_view::npos) return {};
    return line.substr(first, line.find_last_not_of(white) - first + 1);
}

std::optional<crypto::Fingerprint> parse_fingerprint(std::string_view text) {
    const auto bytes = crypto::from_hex(text);
    crypto::Fingerprint result;
    if (!bytes || bytes->size() != result.bytes.size()) return std::nullopt;
    std::ranges::copy(*bytes, result.bytes.begin());
    return result;
}

}  // namespace

tl::expected<AllowList, std::string> parse_allow_list(std::string_view text,
                                                      const std::string& file_name) {
    AllowList list;
    for (std::size_t line = 1; !text.empty(); ++line) {
        const auto end = std::min(text.find('\n'), text.size());
        const auto person = content(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        if (person.empty()) continue;
        const auto fingerprint = parse_fingerprint(person);
        if (!fingerprint)
            return tl::unexpected(file_name + ", line " + std::to_string(line) +
                                  ": This is no fingerprint, which has 64 hex digits.");
        list.insert(*fingerprint);
    }
    return list;
}

tl::expected<AllowList, std::string> read_allow_list(const std::filesystem::path& file) {
    const auto text = read_text_file(file, allow_file_max);
    if (!text) return tl::unexpected(text.error());
    return parse_allow_list(*text, file.string());
}

}  // namespace kith::relay
