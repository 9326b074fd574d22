// SPDX-License-Identifier: MIT
#include "gui/picture_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <memory>

namespace kith::gui {
namespace {

// The decoder's memory, counted: a file of some kilobytes can claim to unpack to gigabytes.
thread_local std::size_t in_use = 0;

constexpr std::size_t header = alignof(std::max_align_t);

void* take(std::size_t size) {
    if (size > picture_memory_max || in_use + size > picture_memory_max) return nullptr;
    auto* block = static_cast<std::byte*>(std::malloc(size + header));
    if (!block) return nullptr;
    std::memcpy(block, &size, sizeof size);
    in_use += size;
    return block + header;
}

void give_back(void* memory) {
    if (!memory) return;
    auto* block = static_cast<std::byte*>(memory) - header;
    std::size_t size = 0;
    std::memcpy(&size, block, sizeof size);
    in_use -= size;
    std::free(block);
}

void* resize(void* memory, std::size_t size) {
    void* fresh = take(size);
    if (!fresh) return nullptr;
    if (memory) {
        std::size_t old_size = 0;
        std::memcpy(&old_size, static_cast<std::byte*>(memory) - header, sizeof old_size);
        std::memcpy(fresh, memory, std::min(old_size, size));
    }
    give_back(memory);
    return fresh;
}

}  // namespace
}  // namespace kith::gui

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wold-style-cast"
#pragma GCC diagnostic ignored "-Wcast-qual"
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wdouble-promotion"
#pragma GCC diagnostic ignored "-Wunused-function"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"
#pragma GCC diagnostic ignored "-Wimplicit-fallthrough"
#pragma GCC diagnostic ignored "-Wsign-compare"
#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_STATIC
#define STBI_NO_STDIO
#define STBI_NO_FAILURE_STRINGS
#define STBI_ONLY_PNG
#define STBI_ONLY_JPEG
#define STBI_ONLY_GIF
#define STBI_ONLY_BMP
#define STBI_MAX_DIMENSIONS (1 << 16)
#define STBI_MALLOC(size) kith::gui::take(size)
#define STBI_REALLOC(memory, size) kith::gui::resize(memory, size)
#define STBI_FREE(memory) kith::gui::give_back(memory)
#include <stb_image.h>
#pragma GCC diagnostic pop

namespace kith::gui {
namespace {

struct Descriptor {
    int number;
    explicit Descriptor(int n) : number(n) {}
    ~Descriptor() {
        if (number >= 0) ::close(number);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
};

std::optional<std::vector<std::uint8_t>> read_all(const std::string& path) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    struct stat status {};
    if (file.number < 0 || ::fstat(file.number, &status) != 0 || !S_ISREG(status.st_mode))
        return std::nullopt;
    if (status.st_size <= 0 || static_cast<std::uint64_t>(status.st_size) > picture_file_max)
        return std::nullopt;
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(status.st_size));
    std::size_t have = 0;
    while (have < bytes.size()) {
        const ssize_t got = ::read(file.number, bytes.data() + have, bytes.size() - have);
        if (got <= 0) return std::nullopt;
        have += static_cast<std::size_t>(got);
    }
    return bytes;
}

/// Gives the decoder the file in small pieces. A file of some kilobytes can name thousands of scans
/// over all of its pixels, or have a table walked again and again: whoever gives up lets it end
/// here.
struct Feed {
    std::span<const std::uint8_t> left;
    const GiveUp& give_up;
    bool given_up = false;

