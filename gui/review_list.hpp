// SPDX-License-Identifier: MIT
//
// The list of one transfer while a person looks through it: read page by page, and what of it is
// chosen. Choosing a folder chooses everything beneath it. Plain data; UI thread.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "app/model/command.hpp"

namespace kith::gui {

struct ReviewEntry {
    std::string path;  ///< as it came: to be made safe before it is shown
    std::uint64_t size = 0;
    std::int32_t parent = -1;  ///< the folder it is in, among the entries
    std::uint16_t depth = 0;
    bool folder = false;
    bool selected = true;
    std::uint32_t below = 0, below_selected = 0;  ///< of a folder: files in it, at any depth
};

class ReviewList {
public:
    static constexpr std::size_t page_size = 1000;
    static constexpr std::size_t entries_max = 200'000;  ///< as a list may have

    /// Forgets what was there.
    void open(const model::TransferId& transfer);
    void close() { *this = {}; }
    /// What has to be asked now, if anything; it counts as asked.
    [[nodiscard]] std::optional<model::ListTransferFiles> next_question();
    void take(const model::ListTransferFiles& asked, const model::TransferFiles& page);
    void failed(const model::ListTransferFiles& asked, std::string error);

    void select(std::size_t entry, bool on);
    void select_all(bool on);

    [[nodiscard]] const std::vector<ReviewEntry>& entries() const { return entries_; }
    [[nodiscard]] const std::optional<model::TransferId>& transfer() const { return transfer_; }
    [[nodiscard]] std::uint32_t total() const { return total_; }
    [[nodiscard]] bool complete() const { return known_ && entries_.size() >= total_; }
    [[nodiscard]] const std::string& error() const { return error_; }
    [[nodiscard]] const std::string& folder() const { return folder_; }
    [[nodiscard]] std::optional<std::uint64_t> free_bytes() const { return free_bytes_; }
    [[nodiscard]] std::uint32_t files() const { return files_; }
    [[nodiscard]] std::uint32_t files_selected() const { return files_selected_; }
    [[nodiscard]] std::uint64_t bytes_selected() const { return bytes_selected_; }
    /// Indices, ascending; nothing when all is chosen.
    [[nodiscard]] std::optional<std::vector<std::uint32_t>> selection() const;

private:
    void append(const model::TransferFile& file);
    void set(std::size_t entry, bool on);

    std::optional<model::TransferId> transfer_;
    std::optional<model::ListTransferFiles> asked_;
    std::vector<ReviewEntry> entries_;
    std::unordered_map<std::string, std::int32_t> folders_;
    std::uint32_t total_ = 0;
    bool known_ = false;
    std::string error_, folder_;
    std::optional<std::uint64_t> free_bytes_;
    std::uint32_t files_ = 0, files_selected_ = 0;
    std::uint64_t bytes_selected_ = 0;
};

}  // namespace kith::gui
