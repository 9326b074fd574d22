// SPDX-License-Identifier: MIT
//
// The sending end of a run whose files come out of a parcel: it answers what the receiving end
// wants, piece by piece. What is there of a file from an earlier run is thrown away, so that no
// piece has to be fetched for a comparison. docs/protocol.md, "Files: parcels". Network thread
// only; no I/O.
#pragma once

#include <deque>

#include "crypto/parcel.hpp"
#include "net/transfer/bulk_items.hpp"
#include "net/transfer/manifest.hpp"

namespace kith::net {

class ParcelUnpacker {
public:
    /// `before`: bytes of the parcel in front of the first file. `selected`: entries of the
    /// manifest that were agreed on, ascending.
    ParcelUnpacker(const Manifest& manifest, const std::vector<std::uint32_t>& selected,
                   std::uint64_t before);

    /// One whole payload of the receiving end. False: it does not keep to the protocol.
    [[nodiscard]] bool on_payload(ByteView payload);
    /// The piece it goes on with; nothing: none is needed, or the receiving end has not said what
    /// it wants.
    [[nodiscard]] std::optional<std::uint32_t> wanted() const;
    /// The plaintext of wanted().
    void on_piece(ByteView plaintext);
    /// Payloads for the receiving end, in order; at most what comes of one piece, and the files
    /// without contents in between.
    [[nodiscard]] std::deque<crypto::Bytes>& out() { return out_; }

private:
    struct File {
        std::uint32_t entry = 0;
        std::uint64_t at = 0;  ///< in the parcel
        std::uint64_t size = 0;
        bool wanted = false;
        bool begun_before = false;
    };
    [[nodiscard]] File* find(std::uint32_t entry);
    bool take(const bulk::Item& item);
    /// Says what can be said without a further piece.
    void go_on();
    void say(const bulk::Item& item);
    void say_data(ByteView bytes);
    void flush();

    std::vector<File> files_;
    std::size_t next_ = 0;  ///< of files_
    bool started_ = false, all_sent_ = false;
    bool open_ = false;
    std::uint64_t at_ = 0;  ///< in the parcel, of what comes next
    crypto::Bytes payload_;
    std::size_t used_ = 0;
    std::deque<crypto::Bytes> out_;
};

}  // namespace kith::net
