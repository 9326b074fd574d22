// SPDX-License-Identifier: MIT
#include "net/relay/decrypt_turns.hpp"

#include <algorithm>

namespace kith::net {

std::string network_of(ByteView address) {
    const auto prefix =
        address.first(std::min<std::size_t>(address.size(), address.size() == 16 ? 6 : 3));
    return {prefix.begin(), prefix.end()};
}

void DecryptTurns::ask(LinkId link, const SocketAddress& from, Bytes ciphertext) {
    auto network = network_of(from.address);
    Queue& queue = queues_[network];
    if (queue.empty()) turns_.push_back(network);
    queue.push_back({link, std::move(ciphertext)});
    networks_of_[link] = std::move(network);
    pass_on();
}

void DecryptTurns::on_decrypted() {
    if (on_lane_ > 0) --on_lane_;
    pass_on();
}

void DecryptTurns::on_gone(LinkId link) {
    const auto found = networks_of_.find(link);
    if (found == networks_of_.end()) return;
    const auto queue = queues_.find(found->second);
    std::erase_if(queue->second, [link](const Job& job) { return job.link == link; });
    if (queue->second.empty()) {
        turns_.remove(found->second);
        queues_.erase(queue);
    }
    networks_of_.erase(found);
}

void DecryptTurns::pass_on() {
    while (on_lane_ < at_once && !turns_.empty()) {
        const auto queue = queues_.find(turns_.front());
        const Job& job = queue->second.front();
        if (!lane_.submit(job.link, job.ciphertext, true)) return;
        ++on_lane_;
        networks_of_.erase(job.link);
        queue->second.pop_front();
        if (queue->second.empty())
            queues_.erase(queue);
        else
            turns_.push_back(turns_.front());
        turns_.pop_front();
    }
}

}  // namespace kith::net
