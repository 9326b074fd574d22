// SPDX-License-Identifier: MIT
#include "app/files/journal.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>

#include "app/files/write_error.hpp"

namespace kith::files {
namespace {

using crypto::Bytes;
using crypto::ByteView;

constexpr std::size_t record_size = 16;
constexpr std::size_t checked_size = 12;
constexpr std::array<std::uint8_t, 8> magic{'K', 'T', 'H', 'J', 'R', 'N', 'L', '1'};
constexpr std::uint64_t worth_rewriting = 64 << 10;  // bytes
constexpr std::size_t chunk = 64 << 10;              // bytes read at a time
constexpr std::uint64_t journal_max = 16 << 20;      // more than there is for the largest manifest
constexpr std::uint64_t inode_mask = (std::uint64_t{1} << 48) - 1;

constexpr std::array<std::uint32_t, 256> make_crc_table() {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t i = 0; i < table.size(); ++i) {
        std::uint32_t value = i;
        for (int bit = 0; bit < 8; ++bit) value = value >> 1 ^ (0xEDB88320U & (0 - (value & 1)));
        table[i] = value;
    }
    return table;
}
constexpr auto crc_table = make_crc_table();

std::uint32_t crc32(std::uint32_t before, ByteView bytes) {
    std::uint32_t crc = ~before;
    for (const auto byte : bytes) crc = crc >> 8 ^ crc_table[(crc ^ byte) & 0xFF];
    return ~crc;
}

template <typename Integer>
void put(Bytes& out, Integer value, std::size_t bytes) {
    while (bytes-- > 0) out.push_back(static_cast<std::uint8_t>(value >> (8 * bytes)));
}

template <typename Integer>
Integer take(ByteView from, std::size_t at, std::size_t bytes) {
    Integer value = 0;
    for (std::size_t i = 0; i < bytes; ++i) value = value << 8 | from[at + i];
    return value;
}

/// The CRC follows the 12 bytes that `out` ends with.
void seal(Bytes& out, std::uint32_t& crc) {
    crc = crc32(crc, ByteView(out).last(checked_size));
    put(out, crc, 4);
}

bool is_sealed(ByteView record, std::uint32_t& crc) {
    const auto expected = crc32(crc, record.first(checked_size));
    if (take<std::uint32_t>(record, checked_size, 4) != expected) return false;
    crc = expected;
    return true;
}

std::optional<Journal::Record> decode(ByteView from) {
    const auto kind = from[0];
    if (kind < 1 || kind > 3) return std::nullopt;
    return Journal::Record{static_cast<Journal::Kind>(kind), take<std::uint32_t>(from, 1, 3),
                           take<std::uint64_t>(from, 4, 8)};
}

/// As many as are whole. Bytes read, or -errno.
std::ptrdiff_t fill(const FileCalls& calls, int file, crypto::MutableByteView into,
                    std::uint64_t at) {
    std::size_t have = 0;
    while (have < into.size()) {
        const auto got = calls.read(file, into.subspan(have), at + have);
        if (got == -EINTR) continue;
        if (got < 0) return got;
        if (got == 0) break;
        have += static_cast<std::size_t>(got);
    }
    return static_cast<std::ptrdiff_t>(have);
}

int write_all(const FileCalls& calls, int file, ByteView bytes, std::uint64_t at) {
    while (!bytes.empty()) {
        const auto wrote = calls.write(file, bytes, at);
        if (wrote == -EINTR) continue;
        if (wrote <= 0) return wrote == 0 ? -EIO : static_cast<int>(wrote);
        at += static_cast<std::uint64_t>(wrote);
        bytes = bytes.subspan(static_cast<std::size_t>(wrote));
    }
    return 0;
}

struct Scan {
    int result = 0;  // 0 or -errno
    bool header = false;
    std::uint32_t binding = 0;
    std::uint64_t size = 0;  // up to where all is well
    std::uint32_t crc = 0;
    bool more = false;  // something follows
};

Scan scan(const FileCalls& calls, int file, std::vector<Journal::Record>& found) {
    Scan out;
    Bytes buffer(chunk);
    for (;;) {
        const auto got = fill(calls, file, buffer, out.size);
        if (got < 0) return out.result = static_cast<int>(got), out;
        const ByteView bytes = ByteView(buffer).first(static_cast<std::size_t>(got));
        std::size_t at = 0;
        for (; at + record_size <= bytes.size(); at += record_size) {
            const auto record = bytes.subspan(at, record_size);
            if (!is_sealed(record, out.crc)) break;
            if (!out.header) {
                if (!std::ranges::equal(record.first(magic.size()), magic)) break;
                out.header = true;
                out.binding = take<std::uint32_t>(record, magic.size(), 4);
            } else if (const auto one = decode(record)) {
                found.push_back(*one);
            } else {
                break;
            }
        }
        out.size += at;
        out.more = at < bytes.size();
        if (at < chunk || out.size >= journal_max) return out;
    }
}

net::FileError journal_error(int result) {
    return write_error(result, "The progress of the transfer");
}

}  // namespace

std::uint64_t Journal::naming_value(Naming naming) {
    return std::uint64_t{naming.number} << 48 | (naming.inode & inode_mask);
}

