// SPDX-License-Identifier: MIT
//
// What the store's tests share: folders that vanish, messages that are told apart, answers
// unpacked.
#pragma once

#include <array>
#include <filesystem>
#include <string>

#include "app/store/database.hpp"

namespace kith::store::test {

/// A fresh folder, removed with all it holds.
class TempFolder {
public:
    /// In `parent`, or the system's folder for temporary files.
    explicit TempFolder(const std::filesystem::path& parent = {});
    ~TempFolder();
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    [[nodiscard]] std::string file(const char* name = "history.db") const {
        return (path_ / name).string();
    }

private:
    std::filesystem::path path_;
};

using Key = std::array<std::uint8_t, 32>;
[[nodiscard]] Key key(std::uint8_t fill = 7);
[[nodiscard]] PeerId peer(std::uint8_t fill);
/// Ids rise with `number`, as those of UUIDv7 do.
[[nodiscard]] MessageId message_id(std::uint64_t number);
[[nodiscard]] Message message(const PeerId& peer, std::uint64_t number, std::string text = "hello");
[[nodiscard]] PeerRow peer_row(std::uint8_t fill);
/// Nobody has answered it.
[[nodiscard]] TransferRow offer(const PeerId& peer, std::uint64_t number, bool outgoing);
/// To the offer `transfer`, for the outbox.
[[nodiscard]] Outgoing answer(std::uint64_t number, const MessageId& transfer);

/// Throws what went wrong, which fails the test with its text.
[[nodiscard]] Database open(const std::string& file, const Key& with = key());
[[nodiscard]] Database in_memory();

[[noreturn]] void give_up(const Error& error);

/// The answer of the kind expected, or an exception.
template <typename Kind>
Kind get(Result result) {
    if (!result) give_up(result.error());
    return std::get<Kind>(std::move(*result));
}

/// The newest page of a conversation, and all that waits for a peer.
[[nodiscard]] std::vector<Message> newest(Database& database, const PeerId& with,
                                          std::size_t limit = 1000);
[[nodiscard]] std::vector<Outgoing> outbox(Database& database, const PeerId& to);
/// As a start of the program would find it.
[[nodiscard]] std::uint32_t unread(Database& database, const PeerId& with);

[[nodiscard]] std::string contents(const std::string& file);
void write_contents(const std::string& file, const std::string& bytes);

}  // namespace kith::store::test
