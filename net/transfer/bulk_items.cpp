// SPDX-License-Identifier: MIT
#include "net/transfer/bulk_items.hpp"

#include <algorithm>

#include "net/utf8.hpp"

namespace kith::net::bulk {
namespace {

enum Type : std::uint8_t {
    type_busy = 0,
    type_file = 1,
    type_data = 2,
    type_end = 3,
    type_stop = 4,
    type_discard = 5,
    type_all_sent = 6,
    type_problem = 15,
    type_want = 16,
    type_have = 17,
    type_start = 18,
    type_landed = 19,
    type_finished = 20,
};

/// The longest beginning of at most `most` bytes that is valid.
std::string sendable(const std::string& text, std::size_t most) {
    std::string cut = text.substr(0, most);
    while (!cut.empty() && (static_cast<std::uint8_t>(text[cut.size()]) & 0xC0U) == 0x80U &&
           cut.size() < text.size())
        cut.pop_back();
    if (valid_utf8(cut)) return cut;
    std::ranges::replace_if(
        cut, [](char c) { return static_cast<std::uint8_t>(c) >= 0x80; }, '?');
    return cut;
}

}  // namespace

// --- writing ---

void ItemWriter::integer(std::uint64_t value, std::size_t size) {
    for (std::size_t i = size; i-- > 0;) byte(static_cast<std::uint8_t>(value >> (8 * i) & 0xFF));
}

void ItemWriter::bytes(ByteView value) {
    std::ranges::copy(value, into_.subspan(used_).begin());
    used_ += value.size();
}

void ItemWriter::put(const Item& item) {
    struct Put {
        ItemWriter& out;
        void operator()(const Busy&) const { out.byte(type_busy); }
        void operator()(const Problem& problem) const {
            const std::string text = sendable(problem.error.text, problem_text_max);
            out.byte(type_problem);
            out.integer(problem.entry, 4);
            out.byte(static_cast<std::uint8_t>(problem.error.problem));
            out.integer(text.size(), 2);
            out.bytes(crypto::view(text));
        }
        void operator()(const Want& want) const {
            out.byte(type_want);
            out.integer(want.first, 4);
            out.integer(want.count, 4);
        }
        void operator()(const Have& have) const {
            out.byte(type_have);
            out.integer(have.entry, 4);
            out.integer(have.durable, 8);
            out.bytes(have.hash);
        }
        void operator()(const Start&) const { out.byte(type_start); }
        void operator()(const Landed& landed) const {
            out.byte(type_landed);
            out.integer(landed.entry, 4);
        }
        void operator()(const Finished&) const { out.byte(type_finished); }
        void operator()(const File& file) const {
            out.byte(type_file);
            out.integer(file.entry, 4);
            out.integer(file.offset, 8);
        }
        void operator()(const Data& data) const {
            const auto room = out.data_room(data.bytes.size());
            std::ranges::copy(data.bytes.first(room.size()), room.begin());
            out.put_data(room.size());
        }
        void operator()(const End&) const { out.byte(type_end); }
        void operator()(const Stop&) const { out.byte(type_stop); }
        void operator()(const Discard& discard) const {
            out.byte(type_discard);
            out.integer(discard.entry, 4);
        }
        void operator()(const AllSent&) const { out.byte(type_all_sent); }
    };
    std::visit(Put{*this}, item);
}

crypto::MutableByteView ItemWriter::data_room(std::size_t most) const {
    const auto behind_header = into_.subspan(used_ + data_header_size);
    return behind_header.first(std::min(most, behind_header.size()));
}

void ItemWriter::put_data(std::size_t size) {
    byte(type_data);
    integer(size, 4);
    used_ += size;
}

// --- reading ---

std::uint64_t ItemReader::integer(std::size_t size) {
    std::uint64_t value = 0;
    for (const std::uint8_t byte : bytes(size)) value = value << 8 | byte;
    return value;
}

ByteView ItemReader::bytes(std::uint64_t size) {
    if (size > left_.size()) {
        malformed_ = true;
        left_ = {};
        return {};
    }
    const ByteView taken = left_.first(static_cast<std::size_t>(size));
    left_ = left_.subspan(taken.size());
    return taken;
}

std::optional<Item> ItemReader::next() {
    if (malformed_ || left_.empty()) return std::nullopt;
    const auto type = static_cast<std::uint8_t>(integer(1));
    auto item = read(type);
    if (!item) malformed_ = true;
    if (malformed_) return std::nullopt;
    return item;
}

std::optional<Item> ItemReader::read_problem() {
    Problem problem;
    problem.entry = static_cast<std::uint32_t>(integer(4));
    const std::uint64_t kind = integer(1);
    const bool known = kind >= 1 && kind <= static_cast<std::uint64_t>(FileProblem::other);
    problem.error.problem = known ? static_cast<FileProblem>(kind) : FileProblem::other;
    const std::uint64_t size = integer(2);
    const ByteView text = bytes(size);
    problem.error.text.assign(text.begin(), text.end());
    if (size > problem_text_max || !valid_utf8(problem.error.text)) return std::nullopt;
    return problem;
}

std::optional<Item> ItemReader::read(std::uint8_t type) {
    const auto entry = [&] { return static_cast<std::uint32_t>(integer(4)); };
    switch (type) {
        case type_busy:
            return Busy{};
        case type_problem:
            return read_problem();
        case type_want: {
            const std::uint32_t first = entry();
            return Want{first, entry()};
        }
        case type_have: {
            Have have{entry(), integer(8), {}};
            std::ranges::copy(bytes(have.hash.size()), have.hash.begin());
            return have;
        }
        case type_start:
            return Start{};
        case type_landed:
            return Landed{entry()};
        case type_finished:
            return Finished{};
        case type_file: {
            const std::uint32_t number = entry();
            return File{number, integer(8)};
        }
        case type_data: {
            const ByteView data = bytes(integer(4));
            if (data.empty()) return std::nullopt;
            return Data{data};
        }
        case type_end:
            return End{};
        case type_stop:
            return Stop{};
        case type_discard:
            return Discard{entry()};
        case type_all_sent:
            return AllSent{};
        default:
            return std::nullopt;
    }
}

}  // namespace kith::net::bulk
