// SPDX-License-Identifier: MIT
#include "tests/bench/yardsticks.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <stdexcept>
#include <thread>

#include "app/store/database.hpp"
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

std::vector<Seconds> store_commits(const std::filesystem::path& folder, int count) {
    const auto path = folder / "yardstick.db";
    const crypto::Bytes key(32, 7);
    auto database = store::Database::open(
        {path.string(), std::span<const std::uint8_t, 32>(key.data(), 32), true});
    if (!database) throw std::runtime_error(database.error().text);
    std::vector<Seconds> samples;
    for (int i = 0; i < count; ++i) {
        store::Message message;
        message.id.bytes[0] = static_cast<std::uint8_t>(i);
        message.id.bytes[1] = static_cast<std::uint8_t>(i >> 8);
        message.text = "message " + std::to_string(i);
        const auto start = Clock::now();
        if (!database->run(store::InsertIncoming{message})) throw std::runtime_error("no commit");
        samples.emplace_back(Clock::now() - start);
    }
    std::filesystem::remove(path);
    return samples;
}

}  // namespace kith::bench
