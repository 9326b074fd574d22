// SPDX-License-Identifier: MIT
//
// How far a transfer's files have come, in a file that survives a power cut: a header and records
// of 16 bytes, appended. No names, no contents. docs/architecture.md, "Files on the disk".
//
//   header  "KTHJRNL1", binding u32, CRC u32
//   record  kind u8, entry u24, value u64, CRC u32        (big-endian)
//
// Each CRC (CRC-32, as in zip) covers the one before it and the 12 bytes before itself, so that
// nothing behind a torn record is taken for one. The last record of an entry counts.
#pragma once

#include "app/files/open_folders.hpp"
#include "net/transfer/file_io.hpp"

namespace kith::files {

class Journal {
public:
    enum class Kind : std::uint8_t {
        durable = 1,  ///< value: bytes of the .part file that survive a power cut
        naming = 2,   ///< all bytes do, and it is about to get its name; value: naming_value()
        done = 3,     ///< has its name, durably; value: its number
    };
    struct Record {
        Kind kind = Kind::durable;
        std::uint32_t entry = 0;
        std::uint64_t value = 0;
        bool operator==(const Record&) const = default;
    };
    struct Naming {
        std::uint32_t number = 0;  ///< 0 to 65535
        std::uint64_t inode = 0;   ///< its 48 lower bits
    };
    [[nodiscard]] static std::uint64_t naming_value(Naming naming);
    [[nodiscard]] static Naming naming(std::uint64_t value);

    /// Made when it is missing. `binding` tells transfers apart: a journal with another one is
    /// refused. `found` gets what is recorded, in order; what follows a torn record is cut off.
    [[nodiscard]] static net::FileResult<Journal> open(const std::string& path,
                                                       std::uint32_t binding,
                                                       const FileCalls& calls,
                                                       std::vector<Record>& found);
    /// Only reads; what is not there or not whole is empty.
    [[nodiscard]] static std::vector<Record> read(const std::string& path, std::uint32_t binding,
                                                  const FileCalls& calls);
    /// And what an interrupted rewrite() left beside it.
    static void remove(const std::string& path, const FileCalls& calls);

    /// They survive a power cut; after an error they may.
    [[nodiscard]] net::FileResult<void> append(const std::vector<Record>& records);
    /// Most of what is in it may be outdated: rewrite() is worth it.
    [[nodiscard]] bool large() const;
    /// Nothing but these from now on.
    [[nodiscard]] net::FileResult<void> rewrite(const std::vector<Record>& records);

private:
    Journal(const FileCalls& calls, std::string name, std::uint32_t binding, Descriptor folder)
        : calls_(&calls), name_(std::move(name)), binding_(binding), folder_(std::move(folder)) {}
    net::FileResult<void> load(std::vector<Record>& found);
    net::FileResult<void> flush_name();
    int write(int file, const std::vector<Record>& records, std::uint64_t at, std::uint32_t& crc);

    const FileCalls* calls_;
    std::string name_;
    std::uint32_t binding_;
    Descriptor folder_;
    Descriptor file_{};
    std::uint64_t size_ = 0;       // what counts of it
    std::uint64_t live_ = 0;       // its size after the last rewrite()
    std::uint32_t crc_ = 0;        // the last one
    bool name_is_flushed_ = true;  // in its folder
};

}  // namespace kith::files
