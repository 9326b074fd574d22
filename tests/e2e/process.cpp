// SPDX-License-Identifier: MIT
#include "tests/e2e/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace kith::e2e {
namespace {

int milliseconds_until(Clock::time_point deadline) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
    return static_cast<int>(std::max<decltype(left)>(left, 0));
}

/// In the child, between fork and exec: only async-signal-safe calls.
[[noreturn]] void become(char* const* argv, int output, const char* errors) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // a test that crashes leaves nothing running
    const int error_file = ::open(errors, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (::dup2(nothing, 0) < 0 || ::dup2(output, 1) < 0 || ::dup2(error_file, 2) < 0) ::_exit(126);
    ::execv(argv[0], argv);
    ::_exit(127);
}

std::string contents(const std::filesystem::path& file) {
    std::ostringstream text;
    text << std::ifstream(file, std::ios::binary).rdbuf();
    return text.str();
}

}  // namespace

Process::Process(const std::string& program, const std::vector<std::string>& arguments,
                 const std::filesystem::path& errors)
    : errors_(errors) {
    std::vector<std::string> words{program};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv;
    argv.reserve(words.size() + 1);
    for (auto& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    pid_ = ::fork();
    if (pid_ == 0) become(argv.data(), pipe[1], errors_.c_str());
    ::close(pipe[1]);
    output_ = pipe[0];
    if (pid_ < 0) throw std::runtime_error("no process");
}

Process::~Process() {
    if (!code_) {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
    ::close(output_);
}

std::optional<std::string> Process::read_line(Clock::duration timeout) {
    const auto deadline = Clock::now() + timeout;
    for (;;) {
        if (const auto end = buffer_.find('\n'); end != std::string::npos) {
            std::string line = buffer_.substr(0, end);
            buffer_.erase(0, end + 1);
            return line;
        }
        pollfd waiting{output_, POLLIN, 0};
        if (::poll(&waiting, 1, milliseconds_until(deadline)) == 0) {
            throw std::runtime_error("no output in time; standard error: " + errors());
        }
        std::array<char, 4096> bytes{};
        const auto count = ::read(output_, bytes.data(), bytes.size());
        if (count <= 0) return std::nullopt;
        buffer_.append(bytes.data(), static_cast<std::size_t>(count));
    }
}

void Process::signal(int number) const {
    if (!code_) ::kill(pid_, number);
}

int Process::wait(Clock::duration timeout) {
    if (code_) return *code_;
    const auto deadline = Clock::now() + timeout;
    // A pidfd becomes readable when its process ends.
    const int watch = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
    pollfd waiting{watch, POLLIN, 0};
    const int ready = ::poll(&waiting, 1, milliseconds_until(deadline));
    ::close(watch);
    if (ready != 1)
        throw std::runtime_error("the process does not end; standard error: " + errors());
    int status = 0;
    ::waitpid(pid_, &status, 0);
    code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return *code_;
}

std::string Process::errors() const { return contents(errors_); }

std::unique_ptr<Process> started(const std::string& network, const std::string& program,
                                 const std::vector<std::string>& arguments,
                                 const std::filesystem::path& errors) {
    if (network.empty()) return std::make_unique<Process>(program, arguments, errors);
    // Each of these becomes the next one: the process that is known is the program itself.
    std::vector<std::string> words{"ip", "netns", "exec", network, program};
    words.insert(words.end(), arguments.begin(), arguments.end());
    return std::make_unique<Process>("/usr/bin/env", words, errors);
}

Finished run(const std::string& program, const std::vector<std::string>& arguments,
             Clock::duration timeout) {
    const TemporaryFolder folder;
    Process process(program, arguments, folder.path() / "stderr");
    Finished finished;
    while (auto line = process.read_line(timeout)) finished.out += *line + "\n";
    finished.code = process.wait(timeout);
    finished.err = process.errors();
    return finished;
}

TemporaryFolder::TemporaryFolder(const std::filesystem::path& in) {
    std::string name = (in / "kith-e2e-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

}  // namespace kith::e2e
