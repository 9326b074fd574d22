// SPDX-License-Identifier: MIT
#include "tests/bench/yardsticks.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <stdexcept>
#include <thread>

#include "crypto/oaep_kem.hpp"
#include "tests/bench/tcp_pair.hpp"

namespace kith::bench {

double rsa_rate(const crypto::Identity& identity, crypto::RandomSource& random) {
    const auto key = crypto::oaep_kem::Decapsulator::from_keys(identity.keys());
    const auto sealed = crypto::oaep_kem::encapsulate(identity.bundle(), random);
    if (!key || !sealed) throw std::runtime_error("no key");
    constexpr int count = 200;
    const auto start = Clock::now();
    for (int i = 0; i < count; ++i) {
        if (key->decapsulate(sealed->ciphertext, random).empty())
            throw std::runtime_error("no secret");
    }
    return count / Seconds(Clock::now() - start).count();
}

std::vector<Seconds> tcp_echo(std::size_t size, int count) {
    const TcpPair pair;
    std::thread echo([&] {
        for (int i = 0; i < count; ++i) send_frame(pair.far_end(), receive_frame(pair.far_end()));
    });
    const crypto::Bytes frame(size);
    std::vector<Seconds> samples;
    for (int i = 0; i < count; ++i) {
        const auto start = Clock::now();
        send_frame(pair.near_end(), frame);
        (void)receive_frame(pair.near_end());
        samples.emplace_back(Clock::now() - start);
    }
    echo.join();
    return samples;
}

std::vector<Seconds> file_sync(const std::filesystem::path& folder, std::size_t size, int count) {
    const auto path = folder / "yardstick";
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    const std::string bytes(size, 'x');
    std::vector<Seconds> samples;
    for (int i = 0; i < count; ++i) {
        const auto start = Clock::now();
        if (::write(file, bytes.data(), bytes.size()) < 0 || ::fdatasync(file) != 0) {
            throw std::runtime_error("cannot write " + path.string());
        }
        samples.emplace_back(Clock::now() - start);
    }
    ::close(file);
    std::filesystem::remove(path);
    return samples;
}

}  // namespace kith::bench
