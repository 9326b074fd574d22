// SPDX-License-Identifier: MIT
#include "net/bounded_queue.hpp"

#include <array>
#include <catch2/catch_test_macros.hpp>
#include <string>

using kith::net::BoundedQueue;

namespace {

struct Large {
    std::array<char, 4096> bytes{};
    std::string text;
};

}  // namespace

TEST_CASE("a bounded queue gives back what it took, in order, and no more than it holds") {
    const auto check = [](auto make) {
        using T = decltype(make(0));
        BoundedQueue<T> queue(4);
        for (int i = 0; i < 4; ++i) {
            T item = make(i);
            REQUIRE(queue.try_push(item));
        }
        T fifth = make(4);
        CHECK_FALSE(queue.try_push(fifth));
        CHECK(fifth.text == "4");  // untouched
        for (int i = 0; i < 4; ++i) {
            const auto item = queue.try_pop();
            REQUIRE(item);
            CHECK(item->text == std::to_string(i));
        }
        CHECK_FALSE(queue.try_pop());
        CHECK(queue.size() == 0);
    };
    struct Small {
        std::string text;
    };
    check([](int i) { return Small{std::to_string(i)}; });
    check([](int i) { return Large{{}, std::to_string(i)}; });
}
