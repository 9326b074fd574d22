// SPDX-License-Identifier: MIT
//
// File calls with an end: at the chosen one the disk refuses, or the process dies, or the power is
// cut: then what was not flushed is lost, too.
#pragma once

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <map>

#include "tests/files/forwarded_calls.hpp"

namespace kith::files::test {

class InterruptedCalls final : public ForwardedCalls {
public:
    enum class End : std::uint8_t {
        fail_once,
        fail,  // this call and every later one that needs room on the disk
        die,
        lose_bytes,  // those that were not flushed
        lose_names,  // renamings in folders that were not flushed
        lose_both,
    };

    /// The call with this number, from 0.
    InterruptedCalls(int last, End end, int error = ENOSPC)
        : last_(last), end_(end), error_(error) {}

    [[nodiscard]] bool reached() const { return count_ > last_; }

    int before(char call, const char*) const override {
        const int number = count_++;
        if (number < last_) return 0;
        if (end_ == End::fail_once) return number == last_ ? -error_ : 0;
        if (end_ == End::fail)
            return number == last_ || std::string_view("ckwRfFSp").find(call) != std::string::npos
                       ? -error_
                       : 0;
        if (end_ != End::die) lose();
        std::_Exit(9);
    }

    /// Half of it is written before the end.
    std::ptrdiff_t write(int file, crypto::ByteView bytes, std::uint64_t offset) const override {
        const auto [at, fresh] = unflushed_.try_emplace(inode(file), Bytes{dup(file), offset});
        if (!fresh) at->second.from = std::min(at->second.from, offset);
        if (count_ == last_)
            (void)system_calls().write(file, bytes.first(bytes.size() / 2), offset);
        return ForwardedCalls::write(file, bytes, offset);
    }
    int flush_data(int file) const override {
        const int result = ForwardedCalls::flush_data(file);
        if (result == 0) unflushed_.erase(inode(file));
        return result;
    }
    int flush(int file) const override {
        const int result = ForwardedCalls::flush(file);
        if (result < 0) return result;
        unflushed_.erase(inode(file));
        std::erase_if(renamed_, [&](const auto& one) { return one.inode == inode(file); });
        return result;
    }
    /// The journal is on another one.
    int flush_disk(int folder) const override {
        const int result = ForwardedCalls::flush_disk(folder);
        if (result < 0) return result;
        std::erase_if(unflushed_, [&](const auto& one) { return one.first != journal_; });
        renamed_.clear();
        return result;
    }
    int open_at(int folder, const char* name, Opening how) const override {
        const int result = ForwardedCalls::open_at(folder, name, how);
        if (result >= 0 && std::string_view(name).starts_with("journal")) journal_ = inode(result);
        return result;
    }
    int rename_without_replacing(int folder, const char* from, const char* to) const override {
        const int result = ForwardedCalls::rename_without_replacing(folder, from, to);
        if (result == 0) renamed_.push_back({inode(folder), dup(folder), from, to});
        return result;
    }

private:
    struct Bytes {
        int file;
        std::uint64_t from;
    };
    struct Renamed {
        ino_t inode;
        int folder;
        std::string from, to;
    };
    static ino_t inode(int file) {
        struct stat found {};
        return fstat(file, &found) == 0 ? found.st_ino : 0;
    }
    void lose() const {
        if (end_ != End::lose_bytes)
            for (auto one = renamed_.rbegin(); one != renamed_.rend(); ++one)
                (void)renameat(one->folder, one->to.c_str(), one->folder, one->from.c_str());
        if (end_ != End::lose_names)
            for (const auto& [file, bytes] : unflushed_)
                (void)!ftruncate(bytes.file, static_cast<off_t>(bytes.from));
    }

    const int last_;
    const End end_;
    const int error_;
    mutable int count_ = 0;
    mutable std::map<ino_t, Bytes> unflushed_{};
    mutable std::vector<Renamed> renamed_{};
    mutable ino_t journal_ = 0;
};

}  // namespace kith::files::test
