// SPDX-License-Identifier: MIT
//
// Where incoming files go: a template of names that the person may choose, beneath the folder for
// received files. docs/user-guide.md, "Where files land". Free functions; any thread, but
// downloads_folder() reads a small file.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace kith::files {

/// As the default of the setting: beneath the folder for received files, one folder a person.
inline constexpr std::string_view default_naming = "{person}/{name}";
inline constexpr std::size_t naming_depth_max = 8;  ///< names with "/" between them

/// {person}, {date} (YYYYMMDD), {time} (HHMMSS, local), {name} (with extension), {stem}, {ext}
/// (with its dot); "/" makes folders. The time-stamped form is
/// "{date}_{time}_from_{person}_{stem}{ext}".
class NamingTemplate {
public:
    enum class Field : std::uint8_t { text, person, date, time, name, stem, extension, separator };
    struct Part {
        Field field = Field::text;
        std::string text{};
    };
    [[nodiscard]] const std::vector<Part>& parts() const noexcept { return parts_; }

private:
    friend tl::expected<NamingTemplate, std::string> parse_naming(std::string_view text);
    std::vector<Part> parts_{};
};

/// The error is a sentence: empty, absolute, "." or ".." as a name, an unknown field, an open
/// brace, too deep, or the last name without {name} or {stem}: files would get the same name.
[[nodiscard]] tl::expected<NamingTemplate, std::string> parse_naming(std::string_view text);

struct NamedFile {
    std::string_view name;    ///< as offered
    std::string_view person;  ///< as shown
    std::int64_t at = 0;      ///< milliseconds since 1970 UTC
};
/// Relative, of safe names.
[[nodiscard]] std::string place_of(const NamingTemplate& naming, const NamedFile& file);

/// The folder for downloads of this user: XDG_DOWNLOAD_DIR of user-dirs.dirs in `config_home`
/// ("": $XDG_CONFIG_HOME or ~/.config), else "Downloads" in `home`. Absolute. "" without a home.
[[nodiscard]] std::string downloads_folder(const std::string& home, std::string config_home = {});

}  // namespace kith::files
