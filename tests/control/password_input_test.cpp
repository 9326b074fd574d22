// SPDX-License-Identifier: MIT
#include "app/control/password_input.hpp"

#include <pty.h>
#include <termios.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <semaphore>
#include <thread>

#include "app/model/types.hpp"

using namespace kith;
using namespace kith::control;

namespace {

/// Counts the prompts on standard error: each ends in a colon.
class Prompts final : public std::streambuf {
public:
    Prompts() : before_(std::cerr.rdbuf(this)) {}
    ~Prompts() override { std::cerr.rdbuf(before_); }
    void wait_for_one() { shown_.acquire(); }

protected:
    int_type overflow(int_type c) override {
        if (c == ':') shown_.release();
        return 0;
    }
    std::streamsize xsputn(const char* text, std::streamsize size) override {
        for (std::streamsize i = 0; i < size; ++i) overflow(text[i]);
        return size;
    }

private:
    std::streambuf* before_;
    std::counting_semaphore<> shown_{0};
};

/// Standard input is a terminal on which a line is typed after each prompt.
class Typist {
public:
    explicit Typist(std::vector<std::string> lines) : before_(::dup(STDIN_FILENO)) {
        REQUIRE(::openpty(&master_, &slave_, nullptr, nullptr, nullptr) == 0);
        REQUIRE(::dup2(slave_, STDIN_FILENO) == STDIN_FILENO);
        hand_ = std::thread([this, lines = std::move(lines)] { type(lines); });
    }
    ~Typist() {
        hand_.join();
        ::dup2(before_, STDIN_FILENO);
        for (const int file : {before_, master_, slave_}) ::close(file);
    }
    Typist(const Typist&) = delete;
    Typist& operator=(const Typist&) = delete;

    [[nodiscard]] bool echoes() const {
        termios state{};
        ::tcgetattr(slave_, &state);
        return (state.c_lflag & ECHO) != 0;
    }
    /// Whether the terminal echoed when a line was typed.
    [[nodiscard]] bool showed_what_was_typed() const { return showed_; }

private:
    void type(const std::vector<std::string>& lines) {
        for (std::string line : lines) {
            prompts_.wait_for_one();
            showed_ = showed_ || echoes();
            line += '\n';
            if (::write(master_, line.data(), line.size()) < 0) std::abort();
        }
    }

    Prompts prompts_;
    int before_ = -1, master_ = -1, slave_ = -1;
    std::atomic<bool> showed_{false};
    std::thread hand_;
};

std::string file_with(const std::string& content) {
    const auto file = std::filesystem::temp_directory_path() /
                      ("kith-password-input-" + std::to_string(::getpid()));
    std::ofstream(file, std::ios::binary) << content;
    return file.string();
}

}  // namespace

TEST_CASE("the first line of a file is the password") {
    CHECK(read_password(file_with("correct horse\nsecond\n"), "", "") == "correct horse");
    CHECK(read_password(file_with("no newline"), "", "") == "no newline");
    CHECK(read_password(file_with(std::string(model::password_max, 'x') + "\n"), "", "") ==
          std::string(model::password_max, 'x'));
    CHECK_FALSE(read_password(file_with(std::string(model::password_max + 1, 'x')), "", ""));
    CHECK_FALSE(read_password(file_with("\nsecond"), "", ""));
    const auto file = file_with("");
    CHECK_FALSE(read_password(file, "", ""));
    std::filesystem::remove(file);
    const auto missing = read_password(file, "", "");
    REQUIRE_FALSE(missing);
    CHECK(missing.error().find(file) != std::string::npos);
    CHECK(read_new_password(file_with("new\n"), "", "") == "new");
    std::filesystem::remove(file);
}

TEST_CASE("without a terminal the option for a file is named") {
    const int before = ::dup(STDIN_FILENO);
    REQUIRE(::freopen("/dev/null", "r", stdin) != nullptr);
    const auto asked = read_password(std::nullopt, "Password: ", "--some-file");
    ::dup2(before, STDIN_FILENO);
    ::close(before);
    REQUIRE_FALSE(asked);
    CHECK(asked.error().find("--some-file") != std::string::npos);
}

TEST_CASE("a password is typed without echo, and echo comes back") {
    const Typist typist({"typed words"});
    CHECK(read_password(std::nullopt, "Password:", "") == "typed words");
    CHECK_FALSE(typist.showed_what_was_typed());
    CHECK(typist.echoes());
}

TEST_CASE("a new password is typed twice") {
    const auto typed = [](std::vector<std::string> lines) {
        const Typist typist(std::move(lines));
        return read_new_password(std::nullopt, "Password:", "");
    };
    CHECK(typed({"one", "one"}) == "one");
    CHECK(typed({"one", "two", "three", "three"}) == "three");
    CHECK_FALSE(typed({"a", "b", "c", "d", "e", "f"}));
    CHECK_FALSE(typed({""}));
}
