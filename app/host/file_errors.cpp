// SPDX-License-Identifier: MIT
#include "app/host/file_errors.hpp"

namespace kith::host {

namespace fs = std::filesystem;

model::Error file_error(profile::Errc code, const fs::path& file) {
    const auto name = profile::quoted(file);
    switch (code) {
        case profile::Errc::exists:
            return {"exists", name + " exists already and stays as it is. Choose another name."};
        case profile::Errc::missing:
            return {"no_such_folder", "The folder " + profile::quoted(file.parent_path()) +
                                          " does not exist. Choose another one, or make it first."};
        case profile::Errc::bad_path:
            return {"bad_path", name + " cannot be a file. Choose another place."};
        case profile::Errc::full:
            return {"disk_full", "The disk is full: " + name +
                                     " was not written. Free some space and try again."};
        case profile::Errc::denied:
            return {"read_only", "Kith may not write " + name + ". Choose a folder of your own."};
        default:
            return {"io", "Writing " + name + " failed. Check the disk and try again."};
    }
}

tl::expected<void, model::Error> check_new_file(const fs::path& file) {
    if (!file.is_absolute() || !file.has_filename() ||
        file.native().find('\0') != std::string::npos) {
        return tl::unexpected(model::Error{
            "bad_path", "The file has to be given with its whole path, from \"/\" on."});
    }
    std::error_code error;
    if (fs::exists(fs::symlink_status(file, error)))
        return tl::unexpected(file_error(profile::Errc::exists, file));
    if (!fs::is_directory(file.parent_path(), error))
        return tl::unexpected(file_error(profile::Errc::missing, file));
    return {};
}

model::Error to_model(const profile::Error& error) {
    switch (error.code) {
        case profile::Errc::wrong_password:
            return {"wrong_password", error.text};
        case profile::Errc::full:
            return {"disk_full", error.text};
        case profile::Errc::denied:
            return {"read_only", error.text};
        default:
            return {"key_file", error.text};
    }
}

model::Error to_model(const store::Error& error) {
    switch (error.code) {
        case store::Errc::damaged:
        case store::Errc::wrong_key:
            return {"damaged", error.text};
        case store::Errc::newer_version:
            return {"newer_version", error.text};
        case store::Errc::full:
            return {"disk_full", error.text};
        case store::Errc::read_only:
            return {"read_only", error.text};
        case store::Errc::overloaded:
            return {"busy", error.text};
        default:
            return {"storage", error.text};
    }
}

}  // namespace kith::host
