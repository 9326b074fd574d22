// SPDX-License-Identifier: MIT
//
// People for tests of groups: an Ed25519 key each. Their RSA keys are all the same, as nobody uses
// them here and making one takes seconds.
#pragma once

#include <catch2/catch_test_macros.hpp>
#include <memory>

#include "net/group/change_log.hpp"
#include "net/group/envelope.hpp"
#include "tests/support/deterministic_random.hpp"
#include "tests/support/test_identities.hpp"

namespace kith::test {

using namespace net::group;

class Person {
public:
    explicit Person(std::uint8_t number) : number_(number) {
        std::array<std::uint8_t, 32> seed{};
        seed.fill(number);
        signing_ = std::make_unique<crypto::SigningKey>(seed);
        static const Bytes rsa = [] {
            const auto alice = test_identity("alice");
            const auto encoded = alice.bundle().encoded();
            return Bytes(encoded.begin(), encoded.end() - 32);
        }();
        record_.bundle = rsa;
        const auto key = signing_->public_key();
        record_.bundle.insert(record_.bundle.end(), key.begin(), key.end());
        record_.name = "p" + std::to_string(number);
        record_.card.door.fill(number);
        record_.card.candidates = {{crypto::CandidateKind::lan, {10, 0, 0, number}, 4711}};
        id_.bytes = crypto::sha256({record_.bundle});
    }

    [[nodiscard]] const Fingerprint& id() const { return id_; }
    [[nodiscard]] const MemberRecord& record() const { return record_; }
    [[nodiscard]] const crypto::SigningKey& signing() const { return *signing_; }
    [[nodiscard]] std::uint8_t number() const { return number_; }

private:
    std::uint8_t number_;
    std::unique_ptr<crypto::SigningKey> signing_;
    MemberRecord record_;
    Fingerprint id_;
};

/// A founder and changes on top, each naming its parents.
struct Changes {
    explicit Changes(const Person& founder) {
        Change change;
        change.author = founder.id();
        change.statement = Create{{1, 2, 3}, "friends", founder.record()};
        genesis = sign_change(change, founder.signing()).value();
    }
    [[nodiscard]] SignedChange by(const Person& author, Statement statement,
                                  std::vector<Hash> parents) const {
        std::ranges::sort(parents);
        Change change{genesis.hash, author.id(), ++time, std::move(parents), std::move(statement)};
        return sign_change(std::move(change), author.signing()).value();
    }
    SignedChange genesis;
    mutable std::int64_t time = 1'700'000'000'000;
};

}  // namespace kith::test
