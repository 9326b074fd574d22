// SPDX-License-Identifier: MIT
#include "net/archive.hpp"

#include "net/utf8.hpp"

namespace kith::net {

crypto::ByteView WireReader::raw(std::size_t size) {
    if (size > left_.size()) {
        fail();
        return {};
    }
    const auto taken = left_.first(size);
    left_ = left_.subspan(size);
    return taken;
}

std::size_t WireReader::size(std::size_t max, std::size_t element_size) {
    std::uint32_t count = 0;
    integer(count);
    if (count <= max && count <= left_.size() / element_size) return count;
    fail();
    return 0;
}

void WireReader::fail() noexcept {
    failed_ = true;
    left_ = {};
}

void CEREAL_SAVE_FUNCTION_NAME(WireWriter& archive, const BoundedText& field) {
    if (field.value.size() > field.max || !valid_utf8(field.value)) return archive.fail();
    archive.size(field.value.size());
    archive.raw(crypto::view(field.value));
}

void CEREAL_LOAD_FUNCTION_NAME(WireReader& archive, BoundedText& field) {
    const auto bytes = archive.raw(archive.size(field.max, 1));
    field.value.assign(bytes.begin(), bytes.end());
    if (!valid_utf8(field.value)) archive.fail();
}

void CEREAL_SAVE_FUNCTION_NAME(WireWriter& archive, const BoundedTexts& field) {
    if (field.value.size() > field.max) return archive.fail();
    archive.size(field.value.size());
    for (auto& element : field.value) archive(text(element, field.text_max));
}

void CEREAL_LOAD_FUNCTION_NAME(WireReader& archive, BoundedTexts& field) {
    constexpr std::size_t text_size_min = 4;  // an empty one: its size
    field.value.resize(archive.size(field.max, text_size_min));
    for (auto& element : field.value) archive(text(element, field.text_max));
}

}  // namespace kith::net
