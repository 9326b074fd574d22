// SPDX-License-Identifier: MIT
#include "app/files/incoming_file.hpp"

#include <cerrno>

namespace kith::files {
namespace {

constexpr std::uint64_t room_from = 1 << 20;   // bytes
constexpr std::uint64_t flush_step = 8 << 20;  // bytes

}  // namespace

int create_part(const FileCalls& calls, int folder, const std::string& name, bool executable,
                IncomingFile& into) {
    const int made = calls.open_at(folder, name.c_str(),
                                   executable ? Opening::create_executable : Opening::create);
    if (made < 0) return made;
    Descriptor file(calls, made);
    FileStatus status;
    if (const int result = calls.status(made, status); result < 0) return result;
    into.file = std::move(file);
    into.inode = status.inode;
    into.written = into.flush_begun = 0;
    return 0;
}

bool is_part(const FileStatus& status, std::uint64_t durable) {
    return status.kind == FileStatus::Kind::file && status.links <= 1 && status.mine &&
           status.size >= durable;
}

int reopen_part(const FileCalls& calls, int folder, const std::string& name, std::uint64_t durable,
                IncomingFile& into) {
    const int opened = calls.open_at(folder, name.c_str(), Opening::write);
    if (opened == -ENOENT || opened == -ELOOP || opened == -EISDIR || opened == -EACCES ||
        opened == -ENXIO)
        return -ESTALE;
    if (opened < 0) return opened;
    Descriptor file(calls, opened);
    FileStatus status;
    if (const int result = calls.status(opened, status); result < 0) return result;
    if (!is_part(status, durable)) return -ESTALE;
    if (status.size > durable)
        if (const int result = calls.cut(opened, durable); result < 0) return result;
    into.file = std::move(file);
    into.inode = status.inode;
    into.written = into.flush_begun = durable;
    return 0;
}

int make_room(const FileCalls& calls, const IncomingFile& file, std::uint64_t size) {
    if (size <= room_from || size <= file.written) return 0;
    int result = 0;
    do result = calls.reserve(file.file.get(), size);
    while (result == -EINTR);
    if (result == 0 || result == -ENOSPC || result == -EDQUOT || result == -EFBIG) return result;
    // What cannot be set aside can be looked at. 0: the file system does not say.
    std::uint64_t free = 0;
    const bool known = calls.free_space(file.file.get(), free) == 0 && free > 0;
    return known && free < size - file.written ? -ENOSPC : 0;
}

int append(const FileCalls& calls, IncomingFile& file, crypto::ByteView bytes) {
    while (!bytes.empty()) {
        const auto wrote = calls.write(file.file.get(), bytes, file.written);
        if (wrote == -EINTR) continue;
        if (wrote <= 0) return wrote == 0 ? -EIO : static_cast<int>(wrote);
        file.written += static_cast<std::uint64_t>(wrote);
        bytes = bytes.subspan(static_cast<std::size_t>(wrote));
    }
    if (file.written - file.flush_begun < flush_step) return 0;
    calls.begin_flush(file.file.get(), file.flush_begun, file.written - file.flush_begun);
    file.flush_begun = file.written;
    return 0;
}

}  // namespace kith::files
