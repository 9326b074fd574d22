// SPDX-License-Identifier: MIT
#include "gui/review_list.hpp"

#include <algorithm>

namespace kith::gui {

void ReviewList::open(const model::TransferId& transfer) {
    *this = {};
    transfer_ = transfer;
}

std::optional<model::ListTransferFiles> ReviewList::next_question() {
    if (!transfer_ || asked_ || !error_.empty() || complete()) return std::nullopt;
    asked_ = model::ListTransferFiles{*transfer_, static_cast<std::uint32_t>(entries_.size()),
                                      page_size};
    return asked_;
}

void ReviewList::take(const model::ListTransferFiles& asked, const model::TransferFiles& page) {
    if (!asked_ || asked_->transfer != asked.transfer || asked_->first != asked.first) return;
    asked_.reset();
    known_ = true;
    total_ = static_cast<std::uint32_t>(std::min<std::size_t>(page.entries, entries_max));
    folder_ = page.folder;
    free_bytes_ = page.free_bytes;
    for (const auto& file : page.files)
        if (entries_.size() < total_) append(file);
    if (page.files.empty()) total_ = static_cast<std::uint32_t>(entries_.size());
}

void ReviewList::failed(const model::ListTransferFiles& asked, std::string error) {
    if (!asked_ || asked_->transfer != asked.transfer) return;
    asked_.reset();
    error_ = std::move(error);
}

// Folders stand before what is in them; what stands elsewhere is shown without one.
void ReviewList::append(const model::TransferFile& file) {
    ReviewEntry entry{.path = file.path, .size = file.size, .folder = file.folder};
    entry.selected = file.selected;
    const auto index = static_cast<std::int32_t>(entries_.size());
    const auto slash = file.path.rfind('/');
    if (slash != std::string::npos) {
        const auto parent = folders_.find(file.path.substr(0, slash));
        if (parent != folders_.end()) entry.parent = parent->second;
    }
    if (entry.parent >= 0)
        entry.depth =
            static_cast<std::uint16_t>(entries_[static_cast<std::size_t>(entry.parent)].depth + 1);
    if (file.folder) {
        folders_.emplace(file.path, index);
    } else {
        ++files_;
        files_selected_ += entry.selected ? 1 : 0;
        bytes_selected_ += entry.selected ? entry.size : 0;
        for (auto at = entry.parent; at >= 0; at = entries_[static_cast<std::size_t>(at)].parent) {
            ReviewEntry& above = entries_[static_cast<std::size_t>(at)];
            ++above.below;
            above.below_selected += entry.selected ? 1 : 0;
        }
    }
    entries_.push_back(std::move(entry));
}

void ReviewList::set(std::size_t index, bool on) {
    ReviewEntry& entry = entries_[index];
    if (entry.selected == on) return;
    entry.selected = on;
    if (entry.folder) return;
    files_selected_ += on ? 1U : static_cast<std::uint32_t>(-1);
    bytes_selected_ += on ? entry.size : 0 - entry.size;
    for (auto at = entry.parent; at >= 0; at = entries_[static_cast<std::size_t>(at)].parent)
        entries_[static_cast<std::size_t>(at)].below_selected +=
            on ? 1U : static_cast<std::uint32_t>(-1);
}

// A folder stands before what is in it, so one pass finds everything beneath it. What is chosen
// needs the folders around it.
void ReviewList::select(std::size_t index, bool on) {
    if (index >= entries_.size()) return;
    set(index, on);
    if (on)
        for (auto at = entries_[index].parent; at >= 0;
             at = entries_[static_cast<std::size_t>(at)].parent)
            set(static_cast<std::size_t>(at), true);
    if (!entries_[index].folder) return;
    std::vector<bool> beneath(entries_.size() - index, false);
    beneath[0] = true;
    for (std::size_t i = index + 1; i < entries_.size(); ++i) {
        const auto parent = entries_[i].parent;
        if (parent < static_cast<std::int32_t>(index)) continue;
        if (!beneath[static_cast<std::size_t>(parent) - index]) continue;
        beneath[i - index] = true;
        set(i, on);
    }
}

void ReviewList::select_all(bool on) {
    for (std::size_t i = 0; i < entries_.size(); ++i) set(i, on);
}

std::optional<std::vector<std::uint32_t>> ReviewList::selection() const {
    std::vector<std::uint32_t> chosen;
    for (std::size_t i = 0; i < entries_.size(); ++i)
        if (entries_[i].selected) chosen.push_back(static_cast<std::uint32_t>(i));
    if (chosen.size() == entries_.size()) return std::nullopt;
    return chosen;
}

}  // namespace kith::gui
