// SPDX-License-Identifier: MIT
//
// What ReceivedFiles knows, for the parts it is made of: opening and going on, writing, committing.
#pragma once

#include <set>
#include <unordered_map>

#include "app/files/incoming_file.hpp"
#include "app/files/journal.hpp"
#include "app/files/places.hpp"
#include "app/files/received_files.hpp"
#include "app/files/write_behind.hpp"

namespace kith::files {

/// So many stay open between close() and commit(), and are flushed one by one; if there are more,
/// the whole disk is.
inline constexpr std::size_t waiting_open_max = 16;
/// Files of so many bytes are written beside the cipher; for smaller ones it would not pay.
inline constexpr std::uint64_t behind_from = 4 << 20;

struct ReceivedFiles::State {
    enum class Step : std::uint8_t {
        wanted,
        closed,  // in `waiting`
        named,   // in `unrecorded`
        done,
    };
    struct Entry {
        std::uint64_t durable = 0;
        std::uint32_t number = 0;  // its name's, from `named` on
        Step step = Step::wanted;
        bool selected = false;
        bool recorded = false;  // the journal says something of its .part file
    };

    State(const net::Manifest& manifest_in, const Landing& landing, Places places_in,
          std::string tag_in, Descriptor root_in, Journal journal_in, const FileCalls& calls_in)
        : manifest(manifest_in),
          calls(calls_in),
          destination(landing.folder),
          tag(std::move(tag_in)),
          places(std::move(places_in)),
          root(std::move(root_in)),
          folders(calls, root.get()),
          journal(std::move(journal_in)),
          entries(manifest.entries.size()) {}

    /// What the journal says, held against the disk.
    void restore(const std::vector<Journal::Record>& records);
    void make_folders();
    std::vector<Progress> commit();

    /// The folder an entry lies in, made if need be. -errno.
    int folder_of(std::uint32_t entry);
    [[nodiscard]] std::string part_name(std::uint32_t entry) const {
        return places.part_name(entry, tag);
    }
    /// A new .part file; one that was left there is removed. -errno.
    int create(IncomingFile& file);
    /// Bytes of the current file. -errno, perhaps of an earlier call; then `written` says what is
    /// there of it.
    int append_current(net::ByteView bytes);
    /// Nothing of the current file is on its way to it any more. -errno of the first that failed.
    int settle_current();
    /// What was left open waits for the next commit(), too.
    void set_aside();
    /// The journal says so first: bytes that come later are not those it has spoken of.
    net::FileResult<void> forget_progress(std::uint32_t entry);
    [[nodiscard]] std::vector<Journal::Record> live_records() const;
    [[nodiscard]] tl::unexpected<net::FileError> problem(net::FileProblem what, std::uint32_t entry,
                                                         const std::string& text) const {
        return tl::unexpected(net::FileError{what, places.path(entry) + " " + text});
    }

    const net::Manifest& manifest;
    const FileCalls& calls;
    const std::string destination;
    const std::string tag;
    const Places places;
    const Descriptor root;
    OpenFolders folders;
    Journal journal;
    std::vector<Entry> entries;  // of the manifest's
    std::optional<IncomingFile> current{};
    std::vector<IncomingFile> waiting{};
    std::vector<std::uint32_t> unrecorded{};  // files and folders
    std::set<std::string> touched{};          // folders with names that may not survive a power cut
    /// The last that was, in a folder, by numbering_of().
    std::unordered_map<std::string, std::uint32_t> numbers_tried{};
    std::vector<net::FileError> missing_folders{};
    std::unique_ptr<WriteBehind> behind{};  ///< last: it writes to the files above
};

}  // namespace kith::files
