// SPDX-License-Identifier: MIT
//
// A transfer that is received from nowhere: what the tests of landing and sink share.
#pragma once

#include <filesystem>
#include <functional>

#include "app/files/received_files.hpp"

namespace kith::files::test {

/// A fresh folder, in memory where there is one; removed with all it holds.
class TempFolder {
public:
    TempFolder();
    ~TempFolder();
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

[[nodiscard]] std::string contents(const std::filesystem::path& file);
void write_contents(const std::filesystem::path& file, const std::string& bytes);
/// Paths of everything in it, sorted; folders end with "/".
[[nodiscard]] std::vector<std::string> listing(const std::filesystem::path& folder);
[[nodiscard]] unsigned mode(const std::filesystem::path& path);  ///< the permission bits
/// The exit code of `action`, run in another process.
[[nodiscard]] int in_another_process(const std::function<void()>& action);

[[nodiscard]] net::ManifestEntry folder_entry(std::string path);
[[nodiscard]] net::ManifestEntry file_entry(std::string path, std::uint64_t size);
/// Holiday/{.hidden, empty/, run.sh (3), nothing} and photo.jpg (5).
[[nodiscard]] net::Manifest holiday();
[[nodiscard]] net::Manifest one_file(std::uint64_t size);  ///< photo.jpg
[[nodiscard]] std::vector<std::uint32_t> everything(const net::Manifest& manifest);
/// What the sender has: no two files are alike, and no two places of one.
[[nodiscard]] std::string offered(const net::Manifest& manifest, std::uint32_t entry);

/// What the sender was told.
struct Told {
    std::array<net::Landed, 64> of{};
};

struct Transfer {
    explicit Transfer(net::Manifest what);

    [[nodiscard]] std::filesystem::path destination() const { return folder.path() / "in"; }
    [[nodiscard]] std::string journal() const { return folder.path() / "journal"; }
    [[nodiscard]] net::FileResult<std::unique_ptr<ReceivedFiles>> open(
        const FileCalls& calls = system_calls()) const {
        return ReceivedFiles::open(manifest, selected, landing, journal(), tag, calls);
    }
    /// Into `destination`, under the manifest's names.
    [[nodiscard]] net::FileResult<Landing> choose(const FileCalls& calls = system_calls()) const;

    TempFolder folder{};
    net::Manifest manifest;
    std::vector<std::uint32_t> selected;
    Landing landing{};
    std::string tag = "0123abcd";
};

struct Pace {
    std::size_t piece = 100'000;        // bytes written at a time
    std::size_t pieces_per_commit = 0;  // 0: only whole files
    std::size_t files_per_commit = 2;
};

/// All that is not done. Gives the first error, and goes on with the others.
std::optional<net::FileError> receive(const Transfer& transfer, ReceivedFiles& into,
                                      const Pace& pace, Told* told = nullptr);

}  // namespace kith::files::test
