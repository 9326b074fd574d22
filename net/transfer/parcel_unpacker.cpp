// SPDX-License-Identifier: MIT
#include "net/transfer/parcel_unpacker.hpp"

#include <algorithm>

namespace kith::net {
namespace {

constexpr std::size_t payload_size = 64 * 1024;

}  // namespace

ParcelUnpacker::ParcelUnpacker(const Manifest& manifest, const std::vector<std::uint32_t>& selected,
                               std::uint64_t before)
    : payload_(payload_size) {
    std::uint64_t at = before;
    auto next = selected.begin();
    for (std::uint32_t entry = 0; entry < manifest.entries.size(); ++entry) {
        const auto& named = manifest.entries[entry];
        const bool agreed = next != selected.end() && *next == entry;
        if (agreed) ++next;
        if (agreed && !named.folder) files_.push_back({entry, at, named.size, false, false});
        at += named.size;
    }
}

ParcelUnpacker::File* ParcelUnpacker::find(std::uint32_t entry) {
    const auto found = std::ranges::lower_bound(files_, entry, {}, &File::entry);
    return found == files_.end() || found->entry != entry ? nullptr : &*found;
}

// --- what the receiving end says ---

bool ParcelUnpacker::on_payload(ByteView payload) {
    bulk::ItemReader items(payload);
    while (const auto item = items.next()) {
        if (!take(*item)) return false;
    }
    go_on();
    return !items.malformed();
}

bool ParcelUnpacker::take(const bulk::Item& item) {
    if (const auto* want = std::get_if<bulk::Want>(&item)) {
        // So many of those that were agreed on, from this one on.
        const auto first = std::ranges::lower_bound(files_, want->first, {}, &File::entry);
        const auto left = static_cast<std::size_t>(files_.end() - first);
        if (started_ || want->count > left) return false;
        for (auto file = first; file != first + want->count; ++file) file->wanted = true;
        return true;
    }
    if (const auto* have = std::get_if<bulk::Have>(&item)) {
        File* file = find(have->entry);
        if (started_ || file == nullptr) return false;
        file->begun_before = true;
        return true;
    }
    if (std::holds_alternative<bulk::Start>(item)) started_ = true;
    return true;  // what has landed, and what has not, is the receiver's concern
}

// --- what it is told ---

std::optional<std::uint32_t> ParcelUnpacker::wanted() const {
    if (!open_) return std::nullopt;
    return static_cast<std::uint32_t>(at_ / crypto::parcel_piece);
}

void ParcelUnpacker::go_on() {
    while (started_ && !all_sent_ && !open_) {
        if (next_ == files_.size()) {
            say(bulk::AllSent{});
            all_sent_ = true;
        } else if (const File& file = files_[next_]; !file.wanted) {
            ++next_;
        } else {
            if (file.begun_before) say(bulk::Discard{file.entry});
            say(bulk::File{file.entry, 0});
            at_ = file.at;
            open_ = file.size > 0;
            if (open_) continue;
            say(bulk::End{});
            ++next_;
        }
    }
    flush();
}

void ParcelUnpacker::on_piece(ByteView plaintext) {
    const std::uint64_t begins = at_ / crypto::parcel_piece * crypto::parcel_piece;
    while (open_ && at_ - begins < plaintext.size()) {
        const File& file = files_[next_];
        const auto rest = plaintext.subspan(static_cast<std::size_t>(at_ - begins));
        const std::uint64_t left = file.at + file.size - at_;
        const auto part =
            rest.first(static_cast<std::size_t>(std::min<std::uint64_t>(rest.size(), left)));
        say_data(part);
        at_ += part.size();
        if (part.size() < left) break;
        say(bulk::End{});
        open_ = false;
        ++next_;
        go_on();
        if (open_ && at_ / crypto::parcel_piece * crypto::parcel_piece != begins) break;
    }
    flush();
}

void ParcelUnpacker::say(const bulk::Item& item) {
    if (payload_.size() - used_ < bulk::item_max) flush();
    bulk::ItemWriter out(crypto::MutableByteView(payload_).subspan(used_));
    out.put(item);
    used_ += out.size();
}

void ParcelUnpacker::say_data(ByteView bytes) {
    while (!bytes.empty()) {
        if (payload_.size() - used_ < bulk::item_max) flush();
        bulk::ItemWriter out(crypto::MutableByteView(payload_).subspan(used_));
        const auto room = out.data_room(bytes.size());
        std::copy_n(bytes.begin(), room.size(), room.begin());
        out.put_data(room.size());
        used_ += out.size();
        bytes = bytes.subspan(room.size());
    }
}

void ParcelUnpacker::flush() {
    if (used_ == 0) return;
    out_.emplace_back(payload_.begin(), payload_.begin() + static_cast<std::ptrdiff_t>(used_));
    used_ = 0;
}

}  // namespace kith::net
