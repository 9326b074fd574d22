// SPDX-License-Identifier: MIT
//
// A file that gets its name only when it is whole: made as `<file>.part`, flushed, renamed, the
// folder flushed. Also takes SQLite's companions of the part away. Inside app/store only.
#pragma once

#include <string>

#include "app/store/errors.hpp"

namespace kith::store {

class PartFile {
public:
    /// What lies under the part's name already. Within a profile only a crash can have left it;
    /// elsewhere it may be anybody's.
    enum class Leftover { remove, refuse };

    /// Makes an empty one, for the owner only.
    /// Errors: io (`file` exists, its folder is missing, a leftover is refused), full, read_only.
    static Expected<PartFile> create(std::string file, Leftover leftover = Leftover::remove);
    PartFile(PartFile&& other) noexcept;
    PartFile& operator=(PartFile&&) = delete;
    ~PartFile();  ///< unless committed, nothing stays

    [[nodiscard]] const std::string& part() const noexcept { return part_; }
    [[nodiscard]] const std::string& file() const noexcept { return file_; }
    /// What was written so far is on the disk.
    [[nodiscard]] Expected<void> flush() const;
    /// Durable under its name at return; never replaces a file. Returns its size in bytes.
    [[nodiscard]] Expected<std::uint64_t> commit();

private:
    explicit PartFile(std::string file);
    void remove() const;
    [[nodiscard]] bool has_leftover() const;

    std::string file_, part_;
    bool there_ = false;
};

/// A plain copy of a file into a new one, for the owner only. The first is only read.
[[nodiscard]] Expected<void> copy_file(const std::string& from, const std::string& to);

}  // namespace kith::store
