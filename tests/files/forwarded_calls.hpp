// SPDX-License-Identifier: MIT
//
// File calls that go to the system, each after `before()` has let it: the base of those that fail,
// stop the process or do mischief in between.
#pragma once

#include <string>
#include <utility>

#include "app/files/file_calls.hpp"

namespace kith::files::test {

class ForwardedCalls : public FileCalls {
public:
    /// 0, or the -errno to give instead of making the call. `name`: what it is about, if it says.
    virtual int before(char call, const char* name) const = 0;

    int open_folder(const std::string& path) const override {
        return ask('O', path.c_str(), [&] { return system_calls().open_folder(path); });
    }
    int open_beneath(int folder, const char* path, Opening how) const override {
        return ask('b', path, [&] { return system_calls().open_beneath(folder, path, how); });
    }
    int open_at(int folder, const char* name, Opening how) const override {
        return ask(how == Opening::read || how == Opening::write ? 'o' : 'c', name,
                   [&] { return system_calls().open_at(folder, name, how); });
    }
    int close(int file) const override { return system_calls().close(file); }
    std::ptrdiff_t read(int file, crypto::MutableByteView into,
                        std::uint64_t offset) const override {
        return ask('r', "", [&] { return system_calls().read(file, into, offset); });
    }
    std::ptrdiff_t write(int file, crypto::ByteView bytes, std::uint64_t offset) const override {
        return ask('w', "", [&] { return system_calls().write(file, bytes, offset); });
    }
    int cut(int file, std::uint64_t size) const override {
        return ask('t', "", [&] { return system_calls().cut(file, size); });
    }
    int reserve(int file, std::uint64_t size) const override {
        return ask('R', "", [&] { return system_calls().reserve(file, size); });
    }
    int read_ahead(int file) const override { return system_calls().read_ahead(file); }
    int begin_flush(int file, std::uint64_t offset, std::uint64_t size) const override {
        return ask('B', "", [&] { return system_calls().begin_flush(file, offset, size); });
    }
    int flush_data(int file) const override {
        return ask('f', "", [&] { return system_calls().flush_data(file); });
    }
    int flush(int file) const override {
        return ask('F', "", [&] { return system_calls().flush(file); });
    }
    int flush_disk(int folder) const override {
        return ask('S', "", [&] { return system_calls().flush_disk(folder); });
    }
    int status(int file, FileStatus& out) const override {
        return ask('s', "", [&] { return system_calls().status(file, out); });
    }
    int status_at(int folder, const char* name, FileStatus& out) const override {
        return ask('a', name, [&] { return system_calls().status_at(folder, name, out); });
    }
    int readable_at(int folder, const char* name) const override {
        return ask('e', name, [&] { return system_calls().readable_at(folder, name); });
    }
    int list(int folder, std::size_t max, std::vector<std::string>& out) const override {
        return ask('l', "", [&] { return system_calls().list(folder, max, out); });
    }
    int make_folder(int folder, const char* name) const override {
        return ask('k', name, [&] { return system_calls().make_folder(folder, name); });
    }
    int rename_without_replacing(int folder, const char* from, const char* to) const override {
        return ask('m', to,
                   [&] { return system_calls().rename_without_replacing(folder, from, to); });
    }
    int replace(int folder, const char* from, const char* to) const override {
        return ask('p', to, [&] { return system_calls().replace(folder, from, to); });
    }
    int remove(int folder, const char* name) const override {
        return ask('d', name, [&] { return system_calls().remove(folder, name); });
    }
    int remove_folder(int folder, const char* name) const override {
        return ask('D', name, [&] { return system_calls().remove_folder(folder, name); });
    }
    int set_modified(int file, std::int64_t ms) const override {
        return ask('T', "", [&] { return system_calls().set_modified(file, ms); });
    }
    int free_space(int folder, std::uint64_t& out) const override {
        return ask('i', "", [&] { return system_calls().free_space(folder, out); });
    }

private:
    template <typename Call>
    auto ask(char call, const char* name, Call&& make) const -> decltype(make()) {
        const int error = before(call, name);
        if (error < 0) return static_cast<decltype(make())>(error);
        return std::forward<Call>(make)();
    }
};

/// Runs `hook(call, name)` before each call; what it returns is for before().
template <typename Hook>
class HookedCalls final : public ForwardedCalls {
public:
    explicit HookedCalls(Hook hook) : hook_(std::move(hook)) {}
    int before(char call, const char* name) const override { return hook_(call, name); }

private:
    mutable Hook hook_;
};

}  // namespace kith::files::test
