// SPDX-License-Identifier: MIT
//
// Machines for whole programs, each a network namespace: a bridge that joins those of one segment,
// hosts behind routers of their own that translate addresses, and hosts with something in between.
#pragma once

#include <map>

#include "tests/e2e/instance.hpp"
#include "tests/net/namespaces.hpp"

namespace kith::e2e {

enum class Cut {
    cable,  ///< the host sees that there is no carrier any more
    silent  ///< somewhere on the way everything is dropped; the host sees nothing of it
};

/// Hosts have addresses of 192.168.77.0/24 in the order they are named in; those behind a router
/// share none of it, their router has one instead.
class Hosts {
public:
    explicit Hosts(const std::vector<std::string>& on_segment,
                   const std::vector<std::string>& behind_routers = {});

    /// Why this machine does not allow it; empty: it does.
    [[nodiscard]] const std::string& problem() const { return problem_; }
    [[nodiscard]] const test::Namespace& at(const std::string& host) const {
        return *hosts_.at(host);
    }
    /// Of a host that is behind one: "cable" leads out, "inner" to the host.
    [[nodiscard]] const test::Namespace& router_of(const std::string& host) const {
        return *routers_.at(host);
    }
    /// Everything that is said on the segment comes through here: what a host (or its router) sends
    /// comes in by the interface of its name; the bridge itself is "segment".
    [[nodiscard]] const test::Namespace& bridge() const { return *bridge_; }
    /// On the segment; of a host behind a router that of its router.
    [[nodiscard]] std::string address(const std::string& host) const;

    /// The host, or its router, from the segment.
    void cut(const std::string& host, Cut how) const;
    void restore(const std::string& host, Cut how) const;

private:
    void build(const std::vector<std::string>& on_segment,
               const std::vector<std::string>& behind_routers);
    void join_segment(const std::string& name, const test::Namespace& who);
    void put_behind_router(const std::string& name);
    void set_port(const std::string& host, Cut how, bool open) const;

    std::string problem_;
    std::unique_ptr<test::Namespace> bridge_;
    std::map<std::string, std::unique_ptr<test::Namespace>> hosts_, routers_;
    std::map<std::string, std::string> addresses_;
};

/// Two hosts, each with a cable of its own into a machine in the middle, which passes nothing on:
/// they reach the middle, at the same address from both sides, and not each other.
class Apart {
public:
    Apart(const std::string& left, const std::string& right);

    [[nodiscard]] const std::string& problem() const { return problem_; }
    [[nodiscard]] const test::Namespace& at(const std::string& host) const {
        return *hosts_.at(host);
    }
    /// Its interfaces have the names of the hosts at the other ends.
    [[nodiscard]] const test::Namespace& middle() const { return *middle_; }
    static constexpr const char* middle_address = "192.0.2.1";

private:
    void build(const std::vector<std::string>& names);

    std::string problem_;
    std::unique_ptr<test::Namespace> middle_;
    std::map<std::string, std::unique_ptr<test::Namespace>> hosts_;
};

/// Of a person at this host.
[[nodiscard]] Instance::Options at(const test::Namespace& host, const std::string& name);

}  // namespace kith::e2e

/// Ends the test case, with the reason, where there are no such networks.
#define REQUIRE_HOSTS(hosts) \
    if (!(hosts).problem().empty()) SKIP((hosts).problem())
