// SPDX-License-Identifier: MIT
#include "gui/atomic_file.hpp"

#include <fstream>
#include <system_error>

namespace kith::gui {

bool write_atomically(const std::filesystem::path& path, std::string_view content) {
    std::filesystem::path fresh = path;
    fresh += ".new";
    {
        std::ofstream file(fresh, std::ios::binary | std::ios::trunc);
        file.write(content.data(), static_cast<std::streamsize>(content.size()));
        if (!file.flush()) return false;
    }
    std::error_code error;
    std::filesystem::rename(fresh, path, error);
    return !error;
}

}  // namespace kith::gui
