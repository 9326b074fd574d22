// SPDX-License-Identifier: MIT
#include "tests/files/receiving.hpp"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <random>

#include "app/files/places.hpp"

namespace kith::files::test {

namespace fs = std::filesystem;

TempFolder::TempFolder() {
    std::random_device random;
    const fs::path memory = "/dev/shm";
    const fs::path in =
        access(memory.c_str(), W_OK | X_OK) == 0 ? memory : fs::temp_directory_path();
    do path_ = in / ("kith-files-" + std::to_string(random()));
    while (!fs::create_directory(path_));
}

TempFolder::~TempFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

std::string contents(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void write_contents(const fs::path& file, const std::string& bytes) {
    std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
}

std::vector<std::string> listing(const fs::path& folder) {
    std::vector<std::string> out;
    for (const auto& one : fs::recursive_directory_iterator(folder)) {
        auto path = one.path().lexically_relative(folder).string();
        if (one.is_directory() && !one.is_symlink()) path += '/';
        out.push_back(std::move(path));
    }
    std::ranges::sort(out);
    return out;
}

unsigned mode(const fs::path& path) {
    struct stat status {};
    return lstat(path.c_str(), &status) == 0 ? status.st_mode & 07777U : 0U;
}

int in_another_process(const std::function<void()>& action) {
    const pid_t child = fork();
    if (child == 0) {
        action();
        std::_Exit(0);
    }
    int status = -1;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

net::ManifestEntry folder_entry(std::string path) { return {std::move(path), true, false, 0, 0}; }

net::ManifestEntry file_entry(std::string path, std::uint64_t size) {
    return {std::move(path), false, false, size, 1'600'000'000'123};
}

net::Manifest holiday() {
    net::Manifest out;
    out.entries = {folder_entry("Holiday"),          file_entry("Holiday/.hidden", 3),
                   folder_entry("Holiday/empty"),    file_entry("Holiday/run.sh", 3'000'000),
                   file_entry("Holiday/nothing", 0), file_entry("photo.jpg", 1234)};
    out.entries[3].executable = true;
    return out;
}

net::Manifest one_file(std::uint64_t size) {
    net::Manifest out;
    out.entries = {file_entry("photo.jpg", size)};
    return out;
}

std::vector<std::uint32_t> everything(const net::Manifest& manifest) {
    std::vector<std::uint32_t> out(manifest.entries.size());
    for (std::uint32_t i = 0; i < out.size(); ++i) out[i] = i;
    return out;
}

std::string offered(const net::Manifest& manifest, std::uint32_t entry) {
    std::string out(manifest.entries[entry].size, '\0');
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] = static_cast<char>(((i / 251) * 31 + i * 7 + entry * 13 + 1) % 251 + 1);
    return out;
}

Transfer::Transfer(net::Manifest what) : manifest(std::move(what)), selected(everything(manifest)) {
    if (auto chosen = choose()) landing = std::move(*chosen);
}

net::FileResult<Landing> Transfer::choose(const FileCalls& calls) const {
    LandingOrder order{destination(), {}};
    for (const auto& entry : manifest.entries)
        if (is_top_level(entry)) order.wished.push_back(entry.path);
    return choose_landing(order, manifest, calls);
}

namespace {

class Receiving {
public:
    Receiving(const Transfer& transfer, ReceivedFiles& into, const Pace& pace, Told* told)
        : transfer_(transfer), into_(into), pace_(pace), told_(told) {}

    std::optional<net::FileError> run() {
        std::size_t files = 0;
        for (const auto& [entry, landed] : into_.have()) {
            if (landed.done) continue;
            note(one(entry));
            if (++files % pace_.files_per_commit == 0) commit();
        }
        commit();
        return std::move(first_);
    }

private:
    net::FileResult<void> one(std::uint32_t entry) {
        const auto offset = into_.open(entry);
        if (!offset) return tl::unexpected(offset.error());
        const std::string bytes = offered(transfer_.manifest, entry);
        std::size_t pieces = 0;
        for (std::size_t at = *offset; at < bytes.size(); at += pace_.piece) {
            const auto piece = std::string_view(bytes).substr(at, pace_.piece);
            if (auto written = into_.write(crypto::view(piece)); !written) return written;
            if (pace_.pieces_per_commit > 0 && ++pieces % pace_.pieces_per_commit == 0) commit();
        }
        return into_.close();
    }
    void commit() {
        for (auto& progress : into_.commit()) {
            if (progress.error)
                note(tl::unexpected(*progress.error));
            else if (told_ != nullptr)
                told_->of.at(progress.entry) = progress.landed;
        }
    }
    void note(const net::FileResult<void>& result) {
        if (!result && !first_) first_ = result.error();
    }

    const Transfer& transfer_;
    ReceivedFiles& into_;
    const Pace pace_;
    Told* told_;
    std::optional<net::FileError> first_{};
};

}  // namespace

std::optional<net::FileError> receive(const Transfer& transfer, ReceivedFiles& into,
                                      const Pace& pace, Told* told) {
    return Receiving(transfer, into, pace, told).run();
}

}  // namespace kith::files::test
