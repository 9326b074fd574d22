// SPDX-License-Identifier: MIT
//
// An address and a port inside a message: u8 size, 4 or 16; address; u16 port, not 0. Included by
// message_codec.cpp and what it is made of; see there.
#pragma once

#include "net/archive.hpp"

namespace kith::net {

struct AddressField {
    crypto::Bytes& address;
    std::uint16_t& port;
    [[nodiscard]] bool good() const {
        return (address.size() == 4 || address.size() == 16) && port != 0;
    }
};
template <typename T>
AddressField address_field(T& message) {
    return {message.address, message.port};
}

inline void CEREAL_SAVE_FUNCTION_NAME(WireWriter& archive, const AddressField& field) {
    if (!field.good()) return archive.fail();
    archive.integer(static_cast<std::uint8_t>(field.address.size()));
    archive.raw(field.address);
    archive.integer(field.port);
}
inline void CEREAL_LOAD_FUNCTION_NAME(WireReader& archive, AddressField& field) {
    std::uint8_t size = 0;
    archive.integer(size);
    const auto address = archive.raw(size);
    archive.integer(field.port);
    field.address.assign(address.begin(), address.end());
    if (!field.good()) archive.fail();
}

}  // namespace kith::net