Journal::Naming Journal::naming(std::uint64_t value) {
    return {static_cast<std::uint32_t>(value >> 48), value & inode_mask};
}

net::FileResult<Journal> Journal::open(const std::string& path, std::uint32_t binding,
                                       const FileCalls& calls, std::vector<Record>& found) {
    const int folder = calls.open_folder(parent_of(path));
    if (folder < 0) return tl::unexpected(journal_error(folder));
    Journal out(calls, last_name(path), binding, Descriptor(calls, folder));
    const int file = calls.open_at(folder, out.name_.c_str(), Opening::write);
    if (file < 0 && file != -ENOENT) return tl::unexpected(journal_error(file));
    out.file_ = Descriptor(calls, file);
    const auto opened = file < 0 ? out.rewrite({}) : out.load(found);
    if (!opened) return tl::unexpected(opened.error());
    return out;
}

net::FileResult<void> Journal::load(std::vector<Record>& found) {
    FileStatus status;
    if (const int result = calls_->status(file_.get(), status); result < 0)
        return tl::unexpected(journal_error(result));
    if (status.kind != FileStatus::Kind::file) return tl::unexpected(journal_error(-EACCES));
    const Scan scanned = scan(*calls_, file_.get(), found);
    if (scanned.result < 0) return tl::unexpected(journal_error(scanned.result));
    if (!scanned.header) return rewrite({});  // begun, and no more
    if (scanned.binding != binding_)
        return tl::unexpected(
            net::FileError{net::FileProblem::other, "What is recorded is about another transfer."});
    size_ = scanned.size;
    crc_ = scanned.crc;
    if (!scanned.more) return {};
    int result = calls_->cut(file_.get(), size_);
    if (result == 0) result = calls_->flush(file_.get());
    if (result < 0) return tl::unexpected(journal_error(result));
    return {};
}

std::vector<Journal::Record> Journal::read(const std::string& path, std::uint32_t binding,
                                           const FileCalls& calls) {
    const Descriptor folder(calls, calls.open_folder(parent_of(path)));
    if (!folder) return {};
    const Descriptor file(calls,
                          calls.open_at(folder.get(), last_name(path).c_str(), Opening::read));
    if (!file) return {};
    std::vector<Record> found;
    const Scan scanned = scan(calls, file.get(), found);
    if (!scanned.header || scanned.binding != binding) found.clear();
    return found;
}

void Journal::remove(const std::string& path, const FileCalls& calls) {
    const Descriptor folder(calls, calls.open_folder(parent_of(path)));
    if (!folder) return;
    calls.remove(folder.get(), last_name(path).c_str());
    calls.remove(folder.get(), (last_name(path) + ".new").c_str());
}

int Journal::write(int file, const std::vector<Record>& records, std::uint64_t at,
                   std::uint32_t& crc) {
    Bytes bytes;
    bytes.reserve((records.size() + 1) * record_size);
    if (at == 0) {
        bytes.assign(magic.begin(), magic.end());
        put(bytes, binding_, 4);
        seal(bytes, crc);
    }
    for (const auto& record : records) {
        put(bytes, static_cast<std::uint8_t>(record.kind), 1);
        put(bytes, record.entry, 3);
        put(bytes, record.value, 8);
        seal(bytes, crc);
    }
    const int written = write_all(*calls_, file, bytes, at);
    return written < 0 ? written : calls_->flush_data(file);
}

net::FileResult<void> Journal::append(const std::vector<Record>& records) {
    if (records.empty()) return {};
    if (auto flushed = flush_name(); !flushed) return flushed;
    std::uint32_t crc = crc_;
    // After a failure the next ones are written over these.
    if (const int result = write(file_.get(), records, size_, crc); result < 0)
        return tl::unexpected(journal_error(result));
    size_ += records.size() * record_size;
    crc_ = crc;
    return {};
}

bool Journal::large() const { return size_ > 2 * live_ + worth_rewriting; }

net::FileResult<void> Journal::rewrite(const std::vector<Record>& records) {
    const std::string fresh = name_ + ".new";
    calls_->remove(folder_.get(), fresh.c_str());
    const int made = calls_->open_at(folder_.get(), fresh.c_str(), Opening::create_private);
    if (made < 0) return tl::unexpected(journal_error(made));
    Descriptor file(*calls_, made);
    std::uint32_t crc = 0;
    int result = write(made, records, 0, crc);
    if (result == 0) result = calls_->replace(folder_.get(), fresh.c_str(), name_.c_str());
    if (result < 0) {
        calls_->remove(folder_.get(), fresh.c_str());
        return tl::unexpected(journal_error(result));
    }
    file_ = std::move(file);
    size_ = live_ = (records.size() + 1) * record_size;
    crc_ = crc;
    name_is_flushed_ = false;
    return flush_name();
}

/// Until then a power cut can bring back the journal it has replaced.
net::FileResult<void> Journal::flush_name() {
    if (name_is_flushed_) return {};
    if (const int result = calls_->flush(folder_.get()); result < 0)
        return tl::unexpected(journal_error(result));
    name_is_flushed_ = true;
    return {};
}

}  // namespace kith::files
