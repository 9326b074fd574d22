// SPDX-License-Identifier: MIT
//
// Files in memory behind a transfer: a source whose files change or fail at will, and a sink that
// forgets in a crash what was not committed.
#pragma once

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "net/transfer/file_io.hpp"

namespace kith::test {

using net::Bytes;

inline Bytes random_bytes(std::mt19937_64& random, std::size_t size) {
    Bytes bytes(size);
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
    return bytes;
}

inline net::Manifest manifest_of(const std::vector<Bytes>& files) {
    net::Manifest manifest;
    for (std::size_t i = 0; i < files.size(); ++i) {
        manifest.entries.push_back(
            {"file" + std::to_string(i), false, false, files[i].size(), 1'700'000'000'000});
    }
    return manifest;
}

class MemorySource final : public net::FileSource {
public:
    explicit MemorySource(std::vector<Bytes> files) : files_(std::move(files)) {}

    std::set<std::uint32_t> unreadable;       ///< open() fails
    std::set<std::uint32_t> breaks;           ///< the second read() fails
    std::set<std::uint32_t> changes;          ///< close() finds it changed
    std::set<std::uint32_t> shrinks;          ///< read() meets the end too early
    std::vector<std::uint32_t> opened;        ///< in this order
    std::map<std::uint32_t, unsigned> reads;  ///< of the file that is open

    net::FileResult<void> open(std::uint32_t entry, std::uint64_t offset) override {
        opened.push_back(entry);
        if (unreadable.contains(entry)) return error(net::FileProblem::unreadable);
        entry_ = entry;
        at_ = static_cast<std::size_t>(offset);
        reads.clear();
        return {};
    }
    net::FileResult<std::size_t> read(crypto::MutableByteView into) override {
        if (breaks.contains(entry_) && ++reads[entry_] > 1)
            return error(net::FileProblem::unreadable);
        const Bytes& file = files_[entry_];
        std::size_t size = std::min(into.size(), file.size() - at_);
        if (shrinks.contains(entry_)) size /= 2;
        std::copy_n(file.begin() + static_cast<std::ptrdiff_t>(at_), size, into.begin());
        at_ += size;
        return size;
    }
    net::FileResult<void> close() override {
        if (changes.contains(entry_)) return error(net::FileProblem::changed);
        return {};
    }
    net::FileResult<crypto::Digest256> hash(std::uint32_t entry, std::uint64_t size,
                                            const std::function<bool()>&) override {
        return crypto::sha256({crypto::ByteView(files_[entry]).first(size)});
    }

private:
    static tl::unexpected<net::FileError> error(net::FileProblem problem) {
        return tl::unexpected(net::FileError{problem, "The source of the test fails."});
    }

    std::vector<Bytes> files_;
    std::uint32_t entry_ = 0;
    std::size_t at_ = 0;
};

class MemorySink final : public net::FileSink {
public:
    struct File {
        Bytes written;            ///< lost in a crash from `durable` on
        std::size_t durable = 0;  ///< bytes
        bool whole = false;       ///< closed, waits for the commit
        bool done = false;
    };
    std::map<std::uint32_t, File> files;
    std::set<std::uint32_t> unwritable;       ///< open() fails
    std::set<std::uint32_t> uncommittable;    ///< commit() gives an error
    std::uint64_t space = ~std::uint64_t{0};  ///< then write() fails
    std::string full_text;                    ///< and says so
    std::set<std::uint32_t> discarded;
    std::size_t commits = 0;

    void crash() {
        for (auto& [entry, file] : files) {
            file.written.resize(file.durable);
            file.whole = false;
        }
    }
    [[nodiscard]] net::Landed landed(std::uint32_t entry) const {
        const auto found = files.find(entry);
        if (found == files.end()) return {};
        return {found->second.durable, found->second.done};
    }

    net::FileResult<std::uint64_t> open(std::uint32_t entry) override {
        if (unwritable.contains(entry)) return error(net::FileProblem::unwritable);
        entry_ = entry;
        File& file = files[entry];
        file.written.resize(file.durable);
        return file.durable;
    }
    net::FileResult<void> write(crypto::ByteView bytes) override {
        if (bytes.size() > space) {
            if (full_text.empty()) return error(net::FileProblem::full);
            return tl::unexpected(net::FileError{net::FileProblem::full, full_text});
        }
        space -= bytes.size();
        Bytes& written = files[entry_].written;
        written.insert(written.end(), bytes.begin(), bytes.end());
        return {};
    }
    net::FileResult<void> close() override {
        files[entry_].whole = true;
        return {};
    }
    std::vector<Progress> commit() override {
        ++commits;
        std::vector<Progress> changed;
        for (auto& [entry, file] : files) {
            if (file.done || (file.durable == file.written.size() && !file.whole)) continue;
            if (uncommittable.contains(entry)) {
                changed.push_back({entry, {}, error(net::FileProblem::full).value()});
                continue;
            }
            file.durable = file.written.size();
            file.done = file.whole;
            changed.push_back({entry, {file.durable, file.done}, std::nullopt});
        }
        return changed;
    }
    net::FileResult<crypto::Digest256> hash(std::uint32_t entry, std::uint64_t size,
                                            const std::function<bool()>&) override {
        return crypto::sha256({crypto::ByteView(files[entry].written).first(size)});
    }
    net::FileResult<void> discard(std::uint32_t entry) override {
        files.erase(entry);
        discarded.insert(entry);
        return {};
    }

private:
    static tl::unexpected<net::FileError> error(net::FileProblem problem) {
        return tl::unexpected(net::FileError{problem, "The sink of the test fails."});
    }

    std::uint32_t entry_ = 0;
};

}  // namespace kith::test
