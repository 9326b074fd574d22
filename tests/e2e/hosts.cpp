// SPDX-License-Identifier: MIT
#include "tests/e2e/hosts.hpp"

#include <stdexcept>

using kith::test::Namespace;

namespace kith::e2e {
namespace {

/// As in a router that is bought: nobody comes in who was not asked.
const char* const translation =
    "add table ip router;"
    "add chain ip router out { type nat hook postrouting priority 100; };"
    "add rule ip router out oifname cable masquerade;"
    "add chain ip router through { type filter hook forward priority 0; policy drop; };"
    "add rule ip router through iifname inner accept;"
    "add rule ip router through ct state established,related accept";

/// This machine cannot, or not yet; thrown while a network is built.
void need(bool done, const std::string& what) {
    if (!done) throw std::runtime_error("this machine does not allow, or have, " + what);
}

void need_all(const Namespace& where, const std::vector<std::vector<std::string>>& commands) {
    for (const auto& command : commands) {
        std::string words = "ip";
        for (const auto& word : command) words += " " + word;
        need(where.run(command), words);
    }
}

std::unique_ptr<Namespace> made(const std::string& name) {
    auto space = std::make_unique<Namespace>(name);
    need(space->usable(), "network namespaces (ip netns add)");
    return space;
}

}  // namespace

Hosts::Hosts(const std::vector<std::string>& on_segment,
             const std::vector<std::string>& behind_routers) {
    try {
        build(on_segment, behind_routers);
    } catch (const std::runtime_error& missing) {
        problem_ = missing.what();
    }
}

void Hosts::build(const std::vector<std::string>& on_segment,
                  const std::vector<std::string>& behind_routers) {
    bridge_ = made("bridge");
    need_all(*bridge_, {{"link", "add", "segment", "type", "bridge"},
                        {"link", "set", "segment", "addrgenmode", "none"},
                        {"link", "set", "segment", "up"}});
    for (const auto& name : on_segment) {
        hosts_[name] = made(name);
        join_segment(name, *hosts_[name]);
    }
    for (const auto& name : behind_routers) put_behind_router(name);
}

void Hosts::join_segment(const std::string& name, const Namespace& who) {
    addresses_[name] = "192.168.77." + std::to_string(11 + addresses_.size());
    need_all(*bridge_, {{"link", "add", "dev", name, "type", "veth", "peer", "name", "cable",
                         "netns", who.name()},
                        // It listens and says nothing of its own.
                        {"link", "set", "dev", name, "addrgenmode", "none"},
                        {"link", "set", "dev", name, "master", "segment"},
                        {"link", "set", "dev", name, "up"}});
    need_all(who, {{"address", "add", addresses_[name] + "/24", "brd", "+", "dev", "cable"},
                   {"link", "set", "cable", "up"}});
}

void Hosts::put_behind_router(const std::string& name) {
    const auto& router = *(routers_[name] = made(name + "-r"));
    const auto& host = *(hosts_[name] = made(name));
    join_segment(name, router);
    need_all(router, {{"link", "add", "inner", "type", "veth", "peer", "name", "cable", "netns",
                       host.name()},
                      {"address", "add", "10.77.0.1/24", "brd", "+", "dev", "inner"},
                      {"link", "set", "inner", "up"}});
    need_all(host, {{"address", "add", "10.77.0.2/24", "brd", "+", "dev", "cable"},
                    {"link", "set", "cable", "up"},
                    {"route", "add", "default", "via", "10.77.0.1"}});
    const auto rules = run("/bin/sh", {"-c", "ip netns exec " + router.name() +
                                                 " sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward "
                                                 "&& nft \"" +
                                                 translation + "\"'"});
    need(rules.code == 0, "nftables: " + rules.err);
}

std::string Hosts::address(const std::string& host) const { return addresses_.at(host); }

void Hosts::set_port(const std::string& host, Cut how, bool open) const {
    std::vector<std::string> command{"link", "set", "dev", host};
    if (how == Cut::cable) {
        command.emplace_back(open ? "up" : "down");
    } else if (open) {
        command.insert(command.end(), {"master", "segment"});
    } else {
        command.emplace_back("nomaster");
    }
    if (!bridge_->run(command)) throw std::runtime_error("cannot change the cable of " + host);
}

void Hosts::cut(const std::string& host, Cut how) const { set_port(host, how, false); }
void Hosts::restore(const std::string& host, Cut how) const { set_port(host, how, true); }

Apart::Apart(const std::string& left, const std::string& right) {
    try {
        build({left, right});
    } catch (const std::runtime_error& missing) {
        problem_ = missing.what();
    }
}

void Apart::build(const std::vector<std::string>& names) {
    middle_ = made("middle");
    need_all(*middle_, {{"address", "add", std::string(middle_address) + "/32", "dev", "lo"}});
    for (const auto& name : names) {
        const auto& host = *(hosts_[name] = made(name));
        const std::string net = "10.77." + std::to_string(hosts_.size()) + ".";
        need_all(*middle_, {{"link", "add", "dev", name, "type", "veth", "peer", "name", "cable",
                             "netns", host.name()},
                            {"address", "add", net + "1/24", "brd", "+", "dev", name},
                            {"link", "set", "dev", name, "up"}});
        need_all(host, {{"address", "add", net + "2/24", "brd", "+", "dev", "cable"},
                        {"link", "set", "cable", "up"},
                        {"route", "add", "default", "via", net + "1"}});
    }
}

Instance::Options at(const Namespace& host, const std::string& name) {
    Instance::Options options;
    options.name = name;
    options.network = host.name();
    return options;
}

}  // namespace kith::e2e
