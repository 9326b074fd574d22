// SPDX-License-Identifier: MIT
#include "app/relay/text_file.hpp"

#include <cerrno>
#include <fstream>
#include <system_error>

namespace kith::relay {
namespace {

tl::unexpected<std::string> cannot_read(const std::filesystem::path& file, const std::string& why) {
    return tl::unexpected("Cannot read \"" + file.string() + "\": " + why + ".");
}

}  // namespace

tl::expected<std::string, std::string> read_text_file(const std::filesystem::path& file,
                                                      std::size_t limit) {
    std::error_code failed;
    const bool regular = std::filesystem::is_regular_file(file, failed);
    if (failed) return cannot_read(file, failed.message());
    if (!regular) return cannot_read(file, "it is not a file");
    std::ifstream stream(file, std::ios::binary);
    if (!stream) return cannot_read(file, std::generic_category().message(errno));
    std::string text(limit + 1, '\0');  // one more: a file that is too large is noticed
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(stream.gcount()));
    if (text.size() > limit)
        return cannot_read(file, "it has more than " + std::to_string(limit) + " bytes");
    return text;
}

}  // namespace kith::relay
