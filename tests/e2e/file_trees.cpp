// SPDX-License-Identifier: MIT
#include "tests/e2e/file_trees.hpp"

#include <fstream>
#include <sstream>

namespace kith::e2e {

namespace fs = std::filesystem;

void write_file(const fs::path& file, const std::string& bytes) {
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << bytes;
}

void write_random(const fs::path& file, std::size_t size, std::mt19937_64& random) {
    std::string bytes(size, '\0');
    std::size_t at = 0;
    while (at < size) {
        const auto draw = random();
        for (int shift = 0; shift < 64 && at < size; shift += 8)
            bytes[at++] = static_cast<char>(draw >> shift & 0xFF);
    }
    write_file(file, bytes);
}

std::string read_file(const fs::path& file) {
    std::ostringstream bytes;
    bytes << std::ifstream(file, std::ios::binary).rdbuf();
    return bytes.str();
}

std::map<std::string, std::string> tree_of(const fs::path& folder) {
    std::map<std::string, std::string> tree;
    if (!fs::exists(folder)) return tree;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        const auto name = fs::relative(entry.path(), folder).string();
        if (entry.is_directory()) {
            tree[name + "/"] = "";
        } else {
            tree[name] = read_file(entry.path());
        }
    }
    return tree;
}

}  // namespace kith::e2e
