// SPDX-License-Identifier: MIT
//
// Words that stand for what nobody may find, in the spellings that programs leave behind: as they
// are, UTF-16, hexadecimal, base64.
#pragma once

#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "crypto/bytes.hpp"

namespace kith::e2e {

/// ASCII text as UTF-16.
inline std::string utf16(const std::string& text, bool big_endian) {
    std::string out;
    for (const char c : text) out += big_endian ? std::string{'\0', c} : std::string{c, '\0'};
    return out;
}

/// Base64 of `text` at each of the three positions it can have within a longer string, without the
/// digits its neighbours decide. Both alphabets agree on letters and digits, which is all it has.
inline std::vector<std::string> base64_spellings(const std::string& text) {
    std::vector<std::string> all;
    for (std::size_t offset = 0; offset < 3; ++offset) {
        const std::string padded = std::string(offset, 'x') + text;
        const std::string whole = crypto::to_base64url(crypto::view(padded));
        const std::size_t first = (offset * 8 + 5) / 6, last = padded.size() * 8 / 6;
        all.push_back(whole.substr(first, last - first));
    }
    return all;
}

inline std::vector<std::string> spellings(const std::string& canary) {
    std::vector<std::string> all{canary, utf16(canary, false), utf16(canary, true),
                                 crypto::to_hex(crypto::view(canary))};
    const auto base64 = base64_spellings(canary);
    all.insert(all.end(), base64.begin(), base64.end());
    return all;
}

inline void check_absent(const std::string& haystack, const std::vector<std::string>& canaries) {
    for (const auto& canary : canaries) {
        INFO(canary);
        for (const auto& spelling : spellings(canary))
            CHECK(haystack.find(spelling) == std::string::npos);
    }
}

/// Names and contents, one after the other; of a file its content.
inline std::string everything_below(const std::filesystem::path& folder) {
    std::ostringstream all;
    if (std::filesystem::is_regular_file(folder))
        all << std::ifstream(folder, std::ios::binary).rdbuf();
    if (!std::filesystem::is_directory(folder)) return all.str();
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        all << entry.path().string() << "\n";
        if (entry.is_regular_file()) all << std::ifstream(entry.path(), std::ios::binary).rdbuf();
    }
    return all.str();
}

}  // namespace kith::e2e
