// SPDX-License-Identifier: MIT
#include "crypto/parcel.hpp"

#include <catch2/catch_test_macros.hpp>
#include <set>

using namespace kith;
using namespace kith::crypto;

namespace {

Parcel a_parcel(std::uint64_t size) {
    Parcel parcel;
    parcel.key.fill(7);
    parcel.transfer.fill(9);
    parcel.size = size;
    return parcel;
}

}  // namespace

TEST_CASE("parcel: pieces open again, and only as what they are") {
    const Parcel parcel = a_parcel(2 * parcel_piece + 5);
    REQUIRE(parcel.pieces() == 3);
    CHECK(parcel.size_of(1) == parcel_piece);
    CHECK(parcel.size_of(2) == 5);
    CHECK(parcel.size_of(3) == 0);
    const Bytes last{1, 2, 3, 4, 5};
    const Bytes sealed = seal_piece(parcel, 2, last);
    CHECK(sealed.size() == parcel_block + 16);  // its size is not seen
    const auto opened = open_piece(parcel, 2, sealed);
    REQUIRE(opened);
    CHECK(Bytes(opened->begin(), opened->end()) == last);

    CHECK_FALSE(open_piece(parcel, 1, sealed));
    CHECK_FALSE(open_piece(parcel, 3, sealed));
    for (auto change : {0, 1, 2}) {
        Parcel other = parcel;
        if (change == 0) other.key[3] ^= 1;
        if (change == 1) other.transfer[3] ^= 1;
        if (change == 2) other.size += 1;
        CHECK_FALSE(open_piece(other, 2, sealed));
    }
    for (std::size_t at = 0; at < sealed.size(); at += 997) {
        Bytes changed = sealed;
        changed[at] ^= 1;
        CHECK_FALSE(open_piece(parcel, 2, changed));
    }
    CHECK_FALSE(open_piece(parcel, 2, {}));
    CHECK_FALSE(open_piece(parcel, 2, ByteView(sealed).first(sealed.size() - 1)));
}

TEST_CASE("parcel: ids differ, and say nothing to who has no key") {
    std::set<std::array<std::uint8_t, 16>> ids;
    Parcel other = a_parcel(1 << 20);
    other.key[0] ^= 1;
    for (std::uint32_t i = 0; i < 100; ++i) {
        ids.insert(parcel_id(a_parcel(1 << 20), i));
        ids.insert(parcel_id(other, i));
    }
    CHECK(ids.size() == 200);
    CHECK(parcel_id(a_parcel(1), 5) == parcel_id(a_parcel(2), 5));
}
