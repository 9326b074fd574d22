// SPDX-License-Identifier: MIT
#include "app/profile/durable_file.hpp"

#include <cerrno>

namespace kith::profile {

namespace fs = std::filesystem;

Expected<DurableFile> DurableFile::create(fs::path file, fs::path beside, Leftover leftover,
                                          const FileCalls& calls) {
    if (leftover == Leftover::remove) calls.remove(beside);
    const int descriptor = calls.create(beside);
    if (descriptor < 0) return tl::unexpected(system_error("create", beside, -descriptor));
    return DurableFile(std::move(file), std::move(beside), descriptor, calls);
}

DurableFile::DurableFile(DurableFile&& other) noexcept
    : file_(std::move(other.file_)),
      beside_(std::move(other.beside_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      beside_exists_(std::exchange(other.beside_exists_, false)),
      calls_(other.calls_) {}

DurableFile& DurableFile::operator=(DurableFile&& other) noexcept {
    std::swap(file_, other.file_);
    std::swap(beside_, other.beside_);
    std::swap(descriptor_, other.descriptor_);
    std::swap(beside_exists_, other.beside_exists_);
    std::swap(calls_, other.calls_);
    return *this;
}

DurableFile::~DurableFile() {
    close();
    if (beside_exists_) calls_->remove(beside_);
}

void DurableFile::close() {
    if (descriptor_ >= 0) calls_->close(std::exchange(descriptor_, -1));
}

Expected<void> DurableFile::append(crypto::ByteView bytes) {
    while (!bytes.empty()) {
        const auto written = calls_->write(descriptor_, bytes);
        if (written == -EINTR) continue;
        if (written <= 0)
            return tl::unexpected(
                system_error("write", beside_, written == 0 ? EIO : static_cast<int>(-written)));
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return {};
}

Expected<void> DurableFile::commit(Existing existing) {
    if (const int done = calls_->flush(descriptor_); done < 0)
        return tl::unexpected(system_error("write", beside_, -done));
    close();
    const int renamed = existing == Existing::replace
                            ? calls_->rename(beside_, file_)
                            : calls_->rename_without_replacing(beside_, file_);
    if (renamed < 0) return tl::unexpected(system_error("create", file_, -renamed));
    beside_exists_ = false;
    const auto folder = file_.parent_path();
    if (const int done = calls_->flush_folder(folder); done < 0)
        return tl::unexpected(system_error("save the folder", folder, -done));
    return {};
}

Expected<void> write_durably(const fs::path& file, crypto::ByteView bytes, Existing existing,
                             const FileCalls& calls) {
    std::error_code ignored;
    if (existing == Existing::refuse && fs::exists(fs::symlink_status(file, ignored)))
        return tl::unexpected(system_error("create", file, EEXIST));
    auto made =
        DurableFile::create(file, file.string() + ".new", DurableFile::Leftover::remove, calls);
    if (!made) return tl::unexpected(made.error());
    return made->append(bytes).and_then([&] { return made->commit(existing); });
}

}  // namespace kith::profile
