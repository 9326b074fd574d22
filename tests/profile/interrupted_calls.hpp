// SPDX-License-Identifier: MIT
//
// The system's file calls with an end: from the chosen one on, the disk refuses, or the process
// dies there.
#pragma once

#include <cerrno>
#include <cstdlib>
#include <string>

#include "app/profile/file_calls.hpp"

namespace kith::profile::test {

class InterruptedCalls final : public FileCalls {
public:
    enum class End { fail, die };

    /// The call with this number (from 0) and, when failing, every later one that writes.
    InterruptedCalls(int last, End end, int error = ENOSPC)
        : last_(last), end_(end), error_(error) {}

    /// Whether the end was reached.
    [[nodiscard]] bool reached() const { return count_ > last_; }
    /// One letter a call: create, write, flush, close, remove, rename, move, folder.
    [[nodiscard]] const std::string& log() const { return log_; }

    int create(const Path& file) const override {
        return ends('c') ? -error_ : system_calls().create(file);
    }
    /// Half of it is written before the end.
    std::ptrdiff_t write(int descriptor, crypto::ByteView bytes) const override {
        if (count_ == last_) (void)system_calls().write(descriptor, bytes.first(bytes.size() / 2));
        return ends('w') ? -error_ : system_calls().write(descriptor, bytes);
    }
    int flush(int descriptor) const override {
        return ends('f') ? -error_ : system_calls().flush(descriptor);
    }
    int close(int descriptor) const override {
        (void)ends('x');
        return system_calls().close(descriptor);
    }
    /// A full disk still removes.
    int remove(const Path& file) const override {
        (void)ends('d');
        return system_calls().remove(file);
    }
    int rename(const Path& from, const Path& to) const override {
        return ends('r') ? -error_ : system_calls().rename(from, to);
    }
    int rename_without_replacing(const Path& from, const Path& to) const override {
        return ends('m') ? -error_ : system_calls().rename_without_replacing(from, to);
    }
    int flush_folder(const Path& folder) const override {
        return ends('F') ? -error_ : system_calls().flush_folder(folder);
    }

private:
    bool ends(char call) const {
        log_ += call;
        if (count_++ < last_) return false;
        if (end_ == End::die) std::_Exit(9);
        return true;
    }

    const int last_;
    const End end_;
    const int error_;
    mutable int count_ = 0;
    mutable std::string log_{};
};

}  // namespace kith::profile::test
