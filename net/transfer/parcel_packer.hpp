// SPDX-License-Identifier: MIT
//
// The receiving end of a run whose files do not land but become the pieces of a parcel: it wants
// everything from its beginning, and says of each file that it has landed. docs/protocol.md,
// "Files: parcels". Network thread only; no I/O.
//
//   parcel = encoded manifest || the files, in the order of the manifest
#pragma once

#include <deque>

#include "crypto/parcel.hpp"
#include "net/transfer/bulk_items.hpp"
#include "net/transfer/manifest.hpp"

namespace kith::net {

/// The entries of a manifest that are files, ascending.
[[nodiscard]] std::vector<std::uint32_t> files_of(const Manifest& manifest);

class ParcelPacker {
public:
    struct Piece {
        std::uint32_t index = 0;
        crypto::Bytes sealed;
    };
    /// `parcel.size` is that of all of it.
    ParcelPacker(const crypto::Parcel& parcel, const Manifest& manifest, crypto::Bytes encoded);

    /// What the sending end is told first.
    [[nodiscard]] static crypto::Bytes greeting(const Manifest& manifest);
    /// One whole payload of the sending end, and what it is told. Nothing: the files are not those
    /// of the manifest any more, or cannot be read; trouble() says which.
    [[nodiscard]] std::optional<crypto::Bytes> on_payload(ByteView payload);
    /// Pieces that are full; about bulk::payload_max bytes come of one payload.
    [[nodiscard]] std::deque<Piece>& ready() { return ready_; }
    /// All of it is in ready(), or was.
    [[nodiscard]] bool whole() const { return whole_; }
    [[nodiscard]] const std::string& trouble() const { return trouble_; }

private:
    bool take(const bulk::Item& item, bulk::ItemWriter& out);
    bool begin_file(const bulk::File& file);
    bool end_file(bulk::ItemWriter& out);
    void add(ByteView bytes);
    void seal();
    bool fail(std::string why);

    const crypto::Parcel parcel_;
    std::vector<std::uint32_t> files_;
    std::vector<std::uint64_t> sizes_;  ///< beside files_
    std::size_t next_ = 0;              ///< of files_
    bool open_ = false;
    std::uint64_t left_ = 0;   ///< of the file
    std::uint64_t added_ = 0;  ///< of the parcel
    crypto::SecretBytes piece_;
    std::uint32_t index_ = 0;
    std::deque<Piece> ready_;
    bool whole_ = false;
    std::string trouble_;
};

}  // namespace kith::net
