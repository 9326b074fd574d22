// SPDX-License-Identifier: MIT
#include "app/profile/profile_paths.hpp"

#include <algorithm>

#include "app/profile/profile_folder.hpp"

namespace kith::profile {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t socket_path_max = 107;  ///< unix(7): 108 bytes with the final NUL
constexpr int fresh_profiles_max = 10'000;    ///< more means something else is wrong

bool valid_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
}

Expected<fs::path> folder_of_name(const std::string& name, const Environment& environment) {
    if (!valid_profile_name(name))
        return fail(Errc::bad_name,
                    "A profile cannot have this name. Use 1 to 64 letters, digits, \".\", "
                    "\"_\" or \"-\", not beginning with \".\".");
    const auto base = base_folders(environment);
    if (!base) return tl::unexpected(base.error());
    return base->data / "kith" / "profiles" / name;
}

Expected<fs::path> folder_given(const std::string& text) {
    std::error_code error;
    const fs::path folder = fs::absolute(text, error).lexically_normal();
    if (text.empty() || error)
        return fail(Errc::bad_path, "--profile-dir needs the path of a folder.");
    return folder.has_filename() ? folder : folder.parent_path();  // "dir/" is "dir"
}

}  // namespace

bool valid_profile_name(std::string_view name) {
    return !name.empty() && name.size() <= profile_name_max && name.front() != '.' &&
           std::all_of(name.begin(), name.end(), valid_character);
}

Expected<ProfilePaths> resolve_profile(const ProfileChoice& choice,
                                       const Environment& environment) {
    const auto folder =
        choice.folder
            ? folder_given(*choice.folder)
            : folder_of_name(choice.name.value_or(std::string(default_profile)), environment);
    if (!folder) return tl::unexpected(folder.error());
    ProfilePaths paths{*folder};
    if (paths.control_socket().native().size() > socket_path_max)
        return fail(Errc::bad_path,
                    "The path of the profile folder " + quoted(*folder) +
                        " is too long for the control socket in it. Choose a shorter one "
                        "with --profile-dir.");
    return paths;
}

Expected<std::string> create_fresh_profile(const Environment& environment) {
    for (int number = 2; number < fresh_profiles_max; ++number) {
        std::string name = "instance-" + std::to_string(number);
        const auto paths = resolve_profile({name, {}}, environment);
        if (!paths) return tl::unexpected(paths.error());
        auto created = create_folder(*paths);
        if (created) return name;
        if (created.error().code != Errc::exists) return tl::unexpected(created.error());
    }
    return fail(Errc::exists, "There are too many profiles. Delete those you no longer need.");
}

}  // namespace kith::profile
