// SPDX-License-Identifier: MIT
#include "app/node/transfers/plan.hpp"

#include <algorithm>
#include <span>

#include "net/transfer/manifest.hpp"

namespace kith::node {
namespace {

// version u8, then lists: u32 count, each text as u32 size and bytes, each range as two u32. Since
// version 2 then u32 0 or 1, and the parcel: text, 32 bytes, size as two u32, whole as u32.
constexpr std::uint8_t version = 2;

class Writer {
public:
    void integer(std::size_t value) {
        for (int shift = 24; shift >= 0; shift -= 8)
            out.push_back(static_cast<std::uint8_t>(value >> shift & 0xFF));
    }
    void text(const std::string& value) {
        integer(value.size());
        out.insert(out.end(), value.begin(), value.end());
    }
    void texts(const std::vector<std::string>& values) {
        integer(values.size());
        for (const auto& value : values) text(value);
    }
    store::Blob out{version};
};

class Reader {
public:
    explicit Reader(const store::Blob& blob) : blob_(blob) {
        ok = !blob.empty() && blob[0] >= 1 && blob[0] <= version;
        at_ = 1;
    }
    [[nodiscard]] bool has_parcel() { return blob_[0] >= 2 && integer() == 1; }
    void raw(std::span<std::uint8_t> into) {
        if (!has(into.size())) return;
        std::copy_n(blob_.begin() + static_cast<std::ptrdiff_t>(at_), into.size(), into.begin());
        at_ += into.size();
    }
    std::uint32_t integer() {
        std::uint32_t value = 0;
        if (!has(4)) return 0;
        for (int i = 0; i < 4; ++i) value = value << 8 | blob_[at_++];
        return value;
    }
    std::string text() {
        const std::size_t size = integer();
        if (!has(size)) return {};
        const auto begin = blob_.begin() + static_cast<std::ptrdiff_t>(at_);
        at_ += size;
        return {begin, begin + static_cast<std::ptrdiff_t>(size)};
    }
    std::vector<std::string> texts() {
        std::vector<std::string> values;
        for (std::size_t left = integer(); ok && left > 0; --left) values.push_back(text());
        return values;
    }
    bool ok = false;

private:
    bool has(std::size_t size) {
        ok = ok && blob_.size() - at_ >= size;
        return ok;
    }
    const store::Blob& blob_;
    std::size_t at_ = 0;
};

void write(Writer& writer, const ParcelPlan& parcel) {
    writer.text(parcel.relay);
    writer.out.insert(writer.out.end(), parcel.key.begin(), parcel.key.end());
    writer.integer(parcel.size >> 32);
    writer.integer(parcel.size & 0xFFFFFFFF);
    writer.integer(parcel.whole ? 1 : 0);
}

ParcelPlan read_parcel(Reader& reader) {
    ParcelPlan parcel;
    parcel.relay = reader.text();
    reader.raw(parcel.key);
    parcel.size = std::uint64_t{reader.integer()} << 32;
    parcel.size |= reader.integer();
    parcel.whole = reader.integer() == 1;
    return parcel;
}

}  // namespace

store::Blob encode(const Plan& plan) {
    Writer writer;
    writer.texts(plan.roots);
    writer.text(plan.landing.folder);
    writer.texts(plan.landing.names);
    writer.integer(plan.selected.size());
    for (const auto& range : plan.selected) {
        writer.integer(range.first);
        writer.integer(range.count);
    }
    writer.integer(plan.parcel ? 1 : 0);
    if (plan.parcel) write(writer, *plan.parcel);
    return std::move(writer.out);
}

std::optional<Plan> decode_plan(const store::Blob& blob) {
    Reader reader(blob);
    Plan plan;
    plan.roots = reader.texts();
    plan.landing.folder = reader.text();
    plan.landing.names = reader.texts();
    for (std::size_t left = reader.integer(); reader.ok && left > 0; --left) {
        const auto first = reader.integer();
        plan.selected.push_back({first, reader.integer()});
    }
    if (reader.ok && reader.has_parcel()) plan.parcel = read_parcel(reader);
    if (!reader.ok) return std::nullopt;
    return plan;
}

std::vector<net::EntryRange> to_ranges(const std::vector<std::uint32_t>& entries) {
    std::vector<net::EntryRange> ranges;
    for (const auto entry : entries) {
        if (!ranges.empty() && ranges.back().first + ranges.back().count == entry) {
            ++ranges.back().count;
        } else {
            ranges.push_back({entry, 1});
        }
    }
    return ranges;
}

std::vector<std::uint32_t> to_entries(const std::vector<net::EntryRange>& ranges) {
    std::vector<std::uint32_t> entries;
    for (const auto& range : ranges) {
        for (std::uint32_t i = 0; i < range.count && entries.size() < net::manifest_entries_max;
             ++i)
            entries.push_back(range.first + i);
    }
    return entries;
}

bool within(const std::vector<net::EntryRange>& ranges, std::size_t entries) {
    if (ranges.empty()) return false;
    return std::uint64_t{ranges.back().first} + ranges.back().count <= entries;
}

bool EntrySet::add(std::uint32_t entry) {
    if (has(entry)) return false;
    if (entry / 8 >= bits_.size()) bits_.resize(entry / 8 + 1);
    bits_[entry / 8] = static_cast<std::uint8_t>(bits_[entry / 8] | 1U << (entry % 8));
    return true;
}

}  // namespace kith::node
