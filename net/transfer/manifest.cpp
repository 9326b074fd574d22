// SPDX-License-Identifier: MIT
//
// version (1) || count (u32) || entries: flags (1) || path length (u16) || path || size (u64) ||
// modified (i64), integers big-endian. Folders have neither size nor time: flags, length, path.
#include "net/transfer/manifest.hpp"

#include <algorithm>
#include <limits>
#include <unordered_map>

#include "net/utf8.hpp"

namespace kith::net {
namespace {

constexpr std::uint8_t version = 1;
constexpr std::uint8_t flag_folder = 1;
constexpr std::uint8_t flag_executable = 2;
constexpr std::size_t folder_size_min = 4;  // flags, length, one byte of path
constexpr std::uint64_t bytes_max = std::numeric_limits<std::int64_t>::max();
constexpr std::size_t title_max = 255;

template <typename Integer>
void put(Bytes& out, Integer value) {
    for (std::size_t i = sizeof value; i-- > 0;)
        out.push_back(static_cast<std::uint8_t>(static_cast<std::uint64_t>(value) >> (8 * i)));
}

/// Takes from the front; `failed` from the first thing that is not there.
class Taker {
public:
    explicit Taker(ByteView bytes) : left_(bytes) {}
    template <typename Integer>
    Integer integer() {
        std::uint64_t value = 0;
        for (const auto byte : raw(sizeof(Integer))) value = value << 8 | byte;
        return static_cast<Integer>(value);
    }
    ByteView raw(std::size_t size) {
        if (size > left_.size()) failed_ = true;
        if (failed_) return {};
        const auto taken = left_.first(size);
        left_ = left_.subspan(size);
        return taken;
    }
    [[nodiscard]] bool failed() const noexcept { return failed_; }
    [[nodiscard]] std::size_t left() const noexcept { return left_.size(); }

private:
    ByteView left_;
    bool failed_ = false;
};

bool good_name(std::string_view name) {
    return !name.empty() && name.size() <= manifest_name_max && name != "." && name != "..";
}

/// What is wrong with a path by itself; nothing if it is fine.
const char* path_problem(std::string_view path) {
    if (path.empty() || path.size() > manifest_path_max) return "a path is empty or too long";
    if (path.find('\0') != std::string_view::npos) return "a path holds a zero byte";
    if (!valid_utf8(path)) return "a path is not UTF-8";
    std::size_t depth = 0;
    for (std::size_t begin = 0; begin <= path.size();) {
        const auto end = std::min(path.find('/', begin), path.size());
        if (!good_name(path.substr(begin, end - begin))) return "a path holds a name that is none";
        if (++depth > manifest_depth_max) return "a path is too deep";
        begin = end + 1;
    }
    return nullptr;
}

/// Checks one entry after the other against those before it.
class Checker {
public:
    /// `entry` outlives the checker.
    const char* check(const ManifestEntry& entry) {
        if (const char* problem = path_problem(entry.path)) return problem;
        if (!seen_.emplace(entry.path, entry.folder).second) return "a path comes twice";
        const auto slash = entry.path.rfind('/');
        if (slash != std::string::npos) {
            const auto parent = seen_.find(std::string_view(entry.path).substr(0, slash));
            if (parent == seen_.end()) return "a path stands before its folder";
            if (!parent->second) return "a file is used as a folder";
        }
        if (entry.folder) return nullptr;
        if (entry.size > bytes_max - bytes_) return "the sizes are too large";
        bytes_ += entry.size;
        return nullptr;
    }

private:
    std::unordered_map<std::string_view, bool> seen_;  // whether it is a folder
    std::uint64_t bytes_ = 0;
};

ManifestEntry take_entry(Taker& from, const char*& problem) {
    ManifestEntry entry;
    const auto flags = from.integer<std::uint8_t>();
    const auto path = from.raw(from.integer<std::uint16_t>());
    entry.path.assign(path.begin(), path.end());
    entry.folder = (flags & flag_folder) != 0;
    entry.executable = (flags & flag_executable) != 0;
    if (flags > (flag_folder | flag_executable) || (entry.folder && entry.executable))
        problem = "an entry of an unknown kind";
    if (entry.folder) return entry;
    entry.size = from.integer<std::uint64_t>();
    entry.modified_ms = from.integer<std::int64_t>();
    return entry;
}

std::string_view first_name(std::string_view path) { return path.substr(0, path.find('/')); }

std::string cut(std::string text, std::size_t max) {
    if (text.size() <= max) return text;
    while (max > 0 && (static_cast<unsigned char>(text[max]) & 0xC0) == 0x80) --max;
    text.resize(max);
    return text;
}

}  // namespace

std::uint32_t Manifest::files() const {
    return static_cast<std::uint32_t>(std::count_if(
        entries.begin(), entries.end(), [](const auto& entry) { return !entry.folder; }));
}

std::uint64_t Manifest::bytes() const {
    std::uint64_t sum = 0;
    for (const auto& entry : entries) sum += std::min(entry.size, bytes_max - sum);
    return sum;
}

std::string Manifest::title() const {
    if (entries.empty()) return {};
    const auto top_level = std::count_if(entries.begin(), entries.end(), [](const auto& entry) {
        return entry.path.find('/') == std::string::npos;
    });
    const std::string more =
        top_level > 1 ? " and " + std::to_string(top_level - 1) + " more" : std::string();
    return cut(std::string(first_name(entries.front().path)), title_max - more.size()) + more;
}

Bytes encode(const Manifest& manifest) {
    Bytes out{version};
    put(out, static_cast<std::uint32_t>(manifest.entries.size()));
    for (const auto& entry : manifest.entries) {
        out.push_back(static_cast<std::uint8_t>((entry.folder ? flag_folder : 0) |
                                                (entry.executable ? flag_executable : 0)));
        put(out, static_cast<std::uint16_t>(entry.path.size()));
        out.insert(out.end(), entry.path.begin(), entry.path.end());
        if (entry.folder) continue;
        put(out, entry.size);
        put(out, entry.modified_ms);
    }
    return out;
}

tl::expected<Manifest, std::string> decode_manifest(ByteView encoded) {
    if (encoded.size() > manifest_bytes_max) return tl::unexpected<std::string>("it is too large");
    Taker from(encoded);
    if (from.integer<std::uint8_t>() != version)
        return tl::unexpected<std::string>("unknown version");
    const std::size_t count = from.integer<std::uint32_t>();
    if (from.failed() || count == 0 || count > manifest_entries_max ||
        count > from.left() / folder_size_min)
        return tl::unexpected<std::string>("it cannot hold as many entries as it says");
    Manifest manifest;
    manifest.entries.reserve(count);  // so that the checker's views stay valid
    Checker checker;
    for (std::size_t i = 0; i < count; ++i) {
        const char* problem = nullptr;
        manifest.entries.push_back(take_entry(from, problem));
        if (from.failed()) return tl::unexpected<std::string>("it ends too early");
        if (problem == nullptr) problem = checker.check(manifest.entries.back());
        if (problem != nullptr) return tl::unexpected<std::string>(problem);
    }
    if (from.left() != 0) return tl::unexpected<std::string>("something follows the last entry");
    return manifest;
}

crypto::Digest256 manifest_hash(ByteView encoded) { return crypto::sha256({encoded}); }

}  // namespace kith::net
