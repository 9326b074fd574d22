// SPDX-License-Identifier: MIT
#include "app/host/random_name.hpp"

namespace kith::host {
namespace {

constexpr const char* colours[] = {"Amber", "Azure",  "Coral",  "Copper", "Crimson", "Golden",
                                   "Hazel", "Indigo", "Ivory",  "Jade",   "Lilac",   "Olive",
                                   "Pearl", "Ruby",   "Silver", "Violet"};
constexpr const char* birds[] = {"Avocet", "Bittern", "Crane",  "Dipper", "Egret",  "Finch",
                                 "Heron",  "Kestrel", "Linnet", "Martin", "Oriole", "Plover",
                                 "Robin",  "Stork",   "Swift",  "Wren"};

}  // namespace

std::string random_name(crypto::RandomSource& random) {
    const auto bytes = random.array<2>();
    return std::string(colours[bytes[0] % std::size(colours)]) + " " +
           birds[bytes[1] % std::size(birds)];
}

}  // namespace kith::host
