// SPDX-License-Identifier: MIT
#include "net/transfer/parcel_packer.hpp"

#include <algorithm>

namespace kith::net {

std::vector<std::uint32_t> files_of(const Manifest& manifest) {
    std::vector<std::uint32_t> files;
    for (std::uint32_t entry = 0; entry < manifest.entries.size(); ++entry) {
        if (!manifest.entries[entry].folder) files.push_back(entry);
    }
    return files;
}

ParcelPacker::ParcelPacker(const crypto::Parcel& parcel, const Manifest& manifest,
                           crypto::Bytes encoded)
    : parcel_(parcel), files_(files_of(manifest)) {
    for (const auto entry : files_) sizes_.push_back(manifest.entries[entry].size);
    piece_.reserve(crypto::parcel_piece);
    add(encoded);
}

crypto::Bytes ParcelPacker::greeting(const Manifest& manifest) {
    crypto::Bytes payload(2 * bulk::item_max);
    bulk::ItemWriter out(payload);
    const auto files = files_of(manifest);
    if (!files.empty())
        out.put(bulk::Want{files.front(), static_cast<std::uint32_t>(files.size())});
    out.put(bulk::Start{});
    payload.resize(out.size());
    return payload;
}

bool ParcelPacker::fail(std::string why) {
    trouble_ = std::move(why);
    return false;
}

std::optional<crypto::Bytes> ParcelPacker::on_payload(ByteView payload) {
    // An end is answered by a Landed, which is hardly longer than a file and its end.
    crypto::Bytes answer(payload.size() + bulk::item_max);
    bulk::ItemWriter out(answer);
    bulk::ItemReader items(payload);
    while (const auto item = items.next()) {
        if (!take(*item, out)) return std::nullopt;
    }
    if (items.malformed()) return fail("an item that cannot be read"), std::nullopt;
    answer.resize(out.size());
    return answer;
}

bool ParcelPacker::take(const bulk::Item& item, bulk::ItemWriter& out) {
    if (std::holds_alternative<bulk::Busy>(item)) return true;
    if (const auto* data = std::get_if<bulk::Data>(&item)) {
        if (!open_ || data->bytes.size() > left_) return fail("more of a file than was offered");
        left_ -= data->bytes.size();
        add(data->bytes);
        return true;
    }
    if (const auto* file = std::get_if<bulk::File>(&item)) return begin_file(*file);
    if (std::holds_alternative<bulk::End>(item)) return end_file(out);
    if (const auto* problem = std::get_if<bulk::Problem>(&item)) return fail(problem->error.text);
    if (!std::holds_alternative<bulk::AllSent>(item)) return fail("an item that does not fit");
    if (open_ || next_ < files_.size() || added_ != parcel_.size) return fail("files are missing");
    if (!piece_.empty()) seal();
    whole_ = true;
    out.put(bulk::Finished{});
    return true;
}

bool ParcelPacker::begin_file(const bulk::File& file) {
    const bool turn = !open_ && next_ < files_.size() && files_[next_] == file.entry;
    if (!turn || file.offset != 0) return fail("a file that was not its turn");
    open_ = true;
    left_ = sizes_[next_];
    return true;
}

bool ParcelPacker::end_file(bulk::ItemWriter& out) {
    if (!open_ || left_ != 0) return fail("less of a file than was offered");
    open_ = false;
    out.put(bulk::Landed{files_[next_++]});
    return true;
}

void ParcelPacker::add(ByteView bytes) {
    added_ += bytes.size();
    while (!bytes.empty()) {
        const auto part = bytes.first(std::min(bytes.size(), crypto::parcel_piece - piece_.size()));
        piece_.insert(piece_.end(), part.begin(), part.end());
        bytes = bytes.subspan(part.size());
        if (piece_.size() == crypto::parcel_piece) seal();
    }
}

void ParcelPacker::seal() {
    ready_.push_back({index_, crypto::seal_piece(parcel_, index_, piece_)});
    ++index_;
    piece_.clear();
}

}  // namespace kith::net
