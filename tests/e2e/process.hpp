// SPDX-License-Identifier: MIT
//
// A program under test: started with a pipe on its standard output, its standard error in a file.
// Failures are std::runtime_error, so that tests and benchmarks share it.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace kith::e2e {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
inline constexpr auto patience = 60s;  ///< for one thing to happen on a loaded machine

class Process {
public:
    Process(const std::string& program, const std::vector<std::string>& arguments,
            const std::filesystem::path& errors);
    ~Process();  ///< kills
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    /// The next line of standard output; none at its end.
    std::optional<std::string> read_line(Clock::duration timeout = patience);
    void signal(int number) const;
    /// Exit code, or 128 + signal number. Throws when it does not end in time.
    int wait(Clock::duration timeout = patience);
    [[nodiscard]] pid_t pid() const { return pid_; }
    [[nodiscard]] std::string errors() const;

private:
    pid_t pid_ = -1;
    int output_ = -1;
    std::string buffer_;
    std::optional<int> code_;
    std::filesystem::path errors_;
};

/// `network`: the network namespace it runs in; empty: the one of the test. Its files are the same.
[[nodiscard]] std::unique_ptr<Process> started(const std::string& network,
                                               const std::string& program,
                                               const std::vector<std::string>& arguments,
                                               const std::filesystem::path& errors);

/// What a program that ends by itself left behind.
struct Finished {
    int code = 0;
    std::string out, err;
};
Finished run(const std::string& program, const std::vector<std::string>& arguments,
             Clock::duration timeout = patience);

/// A folder below the system's temporary one, or `in`, removed at the end.
class TemporaryFolder {
public:
    TemporaryFolder() : TemporaryFolder(std::filesystem::temp_directory_path()) {}
    explicit TemporaryFolder(const std::filesystem::path& in);
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

}  // namespace kith::e2e