    int read(char* into, int size) {
        given_up = given_up || (give_up && give_up());
        const auto count = given_up ? 0 : std::min(left.size(), static_cast<std::size_t>(size));
        if (count > 0) std::memcpy(into, left.data(), count);
        left = left.subspan(count);
        return static_cast<int>(count);
    }
    void skip(int size) {
        if (size > 0) left = left.subspan(std::min(left.size(), static_cast<std::size_t>(size)));
    }
    static Feed& of(void* user) { return *static_cast<Feed*>(user); }
    static constexpr stbi_io_callbacks calls{
        [](void* user, char* into, int size) { return of(user).read(into, size); },
        [](void* user, int size) { of(user).skip(size); },
        [](void* user) { return of(user).given_up || of(user).left.empty() ? 1 : 0; }};
};

// The mean of one square of the source, weighted by how opaque its pixels are.
void average(const Pixels& from, int left, int top, int right, int bottom, std::uint8_t* out) {
    std::uint64_t sum[4] = {};
    for (int y = top; y < bottom; ++y)
        for (int x = left; x < right; ++x) {
            const auto* pixel =
                &from.rgba[(static_cast<std::size_t>(y) * static_cast<std::size_t>(from.width) +
                            static_cast<std::size_t>(x)) *
                           4];
            for (int c = 0; c < 3; ++c) sum[c] += std::uint64_t{pixel[c]} * pixel[3];
            sum[3] += pixel[3];
        }
    const auto count =
        static_cast<std::uint64_t>(right - left) * static_cast<std::uint64_t>(bottom - top);
    for (int c = 0; c < 3; ++c)
        out[c] = sum[3] > 0 ? static_cast<std::uint8_t>(sum[c] / sum[3]) : 0;
    out[3] = static_cast<std::uint8_t>(sum[3] / count);
}

}  // namespace

std::optional<Pixels> decode_picture(std::span<const std::uint8_t> file, const GiveUp& give_up) {
    if (file.size() > picture_file_max) return std::nullopt;
    const auto length = static_cast<int>(file.size());
    int width = 0, height = 0, channels = 0;
    if (!stbi_info_from_memory(file.data(), length, &width, &height, &channels))
        return std::nullopt;
    if (width <= 0 || height <= 0 ||
        static_cast<std::size_t>(width) * static_cast<std::size_t>(height) > picture_pixels_max)
        return std::nullopt;
    Feed feed{file, give_up};
    const std::unique_ptr<stbi_uc, void (*)(void*)> data(
        stbi_load_from_callbacks(&Feed::calls, &feed, &width, &height, &channels, 4),
        stbi_image_free);
    if (!data || feed.given_up) return std::nullopt;
    const auto bytes = static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4;
    return Pixels{width, height, {data.get(), data.get() + bytes}};
}

std::optional<Pixels> read_picture(const std::string& path, const GiveUp& give_up) {
    const auto bytes = read_all(path);
    if (!bytes) return std::nullopt;
    using Clock = std::chrono::steady_clock;
    const auto pixels = decode_picture(*bytes, [&give_up, until = Clock::now() + picture_time_max] {
        return Clock::now() >= until || (give_up && give_up());
    });
    if (!pixels) return std::nullopt;
    return shrink(*pixels, picture_side);
}

Pixels shrink(const Pixels& pixels, int side) {
    const int longest = std::max(pixels.width, pixels.height);
    if (longest <= side) return pixels;
    const auto scaled = [&](int length) {
        return std::max(1, static_cast<int>(std::int64_t{length} * side / longest));
    };
    Pixels small{scaled(pixels.width), scaled(pixels.height), {}};
    small.rgba.resize(static_cast<std::size_t>(small.width) *
                      static_cast<std::size_t>(small.height) * 4);
    const auto edge = [](int at, int of, int length) {
        return static_cast<int>(std::int64_t{at} * length / of);
    };
    for (int y = 0; y < small.height; ++y)
        for (int x = 0; x < small.width; ++x)
            average(
                pixels, edge(x, small.width, pixels.width), edge(y, small.height, pixels.height),
                std::max(edge(x, small.width, pixels.width) + 1,
                         edge(x + 1, small.width, pixels.width)),
                std::max(edge(y, small.height, pixels.height) + 1,
                         edge(y + 1, small.height, pixels.height)),
                &small.rgba[(static_cast<std::size_t>(y) * static_cast<std::size_t>(small.width) +
                             static_cast<std::size_t>(x)) *
                            4]);
    return small;
}

}  // namespace kith::gui
