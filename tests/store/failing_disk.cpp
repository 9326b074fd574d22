// SPDX-License-Identifier: MIT
#include "tests/store/failing_disk.hpp"

#include <sqlcipher/sqlite3.h>

#include <cstring>
#include <limits>
#include <mutex>

namespace kith::store::test {
namespace {

constexpr auto never = std::numeric_limits<std::size_t>::max();

struct State {
    sqlite3_vfs* real = nullptr;
    int code = SQLITE_FULL;
    std::size_t left = never;
    bool once = false;
    bool failed = false;
} state;
std::mutex guard;  // a store's thread writes while the test breaks and repairs

bool fails() {
    const std::lock_guard lock(guard);
    if (state.left == never) return false;
    if (state.left > 0) {
        --state.left;
        return false;
    }
    if (state.once) state.left = never;
    state.failed = true;
    return true;
}

/// SQLite's file object, with the real one behind it.
struct File {
    sqlite3_file base;
    sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

File& of(sqlite3_file* file) { return *reinterpret_cast<File*>(file); }
const sqlite3_io_methods& real_of(sqlite3_file* file) { return *of(file).real()->pMethods; }

int on_write(sqlite3_file* f, const void* data, int size, sqlite3_int64 at) {
    return fails() ? state.code : real_of(f).xWrite(of(f).real(), data, size, at);
}
int on_truncate(sqlite3_file* f, sqlite3_int64 size) {
    return fails() ? state.code : real_of(f).xTruncate(of(f).real(), size);
}
int on_sync(sqlite3_file* f, int flags) {
    return fails() ? state.code : real_of(f).xSync(of(f).real(), flags);
}
int on_close(sqlite3_file* f) { return real_of(f).xClose(of(f).real()); }
int on_read(sqlite3_file* f, void* data, int size, sqlite3_int64 at) {
    return real_of(f).xRead(of(f).real(), data, size, at);
}
int on_size(sqlite3_file* f, sqlite3_int64* size) {
    return real_of(f).xFileSize(of(f).real(), size);
}
int on_lock(sqlite3_file* f, int level) { return real_of(f).xLock(of(f).real(), level); }
int on_unlock(sqlite3_file* f, int level) { return real_of(f).xUnlock(of(f).real(), level); }
int on_check(sqlite3_file* f, int* held) {
    return real_of(f).xCheckReservedLock(of(f).real(), held);
}
int on_control(sqlite3_file* f, int what, void* value) {
    return real_of(f).xFileControl(of(f).real(), what, value);
}
int on_sector(sqlite3_file* f) { return real_of(f).xSectorSize(of(f).real()); }
int on_traits(sqlite3_file* f) { return real_of(f).xDeviceCharacteristics(of(f).real()); }

/// Version 1: no shared memory, which exclusive locking does without.
const sqlite3_io_methods methods = {1,          on_close,  on_read,   on_write,  on_truncate,
                                    on_sync,    on_size,   on_lock,   on_unlock, on_check,
                                    on_control, on_sector, on_traits, nullptr,   nullptr,
                                    nullptr,    nullptr,   nullptr,   nullptr};

int on_open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out) {
    File& mine = of(file);
    mine.base.pMethods = nullptr;
    const int code = state.real->xOpen(state.real, name, mine.real(), flags, out);
    if (mine.real()->pMethods != nullptr) mine.base.pMethods = &methods;
    return code;
}

sqlite3_vfs layer;

}  // namespace

FailingDisk::FailingDisk(int code) {
    const std::lock_guard lock(guard);
    state = {sqlite3_vfs_find(nullptr), code, never, false, false};
    layer = *state.real;
    layer.zName = "failing";
    layer.pNext = nullptr;
    layer.szOsFile = static_cast<int>(sizeof(File)) + state.real->szOsFile;
    layer.xOpen = on_open;
    sqlite3_vfs_register(&layer, 1);
}

FailingDisk::~FailingDisk() {
    sqlite3_vfs_unregister(&layer);
    sqlite3_vfs_register(state.real, 1);
}

void FailingDisk::fail_after(std::size_t operations) { set(operations, false); }

void FailingDisk::fail_once_after(std::size_t operations) { set(operations, true); }

void FailingDisk::set(std::size_t operations, bool once) {
    const std::lock_guard lock(guard);
    state.left = operations;
    state.once = once;
    state.failed = false;
}

void FailingDisk::repair() {
    const std::lock_guard lock(guard);
    state.left = never;
}

bool FailingDisk::failed() const {
    const std::lock_guard lock(guard);
    return state.failed;
}

}  // namespace kith::store::test
