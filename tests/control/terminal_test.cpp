// SPDX-License-Identifier: MIT
#include "app/control/terminal.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <catch2/catch_test_macros.hpp>
#include <string_view>

TEST_CASE("Ctrl+C leaves a note and ends the process as it always does") {
    std::array<int, 2> ends{};
    REQUIRE(::pipe(ends.data()) == 0);
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        ::signal(SIGINT, SIG_DFL);
        ::dup2(ends[1], STDERR_FILENO);
        const kith::control::NoteOnInterrupt note("it goes on");
        ::raise(SIGINT);
        ::_exit(7);
    }
    ::close(ends[1]);
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(WIFSIGNALED(status));
    CHECK(WTERMSIG(status) == SIGINT);
    std::array<char, 64> text{};
    const auto size = ::read(ends[0], text.data(), text.size());
    ::close(ends[0]);
    REQUIRE(size > 0);
    CHECK(std::string_view(text.data(), static_cast<std::size_t>(size)) == "it goes on");
}
